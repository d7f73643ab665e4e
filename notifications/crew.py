"""Threads that end together: while one of them is still at work, the others come back for more."""

from __future__ import annotations

import threading

COME_BACK_AFTER = 0.2
"""Seconds."""


class Crew:
    """So many threads. Each works while `goes_on` says so, and says after each time that it `rests`."""

    def __init__(self, threads: int) -> None:
        self._fresh = self._busy = threads  # nobody is done before all have begun
        self._lock, self._done = threading.Lock(), threading.Event()

    def goes_on(self) -> bool:
        """Whether to work once more: at first, and after a moment for as long as another is at work."""
        with self._lock:
            if self._fresh:
                self._fresh -= 1
                return True
        if self._done.wait(COME_BACK_AFTER):
            return False
        with self._lock:
            self._busy += 1
        return True

    def rests(self) -> None:
        """This one has nothing to do at the moment."""
        with self._lock:
            self._busy -= 1
            if not self._busy:
                self._done.set()
