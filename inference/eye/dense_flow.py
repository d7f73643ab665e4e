"""How every point of a picture moves: dense optical flow (DIS: Kroeger et al., ECCV 2016), fine enough for limbs."""

from __future__ import annotations

import threading
from typing import cast

import cv2
import numpy as np

from inference.eye.flow import points_of
from inference.eye.picture import grey_of
from inference.types import Floats, Pixels

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
        height, width = points_of(now.shape)
        if min(now.shape[:2]) < LEAST_PICTURE:
            return np.zeros((height, width, 2), np.float32)
        here, there = grey_of(now), grey_of(before)  # in full size: in half, people 30 pixels high lose their limbs
        with self._lock:
            back = self._flow.calc(here, there, np.zeros((*here.shape, 2), np.float32))
        mean = cv2.resize(back, (width, height), interpolation=cv2.INTER_AREA)
        return cast(Floats, mean * np.float32(-width / here.shape[1]))
