"""Part: what a Memory knows of one attribute of what moves."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from inference.memory.attributes import PLACE, Attribute
from inference.memory.bank import CAPACITY, Bank
from inference.memory.recent import LEAST_VALUES, Recent
from inference.types import Floats

Rows = NDArray[np.intp]

STRONGEST = 8.0
"""One attribute alone counts for at most so many times its normal range."""
MOMENT = 5
"""Frames whose middle one stands for them, as Normality judges: flow goes wild for a frame where people cross."""
FRAMES_KEPT = 3000
"""Frames whose distances make the normal range: ten minutes at 5 frames a second."""


class Part:
    """One attribute: what was seen of it, and how far out the most unusual thing of a normal frame lies."""

    def __init__(self, attribute: Attribute, size: int, *, capacity: int = CAPACITY, middle_of: int = MOMENT) -> None:
        """`capacity`: of the bank; `middle_of`: frames, as in `Recent`."""
        self.attribute = attribute
        self.bank = Bank(size, radius=attribute.unit / 2, mass=attribute.mass, capacity=capacity)
        self.farthest = Recent(FRAMES_KEPT, middle_of=middle_of)
        """Per frame, the largest `distances`."""
        self.highest = Recent(FRAMES_KEPT, middle_of=middle_of)
        """Per frame, the largest value, for the words."""

    def distances(self, values: Floats) -> Floats:
        """(n, size in Features) -> (n,): how far out each thing lies, in the attribute's measure; NaN: not known."""
        unknown = np.isnan(values).any(axis=1)
        if not unknown.any():
            return self._measure(values)
        distances = np.full(len(values), np.nan, np.float32)
        distances[~unknown] = self._measure(values[~unknown])
        return distances

    def _measure(self, values: Floats) -> Floats:
        points = self.attribute.space(values)
        return points[:, 0] if self.attribute.kind == "more" else self.bank.distances(points)

    def surprise(self, distances: Floats, certainty: float = 1.0) -> Floats:
        """0 at the median of normal frames, 1 at the most unusual in 1,000, bounded; 0 where too little is known.

        `certainty`: 0..1, how much it says that something was never seen.
        """
        if self.attribute.name != PLACE and len(self.farthest) < LEAST_VALUES:
            return np.zeros(len(distances), np.float32)
        beyond = (distances - self.farthest.median) * (self.attribute.weight / self.span)
        beyond -= self.attribute.weight * self.attribute.ease
        within = np.minimum(np.fmax(beyond, 0.0), self.attribute.most)  # `fmax` takes NaN for 0
        surprise: Floats = np.minimum(certainty**self.attribute.doubt * within, STRONGEST)
        return surprise

    @property
    def span(self) -> float:
        """The normal range: from the median of normal frames to the most unusual in 1,000."""
        return max(self.farthest.usual - self.farthest.median, self.attribute.unit)

    @property
    def reach(self) -> float:
        """How far out counts as nothing: the normal range, as often as the attribute has it."""
        return self.span * (1.0 + self.attribute.ease)

    def learn(self, values: Floats, distances: Floats, starts: Rows, *, settled: bool) -> None:
        """Take the values as seen; `settled`: what is normal begins to show.

        (n, size in Features), (n,) and (frames,): where the things of each frame begin.
        """
        known = ~np.isnan(distances)
        if not known.any():
            return
        if settled:
            self.farthest.extend(np.fmax.reduceat(distances, starts))
        self.highest.extend(np.fmax.reduceat(np.where(known, values[:, 0], np.float32(np.nan)), starts))
        if self.attribute.kind == "unlike":
            self.bank.learn(self.attribute.space(values[known]))

    def arrays(self) -> dict[str, NDArray[np.float32]]:
        """What a snapshot keeps."""
        return {**self.bank.arrays(), "farthest": self.farthest.array(), "highest": self.highest.array()}

    def restore(self, arrays: dict[str, Floats]) -> None:
        """Go on from `arrays()`. Raises ValueError or KeyError where they do not fit."""
        self.bank.restore(arrays)
        self.farthest.restore(arrays["farthest"])
        self.highest.restore(arrays["highest"])
