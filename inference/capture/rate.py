"""How much a source sends: what a day of recording would take."""

from __future__ import annotations

from collections.abc import Callable

from inference.capture.messages import Rate
from inference.capture.wire import Wire

SAY_SECONDS = 5.0
WINDOW_SECONDS = 300.0
"""What was sent so long ago counts for a third of what is sent now."""


class RateMeter:
    """Used by one thread."""

    def __init__(self, say: Callable[[Wire], None]) -> None:
        self._say = say
        self._began: float | None = None
        self._new = self._bytes = self._seconds = 0.0
        """Bytes since it was said last; bytes and seconds before that, with less and less weight."""

    def take(self, size: int, monotonic: float) -> None:
        """Count a packet."""
        if self._began is None:
            self._began = monotonic
            return  # it ends a time that nobody measured
        self._new += size
        passed = monotonic - self._began
        if passed < SAY_SECONDS:
            return
        kept = max(0.0, 1.0 - passed / WINDOW_SECONDS)
        self._bytes, self._seconds = self._bytes * kept + self._new, self._seconds * kept + passed
        self._new, self._began = 0.0, monotonic
        self._say(Rate(round(self._bytes / self._seconds, 1)))
