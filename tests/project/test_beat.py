"""The clock of the housekeeping goes on where the machine's clock is set back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine

from celery_app import app
from project.beat import SteadyScheduler

NOON = datetime(2026, 11, 1, 12, 0, 0, tzinfo=UTC)
EVERY_SECOND, EVERY_TEN = "notifications.send", "notifications.look_after_cameras"


class Listening(SteadyScheduler):
    """Asks nobody, and keeps what it would have asked for."""

    def apply_entry(self, entry: Any, producer: Any = None) -> None:
        self.asked = [*getattr(self, "asked", []), entry.task]

    producer: Any = None


def beat(path: Path) -> Listening:
    return Listening(app, schedule_filename=str(path / "beat"))


def run(scheduler: Listening, traveller: time_machine.Traveller, seconds: float) -> list[str]:
    """What it asks for in that time."""
    scheduler.asked = []
    end = datetime.now(UTC) + timedelta(seconds=seconds)
    while (now := datetime.now(UTC)) < end:
        pause = scheduler.tick()
        traveller.move_to(min(now + timedelta(seconds=max(pause, 0.001)), end), tick=False)
    return scheduler.asked


@pytest.mark.parametrize("back", [timedelta(seconds=30), timedelta(hours=3), timedelta(days=400)])
def test_it_goes_on_at_once(tmp_path: Path, back: timedelta) -> None:
    with time_machine.travel(NOON, tick=False) as traveller:
        scheduler = beat(tmp_path)
        run(scheduler, traveller, 60)
        traveller.move_to(datetime.now(UTC) - back, tick=False)
        asked = run(scheduler, traveller, 30)
    assert asked.count(EVERY_SECOND) >= 28
    assert asked.count(EVERY_TEN) >= 2


def test_so_does_one_that_is_started_with_what_another_wrote_down(tmp_path: Path) -> None:
    with time_machine.travel(NOON, tick=False) as traveller:
        scheduler = beat(tmp_path)
        run(scheduler, traveller, 60)
        scheduler.close()
        traveller.move_to(NOON - timedelta(hours=3), tick=False)
        asked = run(beat(tmp_path), traveller, 30)
    assert asked.count(EVERY_SECOND) >= 28
    assert asked.count(EVERY_TEN) >= 2


def test_what_is_rare_does_not_become_frequent(tmp_path: Path) -> None:
    with time_machine.travel(NOON, tick=False) as traveller:
        scheduler = beat(tmp_path)
        asked = run(scheduler, traveller, 30)
        traveller.move_to(NOON - timedelta(hours=3), tick=False)
        asked += run(scheduler, traveller, 30)
    assert "notifications.retire" not in asked


def test_it_is_the_one_that_is_used() -> None:
    assert app.conf.beat_scheduler == f"{SteadyScheduler.__module__}:{SteadyScheduler.__name__}"
