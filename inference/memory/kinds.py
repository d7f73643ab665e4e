"""Which kinds of things a camera shows, and how surely a detector says so: one histogram per class."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from inference.types import Floats

BINS = 50
"""Of confidence 0..1."""
LEAST_FRAMES = 3.0
RARE = 0.001
"""Of all frames: what was seen in fewer, or in fewer than LEAST_FRAMES, is not usual; as `Recent.usual`."""
UNIT = 0.1
"""Of confidence: what a detector's doubt varies by."""


class Kinds:
    """How sure the detector usually gets of each class at this camera. Bounded, whatever was seen."""

    def __init__(self, classes: int) -> None:
        self._counts = np.zeros((classes, BINS), np.float64)
        self._frames = 0.0
        self._usual: Floats = np.zeros(classes, np.float32)

    def learn(self, highest: Floats) -> None:
        """(frames, classes), 0..1: of each frame the surest of each class."""
        bins = (highest * BINS).astype(np.intp).clip(0, BINS - 1)
        np.add.at(self._counts, (np.arange(bins.shape[1])[None], bins), 1.0)
        self._frames += len(bins)
        self._usual = self._levels()

    def surprises(self, confidences: Floats) -> Floats:
        """(things, classes): 1.0 is twice what is usual of that class."""
        surprises: Floats = ((confidences - self._usual) / np.maximum(self._usual, UNIT)).astype(np.float32)
        return surprises

    def array(self) -> NDArray[np.float64]:
        """What a snapshot keeps."""
        return self._counts

    def restore(self, counts: NDArray[np.float64]) -> None:
        """Go on from `array()`. Raises ValueError where it does not fit."""
        if counts.shape != self._counts.shape:
            raise ValueError("the snapshot knows other classes than this detector")
        self._counts = counts.astype(np.float64)
        self._frames = float(counts[0].sum()) if len(counts) else 0.0
        self._usual = self._levels()

    def _levels(self) -> Floats:
        """The upper edge of the highest bin that enough frames reached; 0 where none did."""
        reached = self._counts[:, ::-1].cumsum(axis=1)[:, ::-1] >= max(LEAST_FRAMES, RARE * self._frames)
        levels: Floats = (reached.sum(axis=1) / BINS).astype(np.float32)
        return levels
