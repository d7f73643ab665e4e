"""TimedMemory: a Memory that also knows at which hours, and for how long, something moves. For scoring only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from inference.eye.protocol import Memory
from inference.memory.attributes import HOUR, HOUR_REACH, STAY
from inference.memory.hours import Hours, moving
from inference.memory.places import places_of
from inference.memory.stays import Stays
from inference.types import Box, Features, Floats, Reason, Score


@dataclass(frozen=True, slots=True)
class TimedMemory:
    """Their surprises are added to that of what moves, on either Memory's scale: the hour's once for each moment."""

    memory: Memory
    hours: Hours
    stays: Stays

    @property
    def ranges(self) -> Mapping[str, float]:
        """As `Memory.ranges`. A place where something stays for long is one however long it does."""
        return {**self.memory.ranges, HOUR: HOUR_REACH, STAY: np.inf}

    def score(self, features: Features) -> Score:
        """As `Memory.score`."""
        hour, added = self._added(features)
        if not added.any():
            return self.memory.score(features)
        totals = self.memory.surprises(features) + added
        worst = int(totals.argmax())
        own = self.memory.score(features.only(np.arange(len(totals)) == worst))
        box = Box(*(float(edge) for edge in features.boxes[worst]))
        told = [hour] if hour and moving(features)[worst] else []
        if self.stays.surprises(features)[worst] > 0.0:
            told.append(self.stays.reason(features, worst))
        surprise = own.surprise + sum(reason.surprise for reason in told)
        return Score(surprise, box, _ranked(told, own.reasons), places_of(features.boxes, totals))

    def surprises(self, features: Features) -> Floats:
        """As `Memory.surprises`."""
        return self.memory.surprises(features) + self._added(features)[1]

    def _added(self, features: Features) -> tuple[Reason | None, Floats]:
        """What the hour says of all that moves, and (n,): what is added for each thing."""
        none = np.zeros(len(features.boxes), np.float32)
        if self.memory.progress < 1.0 or not len(features.boxes):
            return None, none
        stays = self.stays.surprises(features)
        if not features.news or not moving(features).any():
            return None, stays
        hour = self.hours.reason(features.date)
        if hour is None:
            return None, stays
        return hour, stays + np.float32(hour.surprise) * moving(features).astype(np.float32)


def _ranked(told: list[Reason], own: tuple[Reason, ...]) -> tuple[Reason, ...]:
    """The farthest first, as a Memory gives them: what is within its normal range only where it is the farthest."""
    ranked = sorted((*told, *own), key=lambda each: each.surprise, reverse=True)
    return tuple(each for place, each in enumerate(ranked) if place == 0 or each.surprise >= 1.0 or each in told)
