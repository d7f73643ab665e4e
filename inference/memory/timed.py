"""TimedMemory: a Memory that also knows at which hours something moves, for scoring only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from inference.eye.protocol import Memory
from inference.memory.attributes import HOUR, HOUR_REACH
from inference.memory.hours import Hours, moving
from inference.memory.places import places_of
from inference.types import Features, Floats, Reason, Score


@dataclass(frozen=True, slots=True)
class TimedMemory:
    """The hour's surprise is added to that of what moves: on either Memory's scale, once for each moment."""

    memory: Memory
    hours: Hours

    @property
    def ranges(self) -> Mapping[str, float]:
        """As `Memory.ranges`."""
        return {**self.memory.ranges, HOUR: HOUR_REACH}

    def score(self, features: Features) -> Score:
        """As `Memory.score`."""
        whole = self.memory.score(features)
        reason = self._reason(features)
        if reason is None:
            return whole
        moves = moving(features)
        movers = whole if moves.all() else self.memory.score(features.only(moves))
        if movers.surprise + reason.surprise < whole.surprise:  # what stands there is stranger yet
            return whole
        places = places_of(features.boxes, self.surprises(features))
        return replace(movers, surprise=movers.surprise + reason.surprise, reasons=_with(reason, movers), places=places)

    def surprises(self, features: Features) -> Floats:
        """As `Memory.surprises`."""
        reason, surprises = self._reason(features), self.memory.surprises(features)
        return surprises + np.float32(reason.surprise) * moving(features).astype(np.float32) if reason else surprises

    def _reason(self, features: Features) -> Reason | None:
        if not features.news or self.memory.progress < 1.0 or not moving(features).any():
            return None
        return self.hours.reason(features.date)


def _with(reason: Reason, score: Score) -> tuple[Reason, ...]:
    """The farthest first, as a Memory gives them: what is within its normal range only where it is the farthest."""
    ranked = sorted((reason, *score.reasons), key=lambda each: each.surprise, reverse=True)
    return tuple(each for place, each in enumerate(ranked) if place == 0 or each.surprise >= 1.0 or each is reason)
