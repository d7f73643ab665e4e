"""How fast things move, everywhere in a picture, and where that peaks: for what a detector does not know."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from inference.eye.detectors.protocol import Detections
from inference.eye.flow import SCALE
from inference.types import Floats

SURE = 0.5
"""A score from which on a detection says how large things are here."""
USUAL_HEIGHT = 0.15
"""Of the picture's height: how large things are taken to be where none is sure."""
SMALLEST, LARGEST = 0.06, 0.35
"""Of the picture's height: of what is averaged over."""
ROOM = 1.15
"""Times a thing's height: how high the window is."""
SLENDER = 0.62
"""A window's width to its height: a person with swinging arms and legs."""
LEAST_SPEED = 0.03
"""Picture widths a second: slower is noise of the flow."""


@dataclass(frozen=True, slots=True)
class Speeds:
    """Around each point, over a window as large as things are; picture widths a second."""

    mean: Floats
    """(rows, columns, 2): the mean velocity."""
    steady: Floats
    """(rows, columns): the length of the mean velocity; limbs and noise cancel out."""
    all: Floats
    """(rows, columns): the mean of all speeds; limbs and noise add up."""
    window: tuple[int, int]
    """Width and height, points, odd."""


def window_of(found: Detections, rows: int) -> tuple[int, int]:
    """Width and height, points, of what to average over in a picture of so many rows of points."""
    heights = (found.boxes[:, 3] - found.boxes[:, 1])[found.scores >= SURE] / SCALE
    usual = float(np.median(heights)) if len(heights) else USUAL_HEIGHT * rows
    height = ROOM * min(max(usual, SMALLEST * rows), LARGEST * rows)
    return int(SLENDER * height) | 1, int(height) | 1


def speeds_of(flow: Floats, window: tuple[int, int]) -> Speeds:
    mean = cast(Floats, cv2.blur(flow, window))
    everything = cast(Floats, cv2.blur(_length(flow), window))
    return Speeds(mean, _length(mean), everything, window)


def peaks(speeds: Speeds, most: int) -> Floats:
    """(n, 4): windows around the points where the speed peaks, in points, fastest first.

    Where all of something large moves alike the speed has a plateau, of which one point in each neighbourhood counts.
    """
    across, down = speeds.window
    reach = np.array([across // 4, down // 4])
    strength = speeds.all
    highest = cv2.dilate(strength, np.ones(2 * reach[::-1] + 1, np.uint8))
    rows, columns = np.nonzero((strength >= highest) & (strength > LEAST_SPEED))
    left = np.stack((columns, rows), axis=1)[np.argsort(-strength[rows, columns], kind="stable")]
    kept: list[NDArray[np.intp]] = []
    while len(left) and len(kept) < most:
        kept.append(left[0])
        left = left[(np.abs(left - left[0]) > reach).any(axis=1)]
    points = np.array(kept, np.float32).reshape(-1, 2)
    half = np.array([across, down], np.float32) / 2
    return np.concatenate((points - half, points + half), axis=1)


def _length(vectors: Floats) -> Floats:
    length: Floats = np.hypot(vectors[..., 0], vectors[..., 1])
    return length
