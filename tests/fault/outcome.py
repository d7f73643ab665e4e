"""What a fault did: the oracle's account of what was scored against the database's account of what happened."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise

from inference.decider import Rules
from inference.smoothing import MEDIAN_SECONDS
from tests.fault.stack import Moment, Stack

Anomaly = tuple[int, int]
"""(camera, number)."""
FLASH = MEDIAN_SECONDS + Rules().min_open_seconds
"""Seconds. What no worker saw for so long opens no event, by the rules: the end of an anomaly, say, when it began."""


@dataclass(frozen=True)
class Outcome:
    """What must hold under any single fault is that there are no `problems`."""

    scored: frozenset[Anomaly]
    missing: frozenset[Anomaly]
    """Scored for longer than a flash, but not in the database."""
    doubled: frozenset[Anomaly]
    """In the database as more than one event."""
    repeated: int
    """Openings of an event that were written more than once."""
    stale: int
    """Changes written under an epoch for pictures taken after the next one had begun."""
    spanning: int
    """Events that were open at one of the moments of harm."""

    @property
    def problems(self) -> dict[str, object]:
        """Which promises were broken, and how."""
        found = {"missing": self.missing, "doubled": self.doubled, "repeated": self.repeated, "stale": self.stale}
        return {promise: broken for promise, broken in found.items() if broken}


def outcome(stack: Stack, *, since: float, until: float, harm: list[float]) -> Outcome:
    """The account of all that was first scored in that time. `harm`: when it was done, seconds since 1970."""
    seen = _seen(stack.moments())
    first = {anomaly: min(at for at, _ in spans) for anomaly, spans in seen.items()}
    scored = frozenset(anomaly for anomaly, at in first.items() if since < at < until)
    owed = frozenset(anomaly for anomaly in scored if any(last - at > FLASH for at, last in seen[anomaly]))
    assert owed, "nothing unusual happened: this run proves nothing"
    events = stack.events()
    times = Counter((event.camera, event.number) for event in events)
    openings = stack.query(
        "select count(*) from events_eventtransition where kind = 'opened' group by event_id having count(*) > 1"
    )
    return Outcome(
        scored=scored,
        missing=owed - times.keys(),
        doubled=frozenset(anomaly for anomaly in scored if times[anomaly] > 1),
        repeated=len(openings),
        stale=_stale(stack),
        spanning=sum(
            event.started_at < at and (event.ended_at is None or event.ended_at > at) for event in events for at in harm
        ),
    )


def longest_gap(moments: list[Moment], *, since: float, until: float) -> float:
    """The longest time in which some camera was not scored, seconds."""
    seen: dict[int, list[float]] = {}
    for moment in moments:
        if since <= moment.at <= until:
            seen.setdefault(moment.camera, [since]).append(moment.at)
    return max(later - earlier for times in seen.values() for earlier, later in pairwise([*sorted(times), until]))


def _seen(moments: Iterable[Moment]) -> dict[Anomaly, list[tuple[float, float]]]:
    """Each anomaly -> when each worker that scored it did so first and last."""
    spans: dict[Anomaly, dict[int, tuple[float, float]]] = {}
    for moment in moments:
        if moment.anomaly:
            workers = spans.setdefault((moment.camera, moment.anomaly), {})
            first, _ = workers.get(moment.pid, (moment.at, 0.0))
            workers[moment.pid] = first, moment.at
    return {anomaly: list(workers.values()) for anomaly, workers in spans.items()}


def _stale(stack: Stack) -> int:
    rows = stack.query(
        "select t.at, c.claimed_at from events_eventtransition t"
        " join events_event e on e.id = t.event_id"
        " join cameras_claim c on c.camera_id = e.camera_id and c.epoch = t.epoch + 1"
    )
    return sum(_seconds(at) > claimed_at for at, claimed_at in rows)


def _seconds(at: str | datetime) -> float:
    """SQLite gives times as texts in UTC."""
    return datetime.fromisoformat(at).replace(tzinfo=UTC).timestamp() if isinstance(at, str) else at.timestamp()
