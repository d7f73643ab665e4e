"""Where it was unusual, against pixel masks: heat maps of the scored things' boxes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from inference.evaluation.metrics import auc, weighted_auc
from inference.types import Floats

COVERED = 0.4
"""Share of an anomaly's pixels that must be found (Mahadevan et al., CVPR 2010)."""


class HeatTally:
    """Counts, over all frames, how hot anomalous and normal pixels were. A pixel is as hot as its hottest thing."""

    def __init__(self) -> None:
        self._levels: list[Floats] = []
        self._positives: list[NDArray[np.int64]] = []
        self._negatives: list[NDArray[np.int64]] = []
        self._frame_scores: list[float] = []
        self._frame_labels: list[bool] = []

    def add(self, boxes: Floats, surprises: Floats, mask: NDArray[np.bool_]) -> None:
        """`boxes` (n, 4) in 0..1 with their `surprises` (n,), and the (rows, columns) that are anomalous."""
        order = np.argsort(surprises, kind="stable")
        ranks = _painted(boxes[order], mask.shape)
        levels = np.append(np.float32(0.0), surprises[order])
        counts = np.bincount(ranks.ravel(), minlength=len(levels))
        positives = np.bincount(ranks[mask], minlength=len(levels))
        self._levels.append(levels)
        self._positives.append(positives)
        self._negatives.append(counts - positives)
        anomalous = bool(positives.sum())
        least = COVERED * positives.sum() if anomalous else 1
        reached = np.cumsum((positives if anomalous else counts)[::-1])[::-1] >= least
        self._frame_scores.append(float(levels[np.nonzero(reached)[0][-1]]))
        self._frame_labels.append(anomalous)

    def pixel_auc(self) -> float | None:
        """Over all pixels of all frames."""
        parts = (np.concatenate(part).astype(np.float64) for part in (self._levels, self._positives, self._negatives))
        return weighted_auc(*parts)

    def coverage_auc(self) -> float | None:
        """Over frames: an anomalous one is found where COVERED of its mask is as hot, a normal one is false where any
        pixel is.
        """
        return auc(np.array(self._frame_scores), np.array(self._frame_labels, np.bool_))


def _painted(boxes: Floats, shape: tuple[int, ...]) -> NDArray[np.intp]:
    """(rows, columns): the number of the last box over each pixel, counted from 1; 0 where there is none."""
    rows, columns = shape
    canvas = np.zeros((rows, columns), np.intp)
    edges = np.clip(boxes, 0.0, 1.0) * np.array((columns, rows, columns, rows), np.float32)
    lows, highs = np.floor(edges[:, :2]).astype(int), np.ceil(edges[:, 2:]).astype(int)
    for number, ((left, top), (right, bottom)) in enumerate(zip(lows, highs, strict=True), 1):
        canvas[top:bottom, left:right] = number
    return canvas
