"""Heat maps against masks."""

from __future__ import annotations

import numpy as np
import pytest

from inference.evaluation.heat import HeatTally

LEFT = np.array([[0.0, 0.0, 0.5, 1.0]], np.float32)
RIGHT = np.array([[0.5, 0.0, 1.0, 1.0]], np.float32)
NOTHING = np.zeros((0, 4), np.float32), np.zeros(0, np.float32)


def mask(left: bool = False, right: bool = False) -> np.ndarray:
    picture = np.zeros((10, 20), np.bool_)
    picture[:, :10], picture[:, 10:] = left, right
    return picture


def heat(surprise: float) -> np.ndarray:
    return np.array([surprise], np.float32)


def test_the_right_place_is_a_perfect_map() -> None:
    tally = HeatTally()
    tally.add(LEFT, heat(3.0), mask(left=True))
    tally.add(RIGHT, heat(1.0), mask())
    assert tally.pixel_auc() == 1.0
    assert tally.coverage_auc() == 1.0


def test_the_wrong_place_is_worse_than_none() -> None:
    tally = HeatTally()
    tally.add(RIGHT, heat(3.0), mask(left=True))
    tally.add(*NOTHING, mask())
    assert tally.pixel_auc() == pytest.approx((20.0 / 2) / 30.0)
    assert tally.coverage_auc() == 0.5


def test_the_hotter_of_two_things_counts_where_they_overlap() -> None:
    tally = HeatTally()
    boxes = np.array([[0.0, 0.0, 0.5, 1.0], [0.0, 0.0, 1.0, 1.0]], np.float32)
    tally.add(boxes, np.array([5.0, 1.0], np.float32), mask(left=True))
    assert tally.pixel_auc() == 1.0


def test_too_small_a_part_of_an_anomaly_is_not_found() -> None:
    tally = HeatTally()
    tally.add(np.array([[0.0, 0.0, 0.5, 0.3]], np.float32), heat(3.0), mask(left=True))
    tally.add(LEFT, heat(1.0), mask())
    assert tally.coverage_auc() == 0.0


def test_normal_frames_alone_define_nothing() -> None:
    tally = HeatTally()
    tally.add(LEFT, heat(3.0), mask())
    assert tally.pixel_auc() is None
    assert tally.coverage_auc() is None
