"""Dense optical flow where something moves: DIS (Kroeger et al., ECCV 2016), in pieces, as finely as there is time for.

Measured on UCSD Ped2: the coarse flow of DIS's presets mixes a body with what is behind it, and half the resolution
loses the slow cyclist among walkers. So small pieces are looked at in full resolution, up to FULL_PIXELS of them; the
largest, which hold crowds or what is near, in half of it, for a fifth of the cost.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TypeVar, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from inference.stages import staged
from inference.types import Floats

Grey = NDArray[np.uint8]
Cells = tuple[int, int, int, int]
"""Left, top, width and height of a rectangle, in cells."""
Values = TypeVar("Values", Grey, Floats)

SCALE = 2
"""Pixels of the frame per point, width and height: the answer is pooled to points."""
FULL_PIXELS = 36_000
"""Of a frame that are looked at in full resolution, at most: 2.4 ms of one core."""
MARGIN = 12
"""Pixels around what moves: where it came from."""
LEAST_SIDE = 64
"""Pixels of a piece: the more around what moves, the steadier its flow and the farther it may have come."""
LEAST_PICTURE = 32
"""Pixels: DIS refuses what is smaller than its patches, and this may be halved."""
FAR_SCALE = 1
"""Halvings of the points at which what moved far is looked for."""
CELL = 2
"""Points per cell in which the pieces are looked for."""
DESCENTS = 2
"""Gradient descent iterations per level; more change nothing that can be measured."""
PATCH_STRIDE = 6
"""Pixels between the 8x8 patches: half as many as with the usual 4; 5 is better by 0.005 of Ped2's AUC and dearer by a
fifth."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A rectangle of the picture, in points."""

    rows: slice
    columns: slice
    full: bool
    """Whether it is looked at in full resolution."""

    @property
    def size(self) -> int:
        """Points."""
        return int((self.rows.stop - self.rows.start) * (self.columns.stop - self.columns.start))

    @property
    def pixels(self) -> tuple[slice, slice]:
        return _times(self.rows), _times(self.columns)


class Flow:
    """Safe to use from any thread; one object serves all cameras."""

    def __init__(self) -> None:
        self._far = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_ULTRAFAST)
        self._fine = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_ULTRAFAST)
        self._fine.setGradientDescentIterations(DESCENTS)
        self._fine.setPatchStride(PATCH_STRIDE)
        self._fine.setUseMeanNormalization(False)  # two frames of one camera are equally bright
        self._lock = threading.Lock()  # they keep buffers

    @staged("flow")
    def between(self, before: Grey, now: Grey, active: NDArray[np.bool_]) -> Floats:
        """(height // 2, width // 2, 2): pixels to the right and down that what is here has come since `before`.

        `active`: where something moves, of any size; elsewhere the flow is 0.
        """
        shape = points_of(now.shape)
        flow = np.zeros((*shape, 2), np.float32)
        if min(now.shape) < LEAST_PICTURE:
            return flow
        with self._lock:
            # From this picture back to the one before, so that a value stands where the thing is now. What moved far
            # is found in the picture as a whole: a piece is too small for that.
            self._far.setFinestScale(FAR_SCALE)  # it lowers it for good where a picture is small
            far = cast(Floats, self._far.calc(halved(now), halved(before), cast(Floats, None)))
            for piece in plan(active, shape):
                here, there, start = now[piece.pixels], before[piece.pixels], far[piece.rows, piece.columns]
                if piece.full:
                    start = cast(Floats, cv2.resize(start * SCALE, here.shape[::-1]))
                    flow[piece.rows, piece.columns] = -halved(self._back(here, there, start))
                else:
                    flow[piece.rows, piece.columns] = -SCALE * self._back(halved(here), halved(there), start)
        return flow

    def _back(self, here: Grey, there: Grey, start: Floats) -> Floats:
        """(rows, columns, 2): pixels from what is here to where it was there, looked for from `start`."""
        self._fine.setFinestScale(0)
        pictures = np.ascontiguousarray(here), np.ascontiguousarray(there)
        return cast(Floats, self._fine.calc(*pictures, np.ascontiguousarray(start)))


def points_of(shape: tuple[int, ...]) -> tuple[int, int]:
    """Rows and columns of points of a picture."""
    return max(1, shape[0] // SCALE), max(1, shape[1] // SCALE)


def halved(values: Values) -> Values:
    """The mean of each SCALE x SCALE pixels; an odd row or column at the end is left out."""
    rows, columns = points_of(values.shape)
    even = values[: rows * SCALE, : columns * SCALE]
    return cast(Values, cv2.resize(even, (columns, rows), interpolation=cv2.INTER_AREA))


def plan(active: NDArray[np.bool_], shape: tuple[int, int]) -> list[Piece]:
    """Pieces of so many rows and columns of points that hold all that is active, the smallest first.

    They may overlap, and hold no more than the picture in all, nor more than FULL_PIXELS in full resolution.
    """
    height, width = shape
    cells = cv2.resize(active.astype(np.uint8), (-(-width // CELL), -(-height // CELL)), interpolation=cv2.INTER_AREA)
    reach = 2 * (MARGIN // (CELL * SCALE)) + 1
    wide = cv2.dilate(cells, np.ones((reach, reach), np.uint8))
    _, _, found, _ = cv2.connectedComponentsWithStats(wide, connectivity=8)
    boxes = _merged([_grown(box, cells.shape) for box in found[1:, :4].tolist()])
    if sum(map(_area, boxes)) > cells.size:
        boxes = [(0, 0, cells.shape[1], cells.shape[0])]
    pieces, room = [], FULL_PIXELS // SCALE**2
    for left, top, across, down in sorted(boxes, key=_area):
        rows = slice(top * CELL, min(height, (top + down) * CELL))
        columns = slice(left * CELL, min(width, (left + across) * CELL))
        room -= (rows.stop - rows.start) * (columns.stop - columns.start)
        pieces.append(Piece(rows, columns, full=room >= 0))
    return pieces


def _times(points: slice) -> slice:
    return slice(points.start * SCALE, points.stop * SCALE)


def _area(box: Cells) -> int:
    return box[2] * box[3]


def _grown(box: Cells, shape: tuple[int, ...]) -> Cells:
    """The same, or a larger one around it that is large enough."""
    (left, across), (top, down) = (
        _side(start, length, most) for start, length, most in ((box[0], box[2], shape[1]), (box[1], box[3], shape[0]))
    )
    return left, top, across, down


def _side(start: int, length: int, most: int) -> tuple[int, int]:
    wanted = min(most, max(length, LEAST_SIDE // (CELL * SCALE)))
    return max(0, min(start - (wanted - length) // 2, most - wanted)), wanted


def _merged(boxes: list[Cells]) -> list[Cells]:
    """As few as cost least: two that one covers for no more than both."""
    merged: list[Cells] = []
    for box in boxes:
        for other in list(merged):
            union = _union(box, other)
            if _area(union) <= _area(box) + _area(other):
                merged.remove(other)
                box = union
        merged.append(box)
    return merged


def _union(one: Cells, other: Cells) -> Cells:
    left, top = min(one[0], other[0]), min(one[1], other[1])
    right, bottom = max(one[0] + one[2], other[0] + other[2]), max(one[1] + one[3], other[1] + other[3])
    return left, top, right - left, bottom - top
