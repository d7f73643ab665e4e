"""Looking closely at a wide picture: squares that overlap, and one list of things out of what is seen in each.

Small people are found when the picture is enlarged before it goes into a detector, and squares waste none of its input
(slicing-aided inference: Akyon et al., ICIP 2022).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inference.boxes import overlaps
from inference.eye.detectors.protocol import Detections
from inference.types import Floats, Pixels

OVERLAP = 0.2
"""Of a tile's side, at least: a person that stands on the border of one is whole in the other."""
SAME = 0.5
"""Overlap over union from which on two boxes are one thing, whatever they are called."""
INSIDE = 0.6
"""Of the smaller box within the other, from which on a box that its tile cuts off is a part of the other."""
CANDIDATES = 400
"""Looked at in one picture: a detector gives a few for each thing."""
NEAR_EDGE = 2.0
"""Pixels to the border of a tile from which on a box counts as cut off by it."""


@dataclass(frozen=True, slots=True)
class Tile:
    """A square part of a picture, pixels."""

    left: int
    top: int
    pixels: Pixels


def tiles_of(picture: Pixels) -> list[Tile]:
    """Squares as high (or wide, where it is upright) as the picture, as few as cover it."""
    height, width = picture.shape[:2]
    side = min(height, width)
    long = max(height, width)
    count = max(1, int(np.ceil((long - OVERLAP * side) / ((1.0 - OVERLAP) * side))))
    starts = [round(number * (long - side) / max(1, count - 1)) for number in range(count)]
    if width >= height:
        return [Tile(start, 0, picture[:, start : start + side]) for start in starts]
    return [Tile(0, start, picture[start : start + side]) for start in starts]


def merge(picture: Pixels, tiles: Sequence[Tile], seen: Sequence[Detections], *, most: int) -> Detections:
    """What the tiles saw, each thing once and at most so many, in pixels of the picture; the surest first.

    The classes of a thing are the mean of those of all candidates for it, by how sure they are: less noise.
    """
    height, width = picture.shape[:2]
    boxes = np.concatenate(
        [found.boxes + np.tile([tile.left, tile.top], 2) for tile, found in zip(tiles, seen, strict=True)]
    )
    cut = np.concatenate([_cut(tile, found.boxes, picture) for tile, found in zip(tiles, seen, strict=True)])
    scores = np.concatenate([found.scores for found in seen])
    kinds = np.concatenate([found.kinds for found in seen])
    order = np.lexsort((-scores, cut))[:CANDIDATES]
    boxes, cut, scores, kinds = boxes[order], cut[order], scores[order], kinds[order]
    groups = _groups(boxes, cut)[:most]
    firsts = np.array([group[0] for group in groups], np.intp)
    means = [np.average(kinds[group], axis=0, weights=scores[group] + 1e-6) for group in groups]
    return Detections(
        boxes[firsts].clip(0, [width, height, width, height]).astype(np.float32).reshape(-1, 4),
        scores[firsts].astype(np.float32),
        np.array(means, np.float32).reshape(len(groups), kinds.shape[1]),
    )


def _groups(boxes: Floats, cut: NDArray[np.bool_]) -> list[NDArray[np.intp]]:
    """Which candidates are one thing, the best of each first: greedy suppression, whatever the class."""
    union, smaller = overlaps(boxes, boxes)
    same = (union > SAME) | ((smaller > INSIDE) & cut[None])
    free = np.ones(len(boxes), np.bool_)
    groups = []
    for best in range(len(boxes)):
        if free[best]:
            others = free & same[best]
            others[best] = False
            groups.append(np.concatenate(([best], np.nonzero(others)[0])).astype(np.intp))
            free[groups[-1]] = False
    return groups


def _cut(tile: Tile, boxes: Floats, picture: Pixels) -> NDArray[np.bool_]:
    """Which boxes reach a border of the tile that is not one of the picture."""
    height, width = tile.pixels.shape[:2]
    left, top, right, bottom = boxes.T
    cut: NDArray[np.bool_] = (
        ((left < NEAR_EDGE) & (tile.left > 0))
        | ((top < NEAR_EDGE) & (tile.top > 0))
        | ((right > width - NEAR_EDGE) & (tile.left + width < picture.shape[1]))
        | ((bottom > height - NEAR_EDGE) & (tile.top + height < picture.shape[0]))
    )
    return cut
