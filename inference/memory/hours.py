"""Hours: at which hours of the day something moves here, and how surprising it is that something moves at this one.

Counted are days, not frames: who stays for an hour came once. At an hour that was watched on enough days, with
movement on hardly any, the chance that something comes on one more day is (came + 1) / (days + 2) (Laplace's rule of
succession), and movement surprises by how small that chance is. It does so only

* where the hours around it were as still, an hour to each side: what comes early or late, or a change to summer time,
  is no news;
* where so little would be a rare chance if this hour were like all others: where hardly anything ever moves, as in a
  store room or on holidays, no hour means anything;
* when something begins to move, after an hour of stillness: who stays is told of once and not all night.

Everywhere else it is exactly 0: on a new camera, on recordings whose time is not known.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
from numpy.typing import NDArray

from inference.memory.attributes import HOUR
from inference.types import Features, Reason

HOURS = 24
DAYS_KEPT = 28
"""Of each hour: four weeks hold each day of the week four times, and a new season is known in a month."""
STALE_DAYS = 60
"""What is older says nothing: a camera that was away learns its hours anew."""
COVERED_SECONDS = 1800.0
"""Watched of an hour, for its day to count: half of it."""
CAME_SECONDS = 0.5
"""Of movement in an hour, for something to have come: less is smoothed away and cannot alarm either."""
STILL = 0.01
"""Widths of the picture a second under which nothing moves: half of what a person would just notice."""
LEAST_DAYS = 5
"""Before, no hour means anything: it would be the week-end of a camera that was put up on a Friday."""
RARE = 1e-3
"""Chance of so little movement at an hour like all others, under which it is taken for one that is not."""
ORDINARY_CHANCE = 0.25
"""Of something coming at this hour of a day, from which on nothing is surprising in it: every fourth day."""
LIMIT = 1.25
"""The highest surprise. Ten days without movement make 1.0, two weeks and more this: under any threshold, which is
1.5 at least, so that what moves must be a little unusual in itself, or the camera would alarm at each cat."""
REST_SECONDS = 3600.0
"""Of stillness after which it is news that something moves,"""
NEWS_SECONDS = 60.0
"""and of movement for which it remains news: an event opens in one. Who comes and goes all night makes no more."""
LONGEST_GAP = 10.0
"""Seconds between two frames that still count as watched: a camera may look once in five seconds."""
DATED = 1e9
"""Seconds since 1970 (September 2001): what is earlier counts from the beginning of a recording."""
VISIT_HOURS = 12
"""What moved so lately may be the very visit that is to be judged, or led to it."""
CHUNK = 900
"""Seconds within which the hour does not change: all time zones differ from UTC by whole quarters of an hour."""


@dataclass(slots=True)
class _Slot:
    """One hour of one day."""

    day: int
    """Since year 1."""
    watched: float = 0.0
    moved: float = 0.0
    """Seconds."""

    @property
    def came(self) -> bool:
        return self.moved >= CAME_SECONDS


class Hours:
    """The hours of one camera, whatever light they are seen in. Used by one thread."""

    def __init__(self, time_zone: str = "UTC") -> None:
        """`time_zone`: an IANA name; one that this host does not know is taken for UTC."""
        try:
            self._zone = ZoneInfo(time_zone)
        except (ZoneInfoNotFoundError, ValueError):
            self._zone = ZoneInfo("UTC")
        self._slots: list[list[_Slot]] = [[] for _ in range(HOURS)]
        self._learned_at = self._followed_at = -math.inf
        self._still = 0.0
        """Seconds for which nothing has moved,"""
        self._moved = math.inf
        """and of movement since that last was long enough; infinite before it ever was."""
        self._chunk = -1, 0, 0
        """The last one asked about, with its hour and its day."""
        self._weighed = -1, 0.0, 0, 0
        """The last one in which something moved, with what `_weigh` makes of it."""

    def under(self, time_zone: str) -> Hours:
        """These if they are told by this zone, else none yet."""
        other = Hours(time_zone)
        return self if other._zone.key == self._zone.key else other

    def follow(self, features: Features) -> Features:
        """These, with whether it is news that something moves; once per frame, in order of time."""
        elapsed, self._followed_at = _between(self._followed_at, features.at), features.at
        if not moving(features).any():
            self._still += elapsed
            if self._still >= REST_SECONDS:
                self._moved = 0.0
            return features
        self._still = 0.0
        self._moved += elapsed
        news = self._moved <= NEWS_SECONDS and features.date >= DATED
        return replace(features, news=True) if news else features

    def learn(self, features: Features) -> None:
        """Take this frame as normal; once per frame, in order of time."""
        elapsed, self._learned_at = _between(self._learned_at, features.at), features.at
        if features.date < DATED or not elapsed:
            return
        slot = self._slot(features.date)
        slot.watched += elapsed
        slot.moved += elapsed if moving(features).any() else 0.0

    def reason(self, at: float) -> Reason | None:
        """Why it is surprising that something moves at this time, None where it is not."""
        if at < DATED:
            return None
        if self._weighed[0] != at // CHUNK:  # nothing that counts is learned within a chunk
            self._weighed = int(at // CHUNK), *self._weigh(at)
        _, surprise, days, came = self._weighed
        return Reason(HOUR, surprise, self._text(at, days, came)) if surprise > 0.0 else None

    def to_arrays(self) -> dict[str, NDArray[np.generic]]:
        """What a snapshot keeps: some 20 KB."""
        rows = [(hour, slot.day, slot.watched, slot.moved) for hour, row in enumerate(self._slots) for slot in row]
        return {
            "slots": np.array(rows, np.float64).reshape(-1, 4),
            "rest": np.array([self._still, self._moved]),
            "zone": np.array(self._zone.key),
        }

    @classmethod
    def from_arrays(cls, arrays: dict[str, NDArray[np.generic]]) -> Hours:
        """Go on from `to_arrays()`; nothing is known where there are none. Raises KeyError, IndexError, ValueError."""
        if not arrays:  # a snapshot of before there were any
            return cls()
        hours = cls(str(arrays["zone"]))
        hours._still, hours._moved = (float(each) for each in arrays["rest"].astype(np.float64))
        for hour, day, watched, moved in arrays["slots"].astype(np.float64).reshape(-1, 4).tolist():
            hours._slots[int(hour)].append(_Slot(int(day), watched, moved))
        return hours

    def _slot(self, at: float) -> _Slot:
        hour, day = self._time(at)
        row = self._slots[hour]
        known = next((slot for slot in reversed(row) if slot.day == day), None)  # a clock may step back
        if known is None:
            known = _Slot(day)
            row.append(known)
            del row[:-DAYS_KEPT]
        return known

    def _time(self, at: float) -> tuple[int, int]:
        """Hour and day."""
        if self._chunk[0] != at // CHUNK:
            local = self._local(at)
            self._chunk = int(at // CHUNK), local.hour, local.toordinal()
        return self._chunk[1], self._chunk[2]

    def _local(self, at: float) -> datetime:
        return datetime.fromtimestamp(at, self._zone)

    def _known(self, hour: int, at: float) -> list[_Slot]:
        """What is known of that hour at this time."""
        now_hour, today = self._time(at)

        def age(slot: _Slot) -> int:
            """Hours."""
            return (today - slot.day) * HOURS + now_hour - hour

        return [slot for slot in self._slots[hour] if VISIT_HOURS < age(slot) <= STALE_DAYS * HOURS]

    def _weigh(self, at: float) -> tuple[float, int, int]:
        """The surprise of movement at this hour, and on how many days it came how often in the hours around it."""
        hour = self._time(at)[0]
        slots = [self._known(near % HOURS, at) for near in (hour - 1, hour, hour + 1)]
        days = min(len(_covered(row)) for row in slots)
        came = sum(slot.came for row in slots for slot in row)
        surprise = math.log(ORDINARY_CHANCE * (days + 2) / (came + 1)) / math.log(3.0)
        if days < LEAST_DAYS or surprise <= 0.0 or not self._is_unlike_others(slots, came, at):
            surprise = 0.0
        return min(surprise, LIMIT), days, came

    def _is_unlike_others(self, slots: list[list[_Slot]], came: int, at: float) -> bool:
        """Whether so little movement would be a rare chance if this hour were like all others."""
        covered = _covered([slot for hour in range(HOURS) for slot in self._known(hour, at)])
        share = sum(slot.came for slot in covered) / max(len(covered), 1)
        return _at_most(came, sum(len(_covered(row)) for row in slots), share) < RARE

    def _text(self, at: float, days: int, came: int) -> str:
        hour = self._time(at)[0]
        name = " UTC" if self._zone.key == "UTC" else ""
        often = "nothing moved" if not came else f"something moved only {'once' if came == 1 else f'{came} times'}"
        between = f"between {(hour - 1) % HOURS}:00 and {(hour + 2) % HOURS}:00"
        return f"something moves at {self._local(at):%H:%M}{name}; in {days} days {often} {between}"


def moving(features: Features, measure: str = "speed") -> NDArray[np.bool_]:
    """(n,): which things move, by an attribute in picture widths a second; all of them where the Eye does not tell."""
    speeds = features.attributes.get(measure)
    if speeds is None:
        return np.ones(len(features.boxes), np.bool_)
    moving: NDArray[np.bool_] = speeds[:, 0] >= STILL
    return moving


def _covered(row: list[_Slot]) -> list[_Slot]:
    return [slot for slot in row if slot.watched >= COVERED_SECONDS]


def _between(before: float, now: float) -> float:
    """Seconds watched between two frames; 0 where there is a gap, or a clock stepped."""
    return now - before if 0.0 < now - before <= LONGEST_GAP else 0.0


def _at_most(successes: int, tries: int, share: float) -> float:
    """The chance of at most so many successes, each with the chance `share`."""
    return sum(math.comb(tries, n) * share**n * (1.0 - share) ** (tries - n) for n in range(successes + 1))
