"""Which normal pictures are most like the picture of an event."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from inference.types import Box
from inference.usual import NO_HOUR, NormalPicture, Small, small_of

HALF_A_DAY = 6.0
"""Grey levels that twelve hours between two pictures count as: light says more about likeness than the clock does."""
JUST_BEFORE = 120.0
"""Seconds before an event whose pictures come last: what began slowly may be in them, and would be most alike."""


def most_alike(
    jpeg: bytes, at: float, box: Box | None, pictures: Sequence[NormalPicture], *, most: int = 3
) -> list[NormalPicture]:
    """The pictures most like `jpeg`, taken at `at` (seconds since 1970), most similar first; `most` at most.

    Alike is what has few grey levels of difference in the picture as a whole, which is its light, and in the box, which
    is what usually happens there, at a similar time of day. Raises ValueError where `jpeg` is no picture.
    """
    grey = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_REDUCED_GRAYSCALE_4) if jpeg else None
    if grey is None:
        raise ValueError("the snapshot is not a JPEG")
    small = small_of(grey.astype(np.uint8))
    seen = NormalPicture(at, jpeg, small)
    return sorted(pictures, key=lambda each: (abs(at - each.at) < JUST_BEFORE, _difference(seen, each, box)))[:most]


def _difference(one: NormalPicture, other: NormalPicture, box: Box | None) -> float:
    """In grey levels, 0..510 and HALF_A_DAY."""
    apart = np.abs(one.small.astype(np.int16) - other.small)
    inside = apart[_cells(box, one.small)] if box else apart
    return float(apart.mean() + inside.mean()) + HALF_A_DAY * _hours_apart(one.hour, other.hour) / 12.0


def _cells(box: Box, small: Small) -> tuple[slice, slice]:
    """The part of a small picture that the box touches, never empty."""
    rows, columns = small.shape
    top, left = min(rows - 1, int(box.top * rows)), min(columns - 1, int(box.left * columns))
    return slice(top, max(top + 1, round(box.bottom * rows))), slice(left, max(left + 1, round(box.right * columns)))


def _hours_apart(one: int, other: int) -> int:
    """0..12; half of that where one is not known."""
    if NO_HOUR in (one, other):
        return 6
    return min((one - other) % 24, (other - one) % 24)
