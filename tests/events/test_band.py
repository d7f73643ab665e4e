"""The normal band: what the camera's ordinary seconds looked like before an event."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cameras.models import Camera
from events.band import Band, read_band
from events.models import ScoreMinute
from events.scores import SecondScore, save_scores
from tests.factories import make_event

NOON = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)


def fill(camera: Camera, start: datetime, minutes: int, *, peak: float = 1.0) -> None:
    """Seconds that rise from 0 to almost `peak` in each minute."""
    for minute in range(minutes):
        second = int(start.timestamp()) + 60 * minute
        save_scores(camera.pk, [SecondScore(second + n, peak * n / 60, 2.0) for n in range(60)])


def test_the_last_day_tells_what_is_ordinary(camera: Camera) -> None:
    fill(camera, NOON - timedelta(hours=2), 60)
    assert read_band(camera.pk, NOON) == Band(0.5, 0.9833, "day")


def test_the_same_hour_of_three_days_tells_it_better(camera: Camera) -> None:
    fill(camera, NOON - timedelta(hours=2), 60, peak=9.0)
    for day in (1, 2, 3):
        fill(camera, NOON - timedelta(days=day), 5)
    assert read_band(camera.pk, NOON) == Band(0.5, 0.9833, "hour")


def test_two_days_are_not_enough_for_an_hour(camera: Camera) -> None:
    fill(camera, NOON - timedelta(hours=2), 60, peak=9.0)
    for day in (1, 2):
        fill(camera, NOON - timedelta(days=day, minutes=-5), 5)
    found = read_band(camera.pk, NOON)
    assert found is not None
    assert found.basis == "day"


def test_little_history_tells_nothing(camera: Camera) -> None:
    fill(camera, NOON - timedelta(minutes=10), 4)
    assert read_band(camera.pk, NOON) is None


def test_a_new_camera_is_told_by_the_minutes_it_has(camera: Camera) -> None:
    fill(camera, NOON - timedelta(minutes=10), 6)
    assert read_band(camera.pk, NOON) == Band(0.5, 0.9833, "day")


def test_what_comes_after_does_not_count(camera: Camera) -> None:
    fill(camera, NOON, 60)
    assert read_band(camera.pk, NOON) is None


@pytest.mark.parametrize("status", ["resolved", "dismissed"])
def test_events_are_left_out_unless_they_were_false_alarms(camera: Camera, status: str) -> None:
    start = NOON - timedelta(hours=4)
    fill(camera, start, 90)
    fill(camera, start + timedelta(minutes=90), 10, peak=50.0)
    first, last = start + timedelta(minutes=90), start + timedelta(minutes=99, seconds=30)
    make_event(camera=camera, started_at=first, ended_at=last, status=status)
    found = read_band(camera.pk, NOON)
    assert found is not None
    assert (found.high > 1.0) == (status == "dismissed")


def test_other_cameras_do_not_count(camera: Camera) -> None:
    fill(make_event().camera, NOON - timedelta(hours=2), 60)
    assert read_band(camera.pk, NOON) is None


def test_a_full_week_reads_few_rows(camera: Camera) -> None:
    ordinary = bytes(240)
    first = int((NOON - timedelta(days=8)).timestamp()) // 60
    ScoreMinute.objects.bulk_create(
        ScoreMinute(camera=camera, minute=first + n, peaks=ordinary, thresholds=ordinary, places=bytes(120))
        for n in range(8 * 1440)
    )
    with CaptureQueriesContext(connection) as queries:
        assert read_band(camera.pk, NOON) == Band(0.0, 0.0, "hour")
    assert len(queries) == 2
