"""Figures that can be worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from inference.evaluation.metrics import auc, equal_error_rate, macro_auc, micro_interval, weighted_auc


def scored(*pairs: tuple[float, int]) -> tuple[np.ndarray, np.ndarray]:
    return np.array([score for score, _ in pairs], np.float64), np.array([bool(label) for _, label in pairs])


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        pytest.param([(1, 0), (2, 0), (3, 1), (4, 1)], 1.0, id="perfect"),
        pytest.param([(4, 0), (3, 0), (2, 1), (1, 1)], 0.0, id="the-wrong-way-round"),
        pytest.param([(1, 0), (3, 0), (2, 1), (4, 1)], 0.75, id="one-pair-of-four-swapped"),
        pytest.param([(5, 0), (5, 1), (5, 0), (5, 1)], 0.5, id="all-tied"),
        pytest.param([(1, 0), (2, 0), (2, 1), (3, 1)], 0.875, id="one-pair-tied"),
        pytest.param([(1, 1), (2, 1)], None, id="one-kind-only"),
    ],
)
def test_the_area_is_the_share_of_pairs_in_the_right_order(
    pairs: list[tuple[float, int]], expected: float | None
) -> None:
    assert auc(*scored(*pairs)) == expected


def test_counted_values_give_the_same_area_as_single_ones() -> None:
    values = weighted_auc(np.array([0.0, 1.0, 1.0]), np.array([1.0, 3.0, 0.0]), np.array([4.0, 0.0, 2.0]))
    single = scored(*[(0, 1)], *[(1, 1)] * 3, *[(0, 0)] * 4, *[(1, 0)] * 2)
    assert values == pytest.approx(auc(*single))


def test_a_thousand_scores_give_the_area_of_their_distributions() -> None:
    random = np.random.default_rng(1)
    labels = np.arange(20_000) % 2 == 1
    scores = random.normal(0.0, 1.0, 20_000) + labels
    assert auc(scores, labels) == pytest.approx(0.760, abs=0.01)  # Phi(1 / sqrt(2))
    assert equal_error_rate(scores, labels) == pytest.approx(0.309, abs=0.01)  # Phi(-1 / 2)


def test_equal_error_rates_by_hand() -> None:
    assert equal_error_rate(*scored((1, 0), (2, 0), (3, 1), (4, 1))) == 0.0
    assert equal_error_rate(*scored((1, 0), (3, 0), (2, 1), (4, 1))) == 0.5
    assert equal_error_rate(*scored((5, 0), (5, 1))) == 0.5
    assert equal_error_rate(*scored((1, 1), (2, 1))) is None


def test_clips_of_one_kind_have_no_part_in_the_macro_mean() -> None:
    mixed, normal = scored((1, 0), (2, 1)), scored((9, 0), (9, 0))
    assert macro_auc([mixed[0], normal[0]], [mixed[1], normal[1]]) == 1.0
    assert macro_auc([normal[0]], [normal[1]]) is None


def test_the_interval_is_the_same_every_time_and_holds_the_area() -> None:
    random = np.random.default_rng(2)
    labels = [np.arange(100) % 3 == 0 for _ in range(8)]
    scores = [random.normal(0.0, 1.0, 100) + truth * random.uniform(0.0, 2.0) for truth in labels]
    interval = micro_interval(scores, labels)
    assert interval is not None
    assert interval == micro_interval(scores, labels)
    whole = auc(np.concatenate(scores), np.concatenate(labels))
    assert whole is not None
    assert interval[0] < whole < interval[1]
    assert micro_interval(scores[:1], labels[:1]) is None
