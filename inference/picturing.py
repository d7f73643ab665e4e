"""Which picture of an event is asked for, and what is made of it once it comes: marked, heated, compared."""

from __future__ import annotations

from uuid import UUID

from inference.normality import Normality
from inference.scribe import Scribe
from inference.types import Decision

SNAPSHOT_STEP = 1.25
"""A peak so much higher than that of the last snapshot is worth another one."""


class Picturing:
    """The pictures of one camera's events. Used by its loop's thread."""

    def __init__(self, scribe: Scribe) -> None:
        self._scribe = scribe
        self._shown: Decision | None = None
        """What the last snapshot that was asked for shall show."""
        self._peak = 0.0
        self._compared: UUID | None = None
        """The last event whose picture was compared with normal ones."""

    def wants(self, decision: Decision) -> bool:
        """Whether the moment is worth a snapshot; then its place is what will be marked in it."""
        if decision.kind == "closed" or (decision.kind == "peaked" and decision.score < SNAPSHOT_STEP * self._peak):
            return False
        self._shown, self._peak = decision, decision.score
        return True

    def keep(self, event_id: UUID, jpeg: bytes, at: float, normality: Normality) -> None:
        """Keep the snapshot of an event, captured at `at`, with the pictures that explain it."""
        shown = self._shown if self._shown and self._shown.event_id == event_id else None
        box = shown.box if shown else None
        self._scribe.keep_snapshot(event_id, jpeg, at, box)
        if shown and shown.places:
            self._scribe.keep_heat(event_id, jpeg, at, shown.places)
        if self._compared != event_id and normality.usual.kept:
            self._compared = event_id
            self._scribe.keep_usual(event_id, jpeg, at, box, normality.usual.kept)
