"""The clock of the housekeeping, for a machine whose own clock may be set back. Free of Django."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from celery.beat import PersistentScheduler


class SteadyScheduler(PersistentScheduler):
    """As Celery's, which asks for nothing until the clock has come round to where it was before it was set back.

    That also holds over a restart, since the moments are in a file.
    """

    def tick(self, *arguments: Any, **named: Any) -> float:
        """Ask for what is due; returns the seconds until the next look."""
        self._forget_the_future()
        seconds: float = super().tick(*arguments, **named)
        return seconds

    def _forget_the_future(self) -> None:
        """What was asked for later than now was asked for just now."""
        entries: Collection[Any] = self.schedule.values()
        ahead = [entry for entry in entries if entry.last_run_at > entry.default_now()]
        for entry in ahead:
            entry.last_run_at = entry.default_now()
        if ahead:
            self._heap = None  # it is in the order of moments that are void
