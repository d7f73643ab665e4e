"""How every point of a picture moves: dense optical flow (DIS: Kroeger et al., ECCV 2016), fine enough for limbs."""

from __future__ import annotations

import threading
from typing import cast

import cv2
import numpy as np

from inference.types import Floats, Pixels

SCALE = 2
"""Pixels of the frame per point of the answer: a person's limbs are a few points wide."""
LEAST_PICTURE = 16
"""Pixels: DIS refuses what is smaller than its patches; nothing is seen moving there."""


class DenseFlow:
    """Thread-safe; keeps the buffers of the method and nothing of what it saw."""

    def __init__(self) -> None:
        self._flow = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_ULTRAFAST)
        self._flow.setFinestScale(0)  # coarser flow blurs a person 6 points wide away
        self._flow.setGradientDescentIterations(6)
        self._lock = threading.Lock()

    def between(self, before: Pixels, now: Pixels) -> Floats:
        """(rows, columns, 2): points to the right and down that what is here now has come; both of the same shape."""
        if min(now.shape[:2]) < LEAST_PICTURE:
            return np.zeros((*shape_of(now), 2), np.float32)
        here, there = _grey(now), _grey(before)
        with self._lock:
            back = self._flow.calc(here, there, np.zeros((*here.shape, 2), np.float32))
        height, width = shape_of(now)
        mean = cv2.resize(back, (width, height), interpolation=cv2.INTER_AREA)
        return cast(Floats, mean * np.float32(-width / here.shape[1]))


def shape_of(pixels: Pixels) -> tuple[int, int]:
    """Rows and columns of points of a picture's flow."""
    return max(1, pixels.shape[0] // SCALE), max(1, pixels.shape[1] // SCALE)


def _grey(pixels: Pixels) -> Pixels:
    """As large as the frame: at half its size, people 30 pixels high lose their limbs."""
    return cast(Pixels, cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY))
