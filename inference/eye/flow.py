"""Dense optical flow where something moves: DIS (Kroeger et al., ECCV 2016), at full resolution, in pieces.

Measured on UCSD Ped2: the coarse flow of DIS's presets mixes a body with what is behind it, and half the resolution
loses the slow cyclist among walkers; flow only where pixels changed costs less than coarse flow everywhere.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from inference.types import Floats

Grey = NDArray[np.uint8]
Cells = tuple[int, int, int, int]
"""Left, top, width and height of a rectangle, in cells."""

MARGIN = 12
"""Pixels around what moves: where it came from."""
LEAST_SIDE = 112
"""Pixels of a piece: the more around what moves, the steadier its flow."""
LEAST_PICTURE = 16
"""Pixels: DIS refuses what is smaller than its patches."""
FAR_SCALE = 2
"""Halvings at which what moved far is looked for."""
WHOLE = 0.7
"""Share of the picture from which pieces cost more than all of it."""
CELL = 4
"""Pixels per cell in which the pieces are looked for."""
DESCENTS = 2
"""Gradient descent iterations per level; more change nothing that can be measured."""
PATCH_STRIDE = 5
"""Pixels between the 8x8 patches: a quarter cheaper than the usual 4, and 6 would leave gaps."""


class Flow:
    """Safe to use from any thread; one object serves all cameras."""

    def __init__(self) -> None:
        self._far = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_ULTRAFAST)
        self._fine = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_ULTRAFAST)
        self._fine.setFinestScale(0)
        self._fine.setGradientDescentIterations(DESCENTS)
        self._fine.setPatchStride(PATCH_STRIDE)
        self._fine.setUseMeanNormalization(False)  # two frames of one camera are equally bright
        self._lock = threading.Lock()  # they keep buffers

    def between(self, before: Grey, now: Grey, active: NDArray[np.bool_]) -> Floats:
        """(height, width, 2): pixels to the right and down that what is here has come since `before`.

        `active`: where something moves, of any size; elsewhere the flow is 0.
        """
        flow = np.zeros((*now.shape, 2), np.float32)
        if min(now.shape) < LEAST_PICTURE:
            return flow
        with self._lock:
            self._far.setFinestScale(FAR_SCALE)  # it lowers it for good where a picture is small
            # From this picture back to the one before, so that a value stands where the thing is now. What moved far
            # is found in the picture as a whole: a piece is too small for that.
            far = self._far.calc(now, before, flow.copy())
            for piece in _pieces(active, now.shape):
                here, there = np.ascontiguousarray(now[piece]), np.ascontiguousarray(before[piece])
                flow[piece] = -self._fine.calc(here, there, np.ascontiguousarray(far[piece]))
        return flow


def _pieces(active: NDArray[np.bool_], shape: tuple[int, ...]) -> Iterator[tuple[slice, slice]]:
    """Rectangles of the picture, in pixels, that hold all that is active; they may overlap."""
    height, width = shape
    cells = cv2.resize(active.astype(np.uint8), (-(-width // CELL), -(-height // CELL)), interpolation=cv2.INTER_AREA)
    reach = 2 * (MARGIN // CELL) + 1
    wide = cv2.dilate(cells, np.ones((reach, reach), np.uint8))
    _, _, found, _ = cv2.connectedComponentsWithStats(wide, connectivity=8)
    boxes = _merged([_grown(box, cells.shape) for box in found[1:, :4].tolist()])
    if sum(across * down for _, _, across, down in boxes) > WHOLE * cells.size:
        yield slice(0, height), slice(0, width)
        return
    for left, top, across, down in boxes:
        yield (
            slice(top * CELL, min(height, (top + down) * CELL)),
            slice(left * CELL, min(width, (left + across) * CELL)),
        )


def _grown(box: Cells, shape: tuple[int, ...]) -> Cells:
    """The same, or a larger one around it that is large enough."""
    (left, across), (top, down) = (
        _side(start, length, most) for start, length, most in ((box[0], box[2], shape[1]), (box[1], box[3], shape[0]))
    )
    return left, top, across, down


def _side(start: int, length: int, most: int) -> tuple[int, int]:
    wanted = min(most, max(length, LEAST_SIDE // CELL))
    return max(0, min(start - (wanted - length) // 2, most - wanted)), wanted


def _merged(boxes: list[Cells]) -> list[Cells]:
    """As few as cost least: two that one covers for no more than both."""
    merged: list[Cells] = []
    for box in boxes:
        for other in list(merged):
            union = _union(box, other)
            if union[2] * union[3] <= box[2] * box[3] + other[2] * other[3]:
                merged.remove(other)
                box = union
        merged.append(box)
    return merged


def _union(one: Cells, other: Cells) -> Cells:
    left, top = min(one[0], other[0]), min(one[1], other[1])
    right, bottom = max(one[0] + one[2], other[0] + other[2]), max(one[1] + one[3], other[1] + other[3])
    return left, top, right - left, bottom - top
