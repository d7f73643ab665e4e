"""The threshold that keeps a budget of false alarms."""

from __future__ import annotations

import numpy as np
import pytest

from inference.calibration import BLOCK_SECONDS, CEILING, DAY, FLOOR, PROVISIONAL_CEILING, Calibration, exceeded_once


def fed(peaks: np.ndarray, budget: float = 2.0) -> Calibration:
    calibration = Calibration(budget)
    calibration.restore(peaks.astype(np.float32))
    return calibration


def test_without_history_the_floor_holds_and_is_provisional() -> None:
    calibration = Calibration(2.0)
    assert calibration.threshold == FLOOR
    assert calibration.provisional


def test_a_silent_scene_stays_at_the_floor_for_ever() -> None:
    calibration = fed(np.zeros(8000))
    assert calibration.threshold == FLOOR
    assert not calibration.provisional


def test_a_provisional_threshold_is_bounded() -> None:
    wild = np.random.default_rng(0).exponential(3.0, 200)
    assert fed(wild).threshold == PROVISIONAL_CEILING


@pytest.mark.parametrize("budget", [1.0, 5.0, 20.0])
def test_false_alarms_of_the_next_days_keep_near_the_budget(budget: float) -> None:
    per_day = int(DAY / BLOCK_SECONDS)
    alarms = []
    for seed in range(20):
        peaks = np.random.default_rng(seed).gumbel(0.8, 0.15, 4 * per_day)
        threshold = fed(peaks[:per_day], budget).threshold
        alarms.append((peaks[per_day:] > threshold).sum() / 3)
    assert np.median(alarms) <= 1.5 * budget


def test_a_larger_budget_never_raises_the_threshold() -> None:
    peaks = np.random.default_rng(3).gumbel(1.0, 0.3, 7000)
    thresholds = [fed(peaks, budget).threshold for budget in (0.0, 0.5, 2.0, 10.0, 100.0)]
    assert thresholds == sorted(thresholds, reverse=True)
    assert all(FLOOR <= threshold <= CEILING for threshold in thresholds)


def test_the_exponential_tail_is_found() -> None:
    peaks = np.random.default_rng(5).exponential(1.0, 20_000).astype(np.float32)
    assert exceeded_once(peaks, per_block=1e-4) == pytest.approx(np.log(1e4), rel=0.15)


def test_the_peak_of_each_five_seconds_is_what_counts() -> None:
    calibration = Calibration(2.0)
    for number in range(30 * 60 * 5):
        calibration.add(1.0 if number % 25 == 7 else 0.0, number / 5)
    assert calibration.array().tolist() == [1.0] * (30 * 60 // 5 - 1)


def test_it_goes_on_from_its_array() -> None:
    calibration = fed(np.random.default_rng(7).gumbel(1.0, 0.3, 7000))
    other = Calibration(2.0)
    other.restore(calibration.array())
    assert other.threshold == calibration.threshold
    assert other.provisional == calibration.provisional
