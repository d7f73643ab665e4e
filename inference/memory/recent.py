"""The last values of something, and how their tail looks."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

LEAST_VALUES = 60
"""Before so many values a tail is not to be spoken of."""


class Recent:
    """A ring of the newest values."""

    def __init__(self, capacity: int) -> None:
        self._values = np.zeros(capacity, np.float32)
        self._count = 0
        self._usual = 0.0

    def __len__(self) -> int:
        return min(self._count, len(self._values))

    def add(self, value: float) -> None:
        self._values[self._count % len(self._values)] = value
        self._count += 1
        if self._count < 1000 or self._count % 50 == 0:
            self._usual = self._tail()

    @property
    def usual(self) -> float:
        """The 99.9 % quantile, 0 while there are too few values."""
        return self._usual

    def _tail(self) -> float:
        """From the last two decades that can be counted, continued as an exponential tail: q999 = q99 + (q99 - q90)."""
        if len(self) < LEAST_VALUES:
            return 0.0
        ninety, most = np.quantile(self._values[: len(self)], (0.9, 0.99))
        return float(most + (most - ninety))

    def array(self) -> NDArray[np.float32]:
        """Oldest first: what a snapshot keeps."""
        if self._count <= len(self._values):
            return self._values[: self._count].copy()
        return np.roll(self._values, -(self._count % len(self._values)))

    def restore(self, values: NDArray[np.float32]) -> None:
        """Go on from `array()`."""
        kept = values[-len(self._values) :]
        self._values[: len(kept)] = kept
        self._count = len(kept)
        self._usual = self._tail()
