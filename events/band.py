"""The normal band of a camera: how surprising its ordinary seconds are, to show a curve of scores against."""

from __future__ import annotations

import math
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from django.db.models import F, Q

from events.models import Event, ScoreMinute, Status

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
SAME_HOUR_DAYS = 7
"""Days back of which the same hour is looked at: a week has its weekend in it."""
LEAST_DAYS = 3
"""Days that must have that hour before it tells more than the whole of the last day."""
LEAST_MINUTES = 5
"""Minutes under which nothing is said: 300 seconds have three beyond their 99 % quantile."""
EVERY = 3
"""Of the last day each third minute is read: 28,800 seconds tell a 99 % quantile as well as 86,400."""
MOST_EVENTS = 1000
"""Events whose minutes are left out; a camera with more in the time looked at has no other normal."""
_PEAKS = struct.Struct("<60f")


@dataclass(frozen=True, slots=True)
class Band:
    """Surprise of the ordinary seconds before a moment."""

    median: float
    high: float
    """99 % of the seconds are at or under it."""
    basis: Literal["hour", "day"]
    """The same hour of the days before, or the whole day before."""


def read_band(camera_id: UUID, before: datetime) -> Band | None:
    """The band that held at `before`; None where there is too little history.

    Reads at most SAME_HOUR_DAYS hours of minutes, else a third of a day's, 480 rows, else, of a new camera, those of
    the last hour. Minutes with an event in them are left out, unless people called it a false alarm.
    """
    hours = [(before - day * DAY - HOUR / 2, before - day * DAY + HOUR / 2) for day in range(1, SAME_HOUR_DAYS + 1)]
    minutes = _ordinary(camera_id, hours, every=1)
    days = {round((_minute(before) - minute) / 1440) for minute in minutes}
    if len(days) >= LEAST_DAYS and len(minutes) >= LEAST_MINUTES:
        return _band(minutes.values(), "hour")
    minutes = _ordinary(camera_id, [(before - DAY, before)], every=EVERY)
    if len(minutes) <= LEAST_MINUTES:
        minutes = _ordinary(camera_id, [(before - HOUR, before)], every=1)
    return _band(minutes.values(), "day")


def _ordinary(camera_id: UUID, spans: list[tuple[datetime, datetime]], *, every: int) -> dict[int, bytes]:
    """The peaks of each `every`-th minute in the spans that no event touched; minutes since 1970 -> 60 float32."""
    wanted = Q()
    for start, end in spans:
        wanted |= Q(minute__gte=_minute(start), minute__lt=_minute(end))
    rows = ScoreMinute.objects.filter(wanted, camera_id=camera_id)
    if every > 1:
        rows = rows.alias(turn=F("minute") % every).filter(turn=0)
    unusual = _minutes_with_events(camera_id, min(start for start, _ in spans), max(end for _, end in spans))
    return {minute: bytes(peaks) for minute, peaks in rows.values_list("minute", "peaks") if minute not in unusual}


def _minutes_with_events(camera_id: UUID, start: datetime, end: datetime) -> set[int]:
    events = Event.objects.filter(camera_id=camera_id, started_at__lt=end).exclude(status=Status.DISMISSED)
    events = events.filter(Q(ended_at=None) | Q(ended_at__gte=start)).order_by("-started_at")
    minutes: set[int] = set()
    for started_at, ended_at in events.values_list("started_at", "ended_at")[:MOST_EVENTS]:
        first, last = max(started_at, start), min(ended_at or end, end)
        minutes.update(range(_minute(first), _minute(last) + 1))
    return minutes


def _minute(moment: datetime) -> int:
    return int(moment.timestamp()) // 60


def _band(minutes: Iterable[bytes], basis: Literal["hour", "day"]) -> Band | None:
    known = sorted(peak for peaks in minutes for peak in _PEAKS.unpack(peaks) if math.isfinite(peak))
    if len(known) < LEAST_MINUTES * 60:
        return None
    return Band(round(known[len(known) // 2], 4), round(known[int(0.99 * (len(known) - 1))], 4), basis)
