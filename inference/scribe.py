"""Scribe: turns the decisions of one camera loop into records, numbered, stamped and never lost between threads."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

from events.records import FEATURES, HEAT, MEMORY, USUAL, EventRecord, RecordKind, media_name
from events.segments import Segment
from inference.capture.segment_files import SegmentFile
from inference.clocks import DatabaseClock
from inference.likeness import most_alike
from inference.seats import Seat
from inference.types import Box, Decision, Place
from inference.usual import NormalPicture


class Keeper(Protocol):
    """Where records and evidence go."""

    def add(self, record: EventRecord) -> None:
        """Returns when the record is safe on the disk."""

    def keep_later(self, what: str, job: Callable[[], None], otherwise: Callable[[], None]) -> None:
        """Do this soon, on another thread, again if it fails; `otherwise` once it is given up."""

    def store_snapshot(self, name: str, jpeg: bytes, box: Box | None) -> str:
        """Put the picture, marked, into the media storage under that name, in the place of what is there; the name."""

    def store_heat(self, name: str, jpeg: bytes, places: Sequence[Place]) -> str:
        """The same with the picture glowing at the places."""

    def store(self, name: str, content: bytes) -> str:
        """The same with anything as it is."""

    def store_features(self, name: str, content: bytes, event_id: UUID) -> str:
        """The same with what the event was scored from, of which whoever learns from it is told."""

    def store_clip(self, name: str, clip: Path) -> str:
        """Move the clip there, unless there is one of that name already; the name."""

    def store_segment(self, segment: Segment, file: Path, database_time: float) -> None:
        """Move a segment that was recorded by then there and write its row; where there is no room, drop it."""

    def recording_problem(self) -> str:
        """Why there is no room for segments, in plain English; empty where there is."""


class Scribe:
    """The records of one camera under one epoch. `write` is the loop's; evidence comes back on another thread.

    Evidence that had to wait, and was outdone by a newer one of its kind meanwhile, is thrown away. Its files bear the
    epoch, and a record says which counts: a worker that was superseded and does not know it yet changes nothing that
    anybody sees.
    """

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
            path = self._keeper.store_snapshot(self._name(event_id, "snapshot.jpg"), jpeg, box)
            self._add(event_id, "snapshot", at, path=path)

        self._keep("the snapshot", event_id, store)

    def keep_heat(self, event_id: UUID, jpeg: bytes, at: float, places: Sequence[Place]) -> None:
        """As `keep_snapshot`, with a glow over each place."""

        def store() -> None:
            path = self._keeper.store_heat(self._name(event_id, f"{HEAT}.jpg"), jpeg, places)
            self._add(event_id, "evidence", at, name=HEAT, path=path)

        self._keep("the heat map", event_id, store)

    def keep_usual(
        self, event_id: UUID, jpeg: bytes, at: float, box: Box | None, pictures: Sequence[NormalPicture]
    ) -> None:
        """Store those of the normal pictures that are most like the event's."""

        def store() -> None:
            alike = most_alike(jpeg, at, box, pictures, most=len(USUAL))
            for name, picture in zip(USUAL, alike, strict=False):
                path = self._keeper.store(self._name(event_id, f"{name}.jpg"), picture.jpeg)
                self._add(event_id, "evidence", at, name=name, path=path)

        self._keep("the usual pictures", event_id, store)

    def keep_clip(self, event_id: UUID, clip: Path, at: float) -> None:
        """As `keep_snapshot`, with a file that is ours to move. `at`: when its first picture was captured."""

        def store() -> None:
            path = self._keeper.store_clip(self._name(event_id, "clip.mp4"), clip)
            self._add(event_id, "clip", at, path=path)

        self._keep("the clip", event_id, store, otherwise=partial(clip.unlink, missing_ok=True))

    def keep_features(self, event_id: UUID, content: bytes, at: float) -> None:
        """Store what the event was scored from at `at`: it is told once, what comes later takes its place."""

        def store() -> None:
            path = self._keeper.store_features(self._name(event_id, f"{FEATURES}.npz"), content, event_id)
            if not self._seat.newest.has(("the features", event_id)):
                self._add(event_id, "evidence", at, name=FEATURES, path=path)

        self._keep("the features", event_id, store)

    def keep_memory(self, event_id: UUID, content: bytes, at: float) -> None:
        """Store what the camera knew at `at`, when the event opened."""

        def store() -> None:
            path = self._keeper.store(self._name(event_id, f"{MEMORY}.npz"), content)
            self._add(event_id, "evidence", at, name=MEMORY, path=path)

        self._keep("the memory", event_id, store)

    def keep_segment(self, folder: Path, file: SegmentFile, *, moved: bool) -> None:
        """Store a finished segment of a recording and then write its row, unless the camera was lost meanwhile."""
        seat, made_at = self._seat, self._database_clock.now()
        segment = Segment(seat.camera_id, seat.epoch, file.started, file.ended, file.codec, file.playable, moved)
        # Out of the capture's folder at once: it may be looked through again before the job is done.
        path = file.path(folder).rename(folder.parent / f"{segment.segment_id}.mp4")

        def store() -> None:
            if seat.ending == "lost":
                path.unlink(missing_ok=True)
            else:
                self._keeper.store_segment(segment, path, made_at)

        what = f"a recording of camera {seat.camera_id}"
        self._keeper.keep_later(what, store, partial(path.unlink, missing_ok=True))

    def recording_problem(self) -> str:
        """Why no segment can be stored at the moment, in plain English; empty where one can."""
        return self._keeper.recording_problem()

    def _name(self, event_id: UUID, file: str) -> str:
        return media_name(event_id, self._seat.epoch, file)

    def _keep(
        self, what: str, event_id: UUID, store: Callable[[], None], otherwise: Callable[[], None] = lambda: None
    ) -> None:
        """Have `store` done, or `otherwise` where nobody wants it any more by the time it comes to that."""
        newest, thing = self._seat.newest, (what, event_id)
        number = newest.ask()

        def job() -> None:
            if self._seat.ending == "lost" or newest.outdone(thing, number):
                otherwise()
                return
            store()
            newest.done(thing, number)

        self._keeper.keep_later(f"{what} of event {event_id}", job, otherwise)

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
