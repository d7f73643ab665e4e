"""Scores by the second: nothing lost where two workers share a minute."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest

from cameras.models import Camera
from events.models import ScoreMinute
from events.scores import SecondScore, read_scores, save_scores

START = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)
SECOND = int(START.timestamp())


def curve(camera: Camera, seconds: int) -> list[float | None]:
    return read_scores(camera.pk, START, START + timedelta(seconds=seconds - 1)).scores


def test_a_takeover_within_a_minute_loses_nothing(camera: Camera) -> None:
    save_scores(camera.pk, [SecondScore(SECOND + n, 1.0 + n, 5.0) for n in range(20)])
    save_scores(camera.pk, [SecondScore(SECOND + n, 1.0 + n, 6.0) for n in range(25, 30)])
    assert ScoreMinute.objects.count() == 1
    assert curve(camera, 31) == [*(1.0 + n for n in range(20)), *[None] * 5, *(1.0 + n for n in range(25, 30)), None]
    thresholds = read_scores(camera.pk, START, START + timedelta(seconds=29)).thresholds
    assert (thresholds[19], thresholds[22], thresholds[29]) == (5.0, None, 6.0)


def test_a_second_told_twice_keeps_the_peak_and_its_threshold(camera: Camera) -> None:
    save_scores(camera.pk, [SecondScore(SECOND, 3.0, 1.0, (0.5, 1.0))])
    save_scores(camera.pk, [SecondScore(SECOND, 2.0, 9.0, (0.0, 0.0)), SecondScore(SECOND, 2.5, 9.0)])
    found = read_scores(camera.pk, START, START)
    assert (found.scores, found.thresholds) == ([3.0], [1.0])
    assert bytes(ScoreMinute.objects.get().places)[:4] == bytes([128, 255, 0, 0])


def test_a_place_at_the_corner_is_a_place(camera: Camera) -> None:
    save_scores(camera.pk, [SecondScore(SECOND, 3.0, 1.0, (0.0, 0.0))])
    assert bytes(ScoreMinute.objects.get().places)[:2] == b"\1\1"


def test_a_curve_crosses_minutes_and_cameras_do_not_mix(camera: Camera) -> None:
    save_scores(camera.pk, [SecondScore(SECOND + n, float(n), 1.0) for n in (58, 59, 60, 61)])
    found = read_scores(camera.pk, START + timedelta(seconds=57), START + timedelta(seconds=62))
    assert found.start == SECOND + 57
    assert found.scores == [None, 58.0, 59.0, 60.0, 61.0, None]
    assert ScoreMinute.objects.count() == 2


@pytest.mark.parametrize("peak", [float("nan"), float("inf")])
def test_what_is_no_number_is_no_score(camera: Camera, peak: float) -> None:
    save_scores(camera.pk, [SecondScore(SECOND, peak, 1.0)])
    assert curve(camera, 1) == [None]


def test_a_minute_is_small(camera: Camera) -> None:
    save_scores(camera.pk, [SecondScore(SECOND, 1.0, 1.0)])
    row = ScoreMinute.objects.get()
    assert len(row.peaks) + len(row.thresholds) + len(row.places) == 600
    assert row.minute == SECOND // 60 < time.time()
