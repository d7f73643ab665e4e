"""How well scores tell anomalous frames from normal ones. Higher scores mean more anomalous; ties count half."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats64 = NDArray[np.float64]
Labels = NDArray[np.bool_]

RESAMPLES = 1000
"""Enough that the ends of a 95 % interval move by less than the interval is worth."""
SEED = 20_100_614
"""Of the resampling: the same interval on every run."""


def auc(scores: Floats64, labels: Labels) -> float | None:
    """Area under the ROC curve; None where the labels are all the same."""
    return weighted_auc(scores, labels.astype(np.float64), (~labels).astype(np.float64))


def weighted_auc(values: Floats64, positives: Floats64, negatives: Floats64) -> float | None:
    """Area under the ROC curve of values that occurred so many times among positives and among negatives.

    That is the chance that a positive's value is the higher one (Mann and Whitney 1947).
    """
    levels, level = np.unique(values, return_inverse=True)
    positive = np.bincount(level, positives, len(levels))
    negative = np.bincount(level, negatives, len(levels))
    pairs = positive.sum() * negative.sum()
    if not pairs:
        return None
    below = np.cumsum(negative) - negative
    return float((positive * (below + negative / 2)).sum() / pairs)


def equal_error_rate(scores: Floats64, labels: Labels) -> float | None:
    """Where as large a share of normal frames is over the threshold as of anomalous ones under it; None as in `auc`."""
    if labels.all() or not labels.any():
        return None
    order = np.argsort(-scores, kind="stable")
    last_of_level = np.append(np.diff(scores[order]) != 0, True)
    missed = np.append(1.0, 1.0 - np.cumsum(labels[order])[last_of_level] / labels.sum())
    false = np.append(0.0, np.cumsum(~labels[order])[last_of_level] / (~labels).sum())
    after = int(np.argmax(false >= missed))
    gap_before, gap_after = missed[after - 1] - false[after - 1], false[after] - missed[after]
    way = gap_before / (gap_before + gap_after)
    return float(false[after - 1] + way * (false[after] - false[after - 1]))


def macro_auc(scores: Sequence[Floats64], labels: Sequence[Labels]) -> float | None:
    """The mean over the clips that have both kinds of frames; None where none has."""
    values = [value for clip, truth in zip(scores, labels, strict=True) if (value := auc(clip, truth)) is not None]
    return float(np.mean(values)) if values else None


def micro_interval(scores: Sequence[Floats64], labels: Sequence[Labels]) -> tuple[float, float] | None:
    """95 % confidence interval of the micro AUC by bootstrap over clips (Efron 1979), since frames are not independent.

    None where there is one clip only, or hardly a resample with both kinds of frames.
    """
    if len(scores) < 2:
        return None
    random = np.random.default_rng(SEED)
    values = []
    for _ in range(RESAMPLES):
        drawn = random.integers(0, len(scores), len(scores))
        value = auc(np.concatenate([scores[clip] for clip in drawn]), np.concatenate([labels[clip] for clip in drawn]))
        if value is not None:
            values.append(value)
    if len(values) < RESAMPLES // 2:
        return None
    low, high = np.quantile(values, (0.025, 0.975))
    return float(low), float(high)
