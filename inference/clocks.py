"""The clocks of a worker: one for people, one for durations, and the database's, kept without asking it each time."""

from __future__ import annotations

import threading
import time
from typing import Protocol

_BOOTTIME: int = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


class Clock(Protocol):
    """What tells the time; a test has its own."""

    def wall(self) -> float:
        """Seconds since 1970, UTC: for people. It may step."""

    def monotonic(self) -> float:
        """Seconds that never step: for every duration."""

    def boottime(self) -> float:
        """As `monotonic`, but it also counts while the machine sleeps or the process is stopped."""


class SystemClock:
    """This machine's clocks."""

    def wall(self) -> float:
        return time.time()

    def monotonic(self) -> float:
        return time.monotonic()

    def boottime(self) -> float:
        return time.clock_gettime(_BOOTTIME)


class DatabaseClock:
    """The database's time between two answers of the database.

    A process that was stopped for a minute wakes up with this clock a minute ahead, so what it then writes down bears a
    time after the claim of whoever took its cameras over, and is refused.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._offset: float | None = None

    def set(self, database_time: float, boottime: float) -> None:
        """The database said `database_time`, and its answer was here at `boottime`.

        The time of arrival, not of asking: so this clock is behind by the way of the answer, never ahead. A record
        made just before its worker died must not look later than the claim of the successor.
        """
        with self._lock:
            self._offset = database_time - boottime

    def now(self) -> float:
        """Seconds since 1970 by the database. Raises RuntimeError before the first answer."""
        with self._lock:
            offset = self._offset
        if offset is None:
            raise RuntimeError("The database has not told its time yet.")
        return offset + self._clock.boottime()
