"""What colour something has: that of what is most colourful in it, a coat rather than the grey street behind it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from inference.types import Floats, Pixels

GRID = np.linspace(-0.5, 0.5, 8)
"""Of a body's width and height: where in it is looked."""
GREY = 1e-3
"""Strength of colour under which it is none, of 1."""


def colours_at(
    pixels: Pixels, active: NDArray[np.bool_], rows: NDArray[np.intp], columns: NDArray[np.intp], body: tuple[int, int]
) -> Floats:
    """(n, 2), -1..1: red against green, and both against blue, of what is `active` within a body around each point.

    Opponent colours are 0 for grey, and do not change much with the light; each counts by its strength, so that it is
    the most colourful part that tells. `active`, the points and the body are in points of that picture halved.
    """
    height, width = active.shape
    down = (rows[:, None] + (GRID * body[1]).astype(np.intp)).clip(0, height - 1)[:, :, None]
    across = (columns[:, None] + (GRID * body[0]).astype(np.intp)).clip(0, width - 1)[:, None]
    blue, green, red = np.moveaxis(pixels[2 * down, 2 * across].astype(np.float32) / np.float32(255.0), -1, 0)
    opponents = np.stack((red - green, (red + green) / 2 - blue))
    strength = np.hypot(*opponents) * active[down, across]
    sums, strongest = (opponents * strength).sum(axis=(2, 3)), strength.sum(axis=(1, 2))
    return np.asarray((sums / np.maximum(strongest, GREY)).T, np.float32)
