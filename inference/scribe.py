"""Scribe: turns the decisions of one camera loop into records, numbered, stamped and never lost between threads."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

from events.records import HEAT, USUAL, EventRecord, RecordKind
from inference.clocks import DatabaseClock
from inference.likeness import most_alike
from inference.seats import Seat
from inference.types import Box, Decision, Place
from inference.usual import NormalPicture


class Keeper(Protocol):
    """Where records and evidence go."""

    def add(self, record: EventRecord) -> None:
        """Returns when the record is safe on the disk."""

    def keep_later(self, what: str, job: Callable[[], None]) -> None:
        """Do this soon, on another thread, again if it fails."""

    def store_snapshot(self, event_id: UUID, jpeg: bytes, box: Box | None) -> str:
        """Put the picture, marked, into the media storage; its name there."""

    def store_heat(self, event_id: UUID, jpeg: bytes, places: Sequence[Place]) -> str:
        """Put the picture, glowing at the places, into the media storage; its name there."""

    def store_usual(self, event_id: UUID, jpegs: Sequence[bytes]) -> list[str]:
        """Put these pictures into the media storage; their names there."""

    def store_features(self, event_id: UUID, content: bytes) -> None:
        """Put what the event was scored from into the media storage, in the place of what is there."""

    def store_clip(self, event_id: UUID, clip: Path) -> str:
        """Move the clip into the media storage; its name there."""


class Scribe:
    """The records of one camera under one epoch. `write` is the loop's; evidence comes back on another thread."""

    def __init__(self, seat: Seat, database_clock: DatabaseClock, keeper: Keeper) -> None:
        self._seat, self._database_clock, self._keeper = seat, database_clock, keeper
        self._lock = threading.Lock()

    def write(self, decision: Decision, trace: str) -> None:
        """Returns when the decision is safe on the disk."""
        at = decision.started_at if decision.kind == "opened" else decision.at
        self._add(
            decision.event_id,
            decision.kind,
            at,
            category=decision.category,
            severity=decision.severity,
            score=decision.score,
            threshold=decision.threshold,
            box=tuple(decision.box) if decision.box else None,
            reasons=tuple((reason.attribute, reason.surprise, reason.text) for reason in decision.reasons),
            provisional=decision.provisional,
            trace=trace,
        )

    def keep_snapshot(self, event_id: UUID, jpeg: bytes, at: float, box: Box | None) -> None:
        """Store the picture, with `box` marked, soon and then say so in a record. `at`: when it was captured."""

        def store() -> None:
            path = self._keeper.store_snapshot(event_id, jpeg, box)
            self._add(event_id, "snapshot", at, path=path)

        self._keeper.keep_later(f"the snapshot of event {event_id}", store)

    def keep_heat(self, event_id: UUID, jpeg: bytes, at: float, places: Sequence[Place]) -> None:
        """As `keep_snapshot`, with a glow over each place."""

        def store() -> None:
            path = self._keeper.store_heat(event_id, jpeg, places)
            self._add(event_id, "evidence", at, name=HEAT, path=path)

        self._keeper.keep_later(f"the heat map of event {event_id}", store)

    def keep_usual(
        self, event_id: UUID, jpeg: bytes, at: float, box: Box | None, pictures: Sequence[NormalPicture]
    ) -> None:
        """Store those of the normal pictures that are most like the event's."""

        def store() -> None:
            alike = most_alike(jpeg, at, box, pictures, most=len(USUAL))
            paths = self._keeper.store_usual(event_id, [picture.jpeg for picture in alike])
            for name, path in zip(USUAL, paths, strict=False):
                self._add(event_id, "evidence", at, name=name, path=path)

        self._keeper.keep_later(f"what is usual beside event {event_id}", store)

    def keep_clip(self, event_id: UUID, clip: Path, at: float) -> None:
        """As `keep_snapshot`, with a file that is ours to move."""

        def store() -> None:
            self._add(event_id, "clip", at, path=self._keeper.store_clip(event_id, clip))

        self._keeper.keep_later(f"the clip of event {event_id}", store)

    def keep_features(self, event_id: UUID, content: bytes) -> None:
        """Store what the event was scored from soon: no record, since its place follows from the event."""
        if self._seat.ending != "lost":
            self._keeper.keep_later(
                f"the features of event {event_id}", lambda: self._keeper.store_features(event_id, content)
            )

    def _add(self, event_id: UUID, kind: RecordKind, at: float, **values: Any) -> None:
        if self._seat.ending == "lost":
            return  # the database would refuse it
        with self._lock:  # records of an event reach the spool in the order of their numbers
            number = self._seat.numbers[event_id]
            self._seat.numbers[event_id] += 1
            self._keeper.add(
                EventRecord(
                    event_id=event_id,
                    camera_id=self._seat.camera_id,
                    epoch=self._seat.epoch,
                    number=number,
                    kind=kind,
                    database_time=self._database_clock.now(),
                    at=at,
                    **values,
                )
            )
