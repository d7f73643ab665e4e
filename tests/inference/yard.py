"""A yard where people come by day, and what a camera that watched it for days knows of its hours."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np

from inference.memory.hours import Hours
from inference.types import Features
from tests.inference.test_density import FPS, features

HOUR_SECONDS, DAY_SECONDS = 3600.0, 86_400.0
MIDNIGHT = datetime(2026, 3, 2, tzinfo=UTC).timestamp()
"""A Monday."""
STEP = 10.0
Row = tuple[int, int, float, float]
"""Hour, day since year 1, seconds watched and seconds in which something moved."""
Yard = Callable[[int, float], bool]
"""Day, hour of the day -> whether something moves."""


def seen(at: float, *, moves: bool = True, speed: float = 0.05) -> Features:
    """What an eye says of that moment."""
    return replace(features(int(at * FPS) % 100_000, speed=speed, things=2 if moves else 0), at=at)


def learned(moves: Yard, days: int, *, zone: str = "UTC", began: float = MIDNIGHT) -> Hours:
    """Hours that have watched so many days, as a snapshot would bring them back."""
    rows: list[Row] = []
    for hour in np.arange(began, began + days * DAY_SECONDS, HOUR_SECONDS).tolist():
        day, rest = divmod(hour - MIDNIGHT, DAY_SECONDS)
        moved = sum(moves(int(day), rest / HOUR_SECONDS + second / HOUR_SECONDS) for second in range(0, 3600, 10))
        local = datetime.fromtimestamp(hour, ZoneInfo(zone))
        rows.append((local.hour, local.toordinal(), HOUR_SECONDS, moved * STEP))
    return restored(rows, zone)


def restored(rows: Sequence[Row], zone: str = "UTC") -> Hours:
    """Hours that know these."""
    slots = np.array(rows, np.float64).reshape(-1, 4)
    return Hours.from_arrays({"slots": slots, "rest": np.array([0.0, np.inf]), "zone": np.array(zone)})


def by_day(day: int, hour: float) -> bool:
    """A yard where people come from eight to six, a minute in each quarter of an hour."""
    return 8 <= hour < 18 and hour * 60 % 15 < 1
