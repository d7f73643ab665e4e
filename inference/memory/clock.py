"""LearningClock: how much footage a Memory has learned from, and whether that is enough."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

WARM_UP_SECONDS = 60.0
"""Footage after which a camera is watched: people cross most pictures in less, and nobody wants to wait longer."""
WARM_UP_FRAMES = 120
"""At least so many frames, however far they lie apart."""
SETTLED = 0.5
"""Progress from which on distances count as normal range: before, everything is new."""
LONGEST_GAP = 2.0
"""Seconds between two frames that still count as footage."""


class LearningClock:
    """Counts the frames that are learned, and the seconds between them."""

    def __init__(self) -> None:
        self.seconds = 0.0
        """Of footage."""
        self._frames = 0
        self._last_at: float | None = None

    @property
    def progress(self) -> float:
        """0..1; at 1 the camera is watched."""
        return min(1.0, self.seconds / WARM_UP_SECONDS, self._frames / WARM_UP_FRAMES)

    def count(self, at: float) -> None:
        """A frame of that time, seconds, is learned."""
        self._frames += 1
        if self._last_at is not None and 0.0 < at - self._last_at <= LONGEST_GAP:
            self.seconds += at - self._last_at
        self._last_at = at

    def array(self) -> NDArray[np.float64]:
        """What a snapshot keeps."""
        return np.array([self.seconds, self._frames])

    def restore(self, array: NDArray[np.generic]) -> None:
        """Go on from `array()`. Raises IndexError where it is not one."""
        self.seconds, self._frames = float(array[0]), int(array[1])
