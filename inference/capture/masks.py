"""Which pixels privacy masks hide. Rather a pixel too many than one too few."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from inference.types import Polygon


def covered(masks: Sequence[Polygon], width: int, height: int) -> NDArray[np.bool_]:
    """(height, width): True where a mask touches the pixel or its neighbour, since scaling mixes neighbours."""
    hidden = np.zeros((height, width), np.bool_)
    for mask in masks:
        corners = np.asarray(mask, np.float64) * (width, height)
        hidden |= _inside(corners, width, height) | _edges(corners, width, height)
    return _grown(hidden)


def _inside(corners: NDArray[np.float64], width: int, height: int) -> NDArray[np.bool_]:
    """Pixels whose centre is inside, by counting the edges to their right."""
    x, y = np.arange(width) + 0.5, (np.arange(height) + 0.5)[:, None]
    odd = np.zeros((height, width), np.bool_)
    for (x1, y1), (x2, y2) in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        if y1 != y2:
            odd ^= ((y1 > y) != (y2 > y)) & (x < (x2 - x1) * (y - y1) / (y2 - y1) + x1)
    return odd


def _edges(corners: NDArray[np.float64], width: int, height: int) -> NDArray[np.bool_]:
    """Pixels that an edge runs through: a thin mask may hold no pixel's centre."""
    touched = np.zeros((height, width), np.bool_)
    for begin, end in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        steps = int(np.abs(end - begin).max() * 2) + 2
        points = begin + (end - begin) * np.linspace(0.0, 1.0, steps)[:, None]
        columns = np.clip(points[:, 0].astype(int), 0, width - 1)
        rows = np.clip(points[:, 1].astype(int), 0, height - 1)
        touched[rows, columns] = True
    return touched


def _grown(hidden: NDArray[np.bool_]) -> NDArray[np.bool_]:
    padded = np.pad(hidden, 1)
    height, width = hidden.shape
    grown = np.zeros_like(hidden)
    for row in range(3):
        for column in range(3):
            grown |= padded[row : row + height, column : column + width]
    return grown
