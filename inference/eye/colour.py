"""What colour something has: that of what is most colourful in it, a coat rather than the grey street behind it."""

from __future__ import annotations

from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from inference.types import Floats, Pixels

COARSE = 2
"""Points between those that are looked at: a coat is larger."""
GREY = 1e-3
"""Strength of colour under which it is none, of 1."""


def colours_at(
    pixels: Pixels, active: NDArray[np.bool_], rows: NDArray[np.intp], columns: NDArray[np.intp], body: tuple[int, int]
) -> Floats:
    """(n, 2), -1..1: red against green, and both against blue, of what is `active` within a body around each point.

    Opponent colours are 0 for grey, and do not change much with the light; each counts by its strength, so that it is
    the most colourful part that tells. `active`, the points and the body are in points of that picture halved.
    """
    tried = np.ascontiguousarray(active[::COARSE, ::COARSE]).astype(np.float32)
    small = cv2.resize(pixels, tried.shape[::-1], interpolation=cv2.INTER_AREA).astype(np.float32) / 255.0
    blue, green, red = cv2.split(small)
    warm, yellow = red - green, (red + green) / 2.0 - blue
    strength = cast(Floats, cv2.magnitude(warm, yellow)) * tried
    around = body[0] // COARSE | 1, body[1] // COARSE | 1
    sums = cv2.blur(cv2.merge((warm * strength, yellow * strength, strength)), around)
    here = sums[rows // COARSE, columns // COARSE]
    return np.asarray(here[:, :2] / np.maximum(here[:, 2:], GREY), np.float32)
