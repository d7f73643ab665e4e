"""What was held back: moments that were unusual for their camera and did not alarm."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.db.models import Q

from events.models import Event
from events.scores import read_scores

LEAST = 1.5
"""Surprise that counts: the floor under which nothing alarms, whatever the budget."""
APART = 5
"""Seconds between two moments, as the merge gap of events."""
MOST = 100
"""Moments in an answer."""
LONGEST = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Moment:
    """A stretch of unusual seconds, by its peak."""

    at: datetime
    surprise: float
    threshold: float
    """As it held then; where the peak is above, it was too short, outside the zones, or the camera was learning."""


def find_held_back(camera_id: UUID, start: datetime, end: datetime) -> list[Moment]:
    """The MOST most surprising moments from `start` to `end` outside of events, the most surprising first."""
    curve = read_scores(camera_id, start, end)
    spans = list(_events(camera_id, start, end))
    unusual = [
        Moment(datetime.fromtimestamp(second, UTC), score, threshold)
        for second, (score, threshold) in enumerate(zip(curve.scores, curve.thresholds, strict=True), curve.start)
        if score is not None and threshold is not None and score >= LEAST
        if not any(began <= second <= ended for began, ended in spans)
    ]
    return sorted(_peaks(unusual), key=lambda moment: -moment.surprise)[:MOST]


def _events(camera_id: UUID, start: datetime, end: datetime) -> Iterator[tuple[float, float]]:
    """When events were open, with what led to them and what they died away with."""
    events = Event.objects.filter(camera_id=camera_id, started_at__lte=end + timedelta(seconds=APART))
    events = events.filter(Q(ended_at=None) | Q(ended_at__gte=start - timedelta(seconds=APART)))
    for began, ended in events.values_list("started_at", "ended_at"):
        yield began.timestamp() - APART, (ended or end).timestamp() + APART


def _peaks(unusual: Iterable[Moment]) -> list[Moment]:
    """One for each run of seconds."""
    peaks: list[Moment] = []
    last: datetime | None = None
    for moment in unusual:
        if last is None or moment.at - last > timedelta(seconds=APART):
            peaks.append(moment)
        elif moment.surprise > peaks[-1].surprise:
            peaks[-1] = moment
        last = moment.at
    return peaks
