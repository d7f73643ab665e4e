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
from inference.types import Features, Floats, Reason, Score


@dataclass(frozen=True, slots=True)
class TimedMemory:
    """The hour's surprise is added to that of what moves, on either Memory's scale, once for each moment.

    A stay is of the place, and not added to what passes by there: the greater of both counts.
    """

    memory: Memory
    hours: Hours
    stays: Stays

    @property
    def ranges(self) -> Mapping[str, float]:
        """As `Memory.ranges`. A place where something stays for long is one however long it does."""
        return {**self.memory.ranges, HOUR: HOUR_REACH, STAY: np.inf}

    def score(self, features: Features) -> Score:
        """As `Memory.score`."""
        hour, stays = self._told(features)
        if hour is None and not stays.any():  # as almost always
            return self.memory.score(features)
        totals = self._totals(features, hour, stays)
        worst = int(totals.argmax())
        own = self.memory.score(features.only(np.arange(len(totals)) == worst))
        told = [hour] if hour and moving(features)[worst] else []
        surprise = own.surprise + sum(reason.surprise for reason in told)
        if stays[worst] > surprise:
            surprise, told = float(stays[worst]), [*told, self.stays.reason(features, worst)]
        return Score(surprise, own.box, _ranked(told, own.reasons), places_of(features.boxes, totals))

    def surprises(self, features: Features) -> Floats:
        """As `Memory.surprises`."""
        return self._totals(features, *self._told(features))

    def _told(self, features: Features) -> tuple[Reason | None, Floats]:
        """What the hour says of all that moves, and (n,): what the stay of each thing does."""
        if self.memory.progress < 1.0 or not len(features.boxes):
            return None, np.zeros(len(features.boxes), np.float32)
        hour = self.hours.reason(features.date) if features.news and moving(features).any() else None
        return hour, self.stays.surprises(features)

    def _totals(self, features: Features, hour: Reason | None, stays: Floats) -> Floats:
        """(n,): of each thing in all."""
        own = self.memory.surprises(features)
        if hour:
            own = own + np.float32(hour.surprise) * moving(features).astype(np.float32)
        return np.maximum(own, stays)


def _ranked(told: list[Reason], own: tuple[Reason, ...]) -> tuple[Reason, ...]:
    """The farthest first, as a Memory gives them: what is within its normal range only where it is the farthest."""
    ranked = sorted((*told, *own), key=lambda each: each.surprise, reverse=True)
    return tuple(each for place, each in enumerate(ranked) if place == 0 or each.surprise >= 1.0 or each in told)
