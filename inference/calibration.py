"""Calibration: from which surprise on a camera alarms, so that false alarms keep within its budget.

Peaks over threshold (Coles 2001, chapter 4; for streams: SPOT, Siffer et al., KDD 2017). The surprise of normal footage
is cut into blocks as long as an event, whose maxima are nearly independent; a generalised Pareto distribution is fitted
to those over their 90 % quantile by probability-weighted moments (Hosking and Wallis 1987), and the threshold is where
it leaves as many exceedances a day as the budget allows.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from inference.memory.recent import Recent

BLOCK_SECONDS = 5.0
"""As the merge gap of events: what lies in one block would be one event."""
BLOCKS_KEPT = 17_280
"""One day."""
LEAST_BLOCKS = 24
"""Two minutes; before, only the floor is known."""
TRUSTED_BLOCKS = 5760
"""Eight hours: from then on the threshold is no longer provisional."""
FIT_EVERY = 12
"""Blocks: once a minute."""
FLOOR = 1.5
"""Surprise under which nothing alarms, whatever the budget: a silent scene stays silent."""
PROVISIONAL_CEILING = 2.5
"""A provisional threshold does not go above: minutes say nothing certain about a day, and a camera that nothing can
alarm is worse than one that alarms too often."""
CEILING = 10.0
DAY = 86_400.0


class Calibration:
    """One camera's threshold. Give it the surprise of normal moments only."""

    def __init__(self, alarm_budget: float) -> None:
        self._budget = alarm_budget
        self._blocks = Recent(BLOCKS_KEPT)
        self._block_began: float | None = None
        self._block_peak = 0.0
        self._since_fit = 0
        self._threshold = FLOOR

    @property
    def threshold(self) -> float:
        """Surprise from which on it is an anomaly."""
        return self._threshold

    @property
    def provisional(self) -> bool:
        """Whether there is too little history to promise the budget."""
        return len(self._blocks) < TRUSTED_BLOCKS

    def add(self, surprise: float, at: float) -> None:
        """Take a normal moment's surprise into the history; `at` in seconds."""
        if self._block_began is None:
            self._block_began = at
        if at - self._block_began >= BLOCK_SECONDS or at < self._block_began:
            self._blocks.add(self._block_peak)
            self._block_began, self._block_peak = at, 0.0
            self._since_fit += 1
            if self._since_fit >= FIT_EVERY:
                self._threshold, self._since_fit = self._fit(), 0
        self._block_peak = max(self._block_peak, surprise)

    def array(self) -> NDArray[np.float32]:
        """What a snapshot keeps."""
        return self._blocks.array()

    def restore(self, blocks: NDArray[np.float32]) -> None:
        """Go on from `array()`."""
        self._blocks.restore(blocks)
        self._threshold = self._fit()

    def _fit(self) -> float:
        peaks = self._blocks.array()
        if len(peaks) < LEAST_BLOCKS:
            return FLOOR
        level = exceeded_once(peaks, per_block=max(self._budget, 1e-3) * BLOCK_SECONDS / DAY)
        return float(np.clip(level, FLOOR, PROVISIONAL_CEILING if self.provisional else CEILING))


def exceeded_once(peaks: NDArray[np.float32], *, per_block: float) -> float:
    """The level that block maxima exceed with the probability `per_block`."""
    start = float(np.quantile(peaks, 0.9))
    excess = np.sort(peaks[peaks > start].astype(np.float64) - start)
    if len(excess) < 3:
        return float(peaks.max())
    share = len(excess) / len(peaks)
    mean = excess.mean()
    weighted = float((excess * (len(excess) - np.arange(1, len(excess) + 1) + 0.35) / len(excess)).mean())
    shape = float(np.clip(2.0 - mean / max(mean - 2.0 * weighted, 1e-9), -0.5, 0.5))
    scale = mean * (1.0 - shape)
    ratio = share / per_block
    growth = np.log(ratio) if abs(shape) < 1e-3 else (ratio**shape - 1.0) / shape
    return float(start + scale * max(growth, 0.0))
