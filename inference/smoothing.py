"""Smoothing: a moment is as surprising as its middle frame. A flash or a lamp is gone, what is in most frames stays.

What is wrong is wrong for a frame or two, however fast frames come: so a moment is a few frames rather than a time.
Measured on UCSD Ped2 at 10 frames a second, the median of five or six frames finds more, and sooner, than that of a
second. A mean finds no more, and what it says is no frame's own score, place and reasons, to be shown and scored again.
"""

from __future__ import annotations

from collections import deque
from typing import NamedTuple

from inference.types import Features, Frame, Score

MEDIAN_SECONDS = 1.0
"""At most: where frames come slowly an alarm must not wait for many of them."""
MEDIAN_FRAMES = 6
"""At most: as many as a second has at the usual 5 frames a second, unevenly as cameras send them."""


class Moment(NamedTuple):
    """A frame with what was made of it, by a Memory that had learned so much."""

    frame: Frame
    score: Score
    features: Features
    learned_seconds: float


class Smoothing:
    """The last MEDIAN_FRAMES, of the last MEDIAN_SECONDS. Used by one thread."""

    def __init__(self) -> None:
        self._moments: deque[Moment] = deque(maxlen=MEDIAN_FRAMES)

    def middle(self, moment: Moment) -> Moment:
        """Take the newest frame; the middle one of those kept, with its own score, place and reasons."""
        self._moments.append(moment)
        now = moment.frame.monotonic
        while now - self._moments[0].frame.monotonic >= MEDIAN_SECONDS or now < self._moments[0].frame.monotonic:
            self._moments.popleft()
        ranked = sorted(self._moments, key=lambda kept: kept.score.surprise)
        return ranked[(len(ranked) - 1) // 2]

    def forget(self) -> None:
        """What comes now does not follow on what came before."""
        self._moments.clear()
