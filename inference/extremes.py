"""Return levels: how high something gets once in so long, from less than that long, and how sure that is.

Peaks over threshold: what exceeds a high quantile follows a generalised Pareto distribution (Coles, An Introduction to
Statistical Modeling of Extreme Values, 2001, chapter 4; for streams: SPOT, Siffer et al., KDD 2017), fitted here by
probability-weighted moments (Hosking and Wallis, Technometrics 29, 1987, p. 341).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

START_QUANTILE = 0.95
"""Above it lies the tail: 864 blocks of a day. Lower and a log-normal body is taken for a tail, higher and a day is
too little."""
LEAST_EXCESSES = 10
"""Fewer say nothing of the shape: then the tail is taken for exponential."""
STEEPEST, HEAVIEST = -0.3, 0.5
"""Shapes that are believed. A score has no hard end; above 0.5 the moments that are fitted do not exist."""
SURE = 1.645
"""Standard errors above the estimate: a one-sided 95 % bound."""


def return_level(peaks: NDArray[np.float32], *, per_block: float, sure: float = SURE) -> float:
    """An upper bound of the level that block maxima exceed with the probability `per_block`.

    It lies `sure` standard errors above the estimate. `peaks`: (n,), in the order they came, n > 0. The error is the
    delta method's (Coles 2001, 4.3.3), with as many independent observations as there are clusters of excesses
    (5.3.2): busy minutes are one observation, not ten.
    """
    rank = min(int(START_QUANTILE * len(peaks)), len(peaks) - 1)
    start = float(np.partition(peaks, rank)[rank])
    over = peaks > start
    excess = np.sort(peaks[over].astype(np.float64) - start)
    ratio = len(excess) / len(peaks) / per_block
    if ratio <= 1.0:
        return start
    clusters = 1 + int(np.count_nonzero(np.diff(np.flatnonzero(over)) > 1))
    shape, scale = _fit(excess)
    growth, by_shape = _growth(shape, ratio)
    gradient = np.array([growth, scale * by_shape])
    covariance = np.array([[2 * scale**2, -scale], [-scale, 1 + shape]]) * (1 + shape) / clusters
    if len(excess) < LEAST_EXCESSES:
        gradient, covariance = gradient[:1], covariance[:1, :1]
    return start + scale * growth + sure * float(np.sqrt(gradient @ covariance @ gradient))


def _fit(excess: NDArray[np.float64]) -> tuple[float, float]:
    """Shape and scale of the excesses, sorted upwards."""
    count, mean = len(excess), float(excess.mean())
    if count < LEAST_EXCESSES:
        return 0.0, mean
    share_above = (count - np.arange(1, count + 1) + 0.35) / count
    weighted = float((excess * share_above).mean())
    shape = float(np.clip(2.0 - mean / max(mean - 2.0 * weighted, 1e-9), STEEPEST, HEAVIEST))
    return shape, mean * (1.0 - shape)


def _growth(shape: float, ratio: float) -> tuple[float, float]:
    """How many scales the level lies above the start, and how that changes with the shape."""
    shape = shape if abs(shape) > 1e-3 else 1e-3  # as good as exponential, without a division by nothing
    power = ratio**shape
    return (power - 1.0) / shape, power * np.log(ratio) / shape - (power - 1.0) / shape**2
