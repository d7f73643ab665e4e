"""When to try a lost camera again."""

from __future__ import annotations

import random
from collections.abc import Callable

from inference.capture.wire import Patience

FIRST = 0.5
SOON = 2.0
"""Longest wait in the first minutes of an outage: a camera that reboots is back within seconds, and so are we."""
SOON_FOR = 180.0
LATER = 30.0
PERSON = 30.0
PASSWORD_TRIES = 3
PASSWORD = 300.0
"""Cameras lock out who shows a wrong password often."""


class Backoff:
    """Waits with full jitter, so that cameras behind one switch do not come back in step. Seconds throughout."""

    def __init__(self, *, jitter: Callable[[], float] = random.random) -> None:
        self._jitter = jitter
        self._began: float | None = None
        self._tries = 0
        self._refused = 0

    def wait(self, now: float, patience: Patience = "usual") -> float:
        """How long to wait after a failure at `now` (monotonic)."""
        if self._began is None:
            self._began = now
        self._tries += 1
        self._refused = self._refused + 1 if patience == "password" else 0
        if self._refused >= PASSWORD_TRIES:
            return PASSWORD
        if patience == "person":
            return PERSON * (0.5 + 0.5 * self._jitter())
        cap = SOON if now - self._began < SOON_FOR else LATER
        return min(cap, FIRST * 2.0 ** min(self._tries, 16)) * self._jitter()

    def succeeded(self) -> None:
        """The camera delivers again."""
        self._began, self._tries, self._refused = None, 0, 0
