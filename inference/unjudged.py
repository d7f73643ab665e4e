"""Pictures that came and could not be judged: counted, logged once for each cause, and told to people."""

from __future__ import annotations

import logging
from uuid import UUID

from inference.clocks import Clock
from inference.status import Status

log = logging.getLogger(__name__)

PATIENCE_SECONDS = 10.0
"""Without a judgement, before people are told: a burst is over by then, and nobody relies on it for long."""
MOST_CAUSES = 100
"""Remembered, so that each is logged once."""


class Unjudged:
    """Of one camera loop. Used by one thread."""

    def __init__(self, camera_id: UUID, status: Status, clock: Clock) -> None:
        self.count = 0
        """Since the loop began."""
        self._camera_id, self._status, self._clock = camera_id, status, clock
        self._causes: set[str] = set()
        self._late_since: float | None = None

    def late(self, eye: str) -> None:
        """A picture was not looked at in time; say so where that goes on."""
        self.count += 1
        now = self._clock.monotonic()
        self._late_since = now if self._late_since is None else self._late_since
        if now - self._late_since >= PATIENCE_SECONDS:
            self._status.blind(
                f"This machine is too slow for so many cameras with the eye '{eye}': no picture of this one was looked "
                f"at in time for {now - self._late_since:.0f} seconds. Let other machines watch some of them, lower "
                "their analysis rate, or choose a cheaper eye."
            )

    def failed(self, error: Exception) -> None:
        """A picture cannot be judged because of this."""
        self.count += 1
        cause = f"{type(error).__name__}: {error}"
        self._status.blind(f"The pictures cannot be judged ({cause}).")
        if cause not in self._causes and len(self._causes) < MOST_CAUSES:
            self._causes.add(cause)
            log.error("A picture of camera %s cannot be judged.", self._camera_id, exc_info=error)

    def over(self) -> None:
        """A picture was judged, or none comes any more."""
        self._late_since = None
