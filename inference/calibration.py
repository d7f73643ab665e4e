"""Calibration: from which surprise on a camera alarms, so that false alarms keep within its budget.

The surprise of normal footage is cut into blocks as long as the merge gap of events, whose maxima are what can alarm.
The threshold is an upper bound of the level that they exceed as often as the budget allows (see `extremes`), taken over
the last day and over the last week, whichever is higher: a scene that grows livelier is followed within a day, and a
quiet Sunday does not make Monday alarm. A day holds each hour once, so the rhythm of day and night is in either.

What alarmed is left out where it went far beyond the threshold: it was an anomaly. An alarm that only just passed is
taken for the normal tail and stays in: left out, it would cut the tail off, each threshold would be lower than the
last, and the budget be lost (measured: 68 alarms a day at a budget of 20). When a person confirms that it was real, it
leaves by `confirm`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from inference.extremes import SURE, return_level

BLOCK_SECONDS = 5.0
"""As the merge gap of events: what lies in one block would be one event."""
DAY = 86_400.0
DAY_BLOCKS = int(DAY / BLOCK_SECONDS)
BLOCKS_KEPT = 7 * DAY_BLOCKS
"""A week: half a megabyte."""
LEAST_BLOCKS = 24
"""Two minutes; before, only the floor is known."""
TRUSTED_BLOCKS = DAY_BLOCKS
"""One day, which has seen each hour: from then on the threshold is no longer provisional."""
FIT_EVERY = 12
"""Blocks: once a minute at first,"""
FIT_GROWTH = 48
"""and later whenever there is one in so many more: twice an hour after a day, as nothing moves faster."""
FLOOR = 1.5
"""Surprise under which nothing alarms, whatever the budget: a silent scene stays silent."""
PROVISIONAL_CEILING = 2.5
"""A threshold from less than an hour does not go above: minutes say nothing certain about a day, and a camera that
nothing can alarm is worse than one that alarms too often."""
CEILING_BLOCKS = 720
"""One hour."""
HARDLY_SURE = 0.5
"""Standard errors while it is provisional. The whole bound of some hours lies so high that real anomalies pass under it
(measured: 44 % of them found on a heavy tail), and the day costs the month's budget little."""
PLAUSIBLE = 10.0
"""An alarm is of the normal tail if normal footage goes so far at least once in so many alarms of the budget."""
AIM = 0.7
"""Share of the budget that is aimed at: what the bound of `extremes` does not know of is that the tail is not quite a
Pareto's and that scenes drift. With 1.0 a heavy tail had 21 alarms a day at a budget of 20."""
ALARMS_KEPT = 1000
"""More than a week's at any budget that a person can look at."""


class Calibration:
    """One camera's threshold. Give it the surprise of normal moments only."""

    def __init__(self, alarm_budget: float) -> None:
        self._budget = alarm_budget
        self._blocks = np.zeros(BLOCKS_KEPT, np.float32)
        self._count = 0
        self._block_began: float | None = None
        self._block_peak = 0.0
        self._since_fit = 0
        self._threshold = self._plausible = FLOOR
        """`_plausible`: what normal footage may well reach."""
        self._alarms: deque[tuple[float, int]] = deque(maxlen=ALARMS_KEPT)
        """When it alarmed, and which block stands for it, counted from the first ever."""

    def __len__(self) -> int:
        """Blocks kept."""
        return min(self._count, BLOCKS_KEPT)

    @property
    def threshold(self) -> float:
        """Surprise from which on it is an anomaly."""
        return self._threshold

    @property
    def provisional(self) -> bool:
        """Whether there is too little history to promise the budget."""
        return len(self) < TRUSTED_BLOCKS

    @property
    def trusted_in(self) -> float:
        """Seconds of normal footage until the threshold is no longer provisional; 0 when it is not."""
        return max(0, TRUSTED_BLOCKS - len(self)) * BLOCK_SECONDS

    def add(self, surprise: float, at: float) -> None:
        """Take a normal moment's surprise into the history; `at` in seconds."""
        if self._block_began is None:
            self._block_began = at
        if at - self._block_began >= BLOCK_SECONDS or at < self._block_began:
            self._take(self._block_peak)
            self._block_began, self._block_peak = at, 0.0
        self._block_peak = max(self._block_peak, surprise)

    def alarmed(self, peak: float, at: float) -> None:
        """An event is over that was open at `at`, its first frame or the one after; `peak` is its highest surprise."""
        if peak < self._plausible:
            self._alarms.append((at, self._count))
            self._take(peak)

    def confirm(self, spans: Sequence[tuple[float, float]]) -> None:
        """The events from when to when, seconds, were real: they leave the history. Again is as once.

        An event is known to be open from the frame after the one that opened it, which may have been its last. Another
        one does not open within a block of its end, since that is as long as the merge gap.
        """
        spans = [(start, end + BLOCK_SECONDS) for start, end in spans]
        real = [alarm for alarm in self._alarms if any(start <= alarm[0] <= end for start, end in spans)]
        for at, number in real:
            if self._count - number <= BLOCKS_KEPT:
                self._blocks[number % BLOCKS_KEPT] = 0.0
            self._alarms.remove((at, number))
        if real:
            self._threshold = self._fit()

    def array(self) -> NDArray[np.float32]:
        """What a snapshot keeps, oldest first."""
        if self._count <= BLOCKS_KEPT:
            return self._blocks[: self._count].copy()
        return np.roll(self._blocks, -(self._count % BLOCKS_KEPT))

    def alarms(self) -> NDArray[np.float64]:
        """(n, 2): what a snapshot keeps of the alarms in the history: when, and how many blocks ago."""
        return np.array([(at, self._count - number) for at, number in self._alarms], np.float64).reshape(-1, 2)

    def restore(self, blocks: NDArray[np.float32], alarms: NDArray[np.float64] | None = None) -> None:
        """Go on from `array()` and `alarms()`."""
        kept = blocks[-BLOCKS_KEPT:]
        self._blocks[: len(kept)] = kept
        self._count = len(kept)
        ages = [] if alarms is None else alarms.tolist()
        self._alarms.extend((at, self._count - int(age)) for at, age in ages if 0 < age <= self._count)
        self._threshold = self._fit()

    def _take(self, peak: float) -> None:
        self._blocks[self._count % BLOCKS_KEPT] = peak
        self._count += 1
        self._since_fit += 1
        if self._since_fit >= max(FIT_EVERY, len(self) // FIT_GROWTH):
            self._threshold, self._since_fit = self._fit(), 0

    def _fit(self) -> float:
        """The threshold for what is kept."""
        if len(self) < LEAST_BLOCKS:
            return FLOOR
        per_block = AIM * max(self._budget, 1e-3) * BLOCK_SECONDS / DAY
        level = self._level(per_block)
        if len(self) < CEILING_BLOCKS:
            level = min(level, PROVISIONAL_CEILING)
        self._plausible = max(level, self._level(per_block / PLAUSIBLE))
        return max(level, FLOOR)

    def _level(self, per_block: float) -> float:
        week, sure = self.array(), HARDLY_SURE if self.provisional else SURE
        level = return_level(week, per_block=per_block, sure=sure)
        if len(week) > DAY_BLOCKS:
            level = max(level, return_level(week[-DAY_BLOCKS:], per_block=per_block, sure=sure))
        return level
