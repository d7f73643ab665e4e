"""The last values of something, and how their tail looks."""

from __future__ import annotations

from collections import deque
from math import log10

import numpy as np
from numpy.typing import NDArray

REFRESH_EVERY = 20
REFRESH_SHARE = 50
"""Values after which the quantiles are taken again, or that part of those kept: the more there are, the slower the
quantiles move, and the more sorting costs."""
LEAST_VALUES = 60
"""Before so many values a tail is not to be spoken of."""


class Recent:
    """A ring of the newest values, each the middle one of so many in a row."""

    def __init__(self, capacity: int, *, middle_of: int = 1) -> None:
        self._row: deque[float] = deque(maxlen=middle_of)
        self._capacity = capacity
        self._values = np.zeros(capacity, np.float32)
        self._count = 0
        self._due = REFRESH_EVERY
        """The count at which the quantiles are taken again."""
        self._median = self._usual = 0.0

    def __len__(self) -> int:
        return min(self._count, self._capacity)

    def add(self, value: float) -> None:
        self._row.append(value)
        self._values[self._count % self._capacity] = sorted(self._row)[(len(self._row) - 1) // 2]
        self._count += 1
        if self._count >= self._due:
            self._refresh()

    def extend(self, values: NDArray[np.float32]) -> None:
        """Add these, oldest first, without those that are no finite numbers."""
        for value in values[np.isfinite(values)].tolist():
            self.add(value)

    @property
    def median(self) -> float:
        """0 while there are too few values."""
        return self._median

    @property
    def usual(self) -> float:
        """The 99.9 % quantile, 0 while there are too few values."""
        return self._usual

    def _refresh(self) -> None:
        """The tail from the last two decades that can be counted, continued as an exponential: q999 = 2 q99 - q90.

        But no farther beyond the largest value than it takes from that one's rank: where the last hundredth lies apart
        from the rest, as after something rare, the line between the two would lead far beyond all that was ever seen.
        Over the newer half only: at first everything is new, and that must not be taken for the normal range for long.
        """
        self._due = self._count + max(REFRESH_EVERY, len(self) // REFRESH_SHARE)
        if len(self) >= LEAST_VALUES:
            newer = self._ordered()[len(self) // 2 :]
            newer.sort()
            half, ninety, ninety_nine = (_quantile(newer, share) for share in (0.5, 0.9, 0.99))
            largest = float(newer[-1])
            decade = ninety_nine - ninety
            beyond = largest + decade * max(0.0, log10(1000 / len(newer)))
            self._median, self._usual = half, min(ninety_nine + decade, beyond)

    def array(self) -> NDArray[np.float32]:
        """Oldest first: what a snapshot keeps. The quantiles are taken anew, so that both go on with the same."""
        self._refresh()
        return self._ordered()

    def _ordered(self) -> NDArray[np.float32]:
        if self._count <= len(self._values):
            return self._values[: self._count].copy()
        return np.roll(self._values, -(self._count % len(self._values)))

    def restore(self, values: NDArray[np.float32]) -> None:
        """Go on from `array()`."""
        kept = values[-len(self._values) :]
        self._values[: len(kept)] = kept
        self._count = len(kept)
        self._refresh()


def _quantile(ordered: NDArray[np.float32], share: float) -> float:
    """As `np.quantile`, which takes ten times as long for a few numbers."""
    place = share * (len(ordered) - 1)
    low = int(place)
    below, above = float(ordered[low]), float(ordered[min(low + 1, len(ordered) - 1)])
    return below + (place - low) * (above - below)
