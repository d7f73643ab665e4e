"""The floor that every Eye must beat: how much the picture changed, with nothing learned."""

from __future__ import annotations

import cv2
import numpy as np
from av.video.frame import VideoFrame
from numpy.typing import NDArray

SIZE = (180, 120)
"""Width and height in which the change is measured, pixels."""
BLUR = (11, 11)
"""Pixels, a person's width at that size: noise and flicker are smaller, and single pixels say nothing."""


class FrameDifference:
    """The largest blurred absolute difference between a picture and the one before; 0 for the first."""

    def __init__(self) -> None:
        self._before: NDArray[np.float32] | None = None

    def score(self, picture: VideoFrame) -> float:
        """Grey levels, 0..255."""
        grey = cv2.resize(picture.to_ndarray(format="gray"), SIZE, interpolation=cv2.INTER_AREA)
        now, before = grey.astype(np.float32), self._before
        self._before = now
        return 0.0 if before is None else float(cv2.blur(cv2.absdiff(now, before), BLUR).max())
