"""The surprise of each second, collected from the judgements of one camera."""

from __future__ import annotations

from dataclasses import dataclass

from inference.types import Judgement


@dataclass(frozen=True, slots=True)
class SecondPeak:
    """The most surprising moment of one second."""

    second: int
    """Seconds since 1970, whole."""
    surprise: float
    threshold: float
    place: tuple[float, float] | None
    """Centre of the box, 0..1."""


class History:
    """Used by one thread; `take` hands over what is finished."""

    def __init__(self) -> None:
        self._seconds: dict[int, SecondPeak] = {}

    def add(self, judgement: Judgement) -> None:
        """Keep the judgement if it is the peak of its second."""
        second = int(judgement.at)
        known = self._seconds.get(second)
        if known is not None and known.surprise >= judgement.score.surprise:
            return
        box = judgement.score.box
        place = ((box.left + box.right) / 2, (box.top + box.bottom) / 2) if box else None
        self._seconds[second] = SecondPeak(second, judgement.score.surprise, judgement.threshold, place)

    def take(self, *, at_least: int = 1) -> list[SecondPeak]:
        """The seconds so far but the newest, which may still grow; none if there are fewer than `at_least`."""
        if len(self._seconds) <= at_least:
            return []
        newest = max(self._seconds)
        finished = [peak for second, peak in sorted(self._seconds.items()) if second != newest]
        self._seconds = {newest: self._seconds[newest]}
        return finished
