"""The most unusual moments of a video."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from inference.evaluation.camera import Seen
from inference.evaluation.recording import Recording
from inference.types import Box, Reason

APART_SECONDS = 5.0
"""Between two moments: as the merge gap of events, within which it is the same thing going on."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A judged frame."""

    video: Path
    seconds: float
    """Since the video began."""
    score: float
    threshold: float
    learning: bool
    """Whether too little was known to alarm."""
    box: Box | None
    reasons: tuple[Reason, ...]


class Peaks:
    """Collects the most unusual moment of each second, and which attributes were unusual."""

    def __init__(self, recording: Recording) -> None:
        self.began = 0.0
        """Seconds into the video at which judging began."""
        self.weights: defaultdict[str, float] = defaultdict(float)
        """Attribute -> its surprise in all frames in which it lay outside its normal range."""
        self._recording = recording
        self._seconds: dict[int, Moment] = {}
        self._first = True

    def add(self, seen: Seen) -> None:
        """Take what became of the next frame."""
        if self._first:
            self.began, self._first = seen.shot.seconds, False
        if seen.judgement is None:
            return
        score = seen.judgement.score
        for reason in score.reasons:
            if reason.surprise >= 1.0:
                self.weights[reason.attribute] += reason.surprise
        moment = Moment(
            self._recording.path,
            self._recording.times[seen.judgement.sequence],
            score.surprise,
            seen.judgement.threshold,
            seen.judgement.learning,
            score.box,
            score.reasons,
        )
        known = self._seconds.get(int(moment.seconds))
        if moment.score > (known.score if known else 0.0):
            self._seconds[int(moment.seconds)] = moment

    def top(self, most: int) -> list[Moment]:
        """The most unusual first; at most so many, and APART_SECONDS from each other."""
        return apart(sorted(self._seconds.values(), key=lambda moment: -moment.score), most)


def apart(ranked: Sequence[Moment], most: int) -> list[Moment]:
    """The first so many that are no closer to one before than APART_SECONDS."""
    chosen: list[Moment] = []
    for moment in ranked:
        if len(chosen) == most:
            break
        if all(other.video != moment.video or abs(other.seconds - moment.seconds) >= APART_SECONDS for other in chosen):
            chosen.append(moment)
    return chosen
