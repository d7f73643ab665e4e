"""The threshold that keeps a budget of false alarms."""

from __future__ import annotations

import numpy as np
import pytest

from inference.calibration import DAY, DAY_BLOCKS, FLOOR, PROVISIONAL_CEILING, Calibration
from inference.extremes import return_level


def fed(peaks: np.ndarray, budget: float = 2.0) -> Calibration:
    calibration = Calibration(budget)
    calibration.restore(peaks.astype(np.float32))
    return calibration


def test_without_history_the_floor_holds_and_is_provisional() -> None:
    calibration = Calibration(2.0)
    assert calibration.threshold == FLOOR
    assert calibration.provisional


def test_a_silent_scene_stays_at_the_floor_for_ever() -> None:
    calibration = fed(np.zeros(DAY_BLOCKS))
    assert calibration.threshold == FLOOR
    assert not calibration.provisional


def test_a_provisional_threshold_is_bounded() -> None:
    wild = np.random.default_rng(0).exponential(3.0, 200)
    assert fed(wild).threshold == PROVISIONAL_CEILING


def test_a_larger_budget_never_raises_the_threshold() -> None:
    peaks = np.random.default_rng(3).gumbel(1.0, 0.3, 7000)
    thresholds = [fed(peaks, budget).threshold for budget in (0.0, 0.5, 2.0, 10.0, 100.0)]
    assert thresholds == sorted(thresholds, reverse=True)
    assert all(threshold >= FLOOR for threshold in thresholds)


@pytest.mark.parametrize(
    ("peaks", "level"),
    [
        (np.random.default_rng(5).exponential(1.0, 50_000), np.log(1e4)),
        (np.random.default_rng(6).pareto(4.0, 50_000), 1e4**0.25 - 1),
    ],
    ids=["exponential", "heavy"],
)
def test_the_bound_lies_a_little_above_the_true_level(peaks: np.ndarray, level: float) -> None:
    bound = return_level(peaks.astype(np.float32), per_block=1e-4)
    assert level <= bound <= 1.35 * level


def test_less_history_gives_a_higher_bound() -> None:
    peaks = np.random.default_rng(8).exponential(1.0, 50_000).astype(np.float32)
    bounds = [return_level(peaks[:count], per_block=1e-4) for count in (1_000, 5_000, 50_000)]
    assert bounds == sorted(bounds, reverse=True)


@pytest.mark.parametrize("count", [1, 2, 30])
def test_a_handful_of_blocks_has_a_level_too(count: int) -> None:
    peaks = np.linspace(0.1, 0.5, count).astype(np.float32)
    assert np.isfinite(return_level(peaks, per_block=1e-4))


def test_an_alarm_just_over_the_threshold_is_of_the_normal_tail_and_an_anomaly_is_not() -> None:
    calibration = fed(np.random.default_rng(9).gumbel(1.0, 0.1, DAY_BLOCKS))
    just_over, far_over = 1.05 * calibration.threshold, 2.0 * calibration.threshold
    calibration.alarmed(far_over, 1.0)
    assert len(calibration) == DAY_BLOCKS
    calibration.alarmed(just_over, 2.0)
    assert calibration.array()[-1] == np.float32(just_over)


def test_what_a_person_confirms_leaves_the_history() -> None:
    calibration = fed(np.random.default_rng(9).gumbel(1.0, 0.1, 1000))
    before = calibration.threshold
    for number in range(4):
        calibration.alarmed(1.01 * before, 10.0 * number)
    assert np.count_nonzero(calibration.array()[-4:]) == 4
    calibration.confirm([(0.0, 0.5), (9.5, 10.0)])
    assert calibration.array()[-4:].tolist() == [0.0, 0.0, *[np.float32(1.01 * before)] * 2]
    calibration.confirm([(20.0, 30.0)])
    assert calibration.threshold == pytest.approx(before, rel=0.05)


def test_it_says_when_it_can_be_trusted() -> None:
    calibration = Calibration(2.0)
    assert calibration.trusted_in == DAY
    assert fed(np.zeros(DAY_BLOCKS // 2)).trusted_in == pytest.approx(DAY / 2)
    assert fed(np.zeros(DAY_BLOCKS)).trusted_in == 0.0


def test_the_peak_of_each_five_seconds_is_what_counts() -> None:
    calibration = Calibration(2.0)
    for number in range(30 * 60 * 5):
        calibration.add(1.0 if number % 25 == 7 else 0.0, number / 5)
    assert calibration.array().tolist() == [1.0] * (30 * 60 // 5 - 1)


def test_it_goes_on_from_its_array() -> None:
    calibration = fed(np.random.default_rng(7).gumbel(1.0, 0.3, 7000))
    calibration.alarmed(1.01 * calibration.threshold, 5.0)
    other, again = Calibration(2.0), Calibration(2.0)
    other.restore(calibration.array(), calibration.alarms())
    again.restore(other.array(), other.alarms())
    assert other.threshold == again.threshold
    assert other.provisional == calibration.provisional
    assert other.alarms().tolist() == calibration.alarms().tolist() == [[5.0, 1.0]]
