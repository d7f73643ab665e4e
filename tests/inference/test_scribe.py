"""The scribe: what is stored late, again or by a worker that was superseded spoils nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from uuid import UUID

import pytest

from events.records import EventRecord
from events.segments import Segment
from inference.clocks import DatabaseClock
from inference.evidence import PAUSES, Evidence
from inference.newest import LONGEST_MEMORY, Newest
from inference.scribe import Scribe
from inference.seats import Seat, Seats
from inference.types import Box, Place
from tests.inference.fakes import FakeClock, assignment

EVENT = UUID(int=5)
BOX = Box(0.1, 0.1, 0.2, 0.2)
PLACES = [Place(BOX, 2.0)]


class Desk:
    """Implements `Keeper`: a media storage that can be away, and the thread that stores, step by step."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.evidence = Evidence(self.clock)
        self.records: list[EventRecord] = []
        self.files: dict[str, bytes] = {}
        self.away = False

    def scribe(self, seat: Seat) -> Scribe:
        database_clock = DatabaseClock(self.clock)
        database_clock.set(5000.0, self.clock.boottime())
        return Scribe(seat, database_clock, self)

    def clear(self, jobs: int = 1) -> None:
        for _ in range(jobs):
            self.evidence.step()

    def add(self, record: EventRecord) -> None:
        self.records.append(record)

    def keep_later(self, what: str, job: Callable[[], None], otherwise: Callable[[], None]) -> None:
        self.evidence.put(what, job, otherwise)

    def store_snapshot(self, name: str, jpeg: bytes, box: Box | None) -> str:
        return self._store(name, jpeg)

    def store_heat(self, name: str, jpeg: bytes, places: Sequence[Place]) -> str:
        return self._store(name, jpeg)

    def store(self, name: str, content: bytes) -> str:
        return self._store(name, content)

    def store_features(self, name: str, content: bytes, event_id: UUID) -> str:
        return self._store(name, content)

    def store_clip(self, name: str, clip: Path) -> str:
        return self._store(name, clip.read_bytes())

    def store_segment(self, segment: Segment, file: Path, database_time: float) -> None:
        self._store(segment.name, file.read_bytes())

    def recording_problem(self) -> str:
        return ""

    def _store(self, name: str, content: bytes) -> str:
        if self.away:
            raise OSError("the storage is away")
        self.files[name] = content
        return name


@pytest.fixture
def desk() -> Desk:
    return Desk()


def keep_all(scribe: Scribe, content: bytes) -> int:
    """Of an event that looks like this; how many jobs that makes."""
    scribe.keep_snapshot(EVENT, content, 1.0, BOX)
    scribe.keep_heat(EVENT, content, 1.0, PLACES)
    scribe.keep_features(EVENT, content, 1.0)
    return 3


def test_what_had_to_wait_does_not_replace_what_is_newer(desk: Desk) -> None:
    scribe = desk.scribe(Seat(assignment(1)))
    desk.away = True
    jobs = keep_all(scribe, b"old")
    desk.clear(jobs)
    desk.away = False
    desk.clear(keep_all(scribe, b"new"))
    told = len(desk.records)
    desk.clock.advance(PAUSES[0])
    desk.clear(jobs)
    assert desk.evidence.flush(timeout=0)
    assert set(desk.files.values()) == {b"new"}
    assert len(desk.files) == jobs
    assert len(desk.records) == told, "nor is it told"


def test_what_had_to_wait_is_stored_where_what_is_newer_waits_too(desk: Desk) -> None:
    scribe = desk.scribe(Seat(assignment(1)))
    desk.away = True
    scribe.keep_snapshot(EVENT, b"old", 1.0, BOX)
    desk.clear()
    scribe.keep_snapshot(EVENT, b"new", 2.0, BOX)
    desk.clear()
    desk.away = False
    desk.clock.advance(PAUSES[0])
    desk.clear()
    assert set(desk.files.values()) == {b"old"}
    desk.clear()
    assert set(desk.files.values()) == {b"new"}


def test_a_loop_that_begins_anew_still_knows_what_is_newer(desk: Desk) -> None:
    seats = Seats()
    seats.assign([assignment(1)])
    (seat,) = seats.all()
    desk.away = True
    desk.scribe(seat).keep_snapshot(EVENT, b"old", 1.0, BOX)
    desk.clear()
    desk.away = False
    seat.end("stopped")
    seats.assign([assignment(1)])
    (again,) = seats.all()
    assert again is not seat
    desk.scribe(again).keep_snapshot(EVENT, b"new", 2.0, BOX)
    desk.clear()
    desk.clock.advance(PAUSES[0])
    desk.clear()
    assert set(desk.files.values()) == {b"new"}


def test_a_worker_that_was_superseded_meanwhile_stores_nothing(desk: Desk, tmp_path: Path) -> None:
    clip = tmp_path / "clip.mp4"
    clip.write_bytes(b"clip")
    seat = Seat(assignment(1))
    scribe = desk.scribe(seat)
    jobs = keep_all(scribe, b"mine")
    scribe.keep_clip(EVENT, clip, 1.0)
    seat.end("lost")
    desk.clear(jobs + 1)
    assert desk.evidence.flush(timeout=0)
    assert (desk.files, desk.records, clip.exists()) == ({}, [], False)


def test_who_does_not_know_yet_that_it_was_superseded_writes_over_nothing_of_its_successor(desk: Desk) -> None:
    zombie, heir = desk.scribe(Seat(assignment(1, epoch=1))), desk.scribe(Seat(assignment(1, epoch=2)))
    desk.clear(keep_all(heir, b"heir"))
    known = dict(desk.files)
    desk.clear(keep_all(zombie, b"zombie"))
    assert {name: desk.files[name] for name in known} == known
    assert {record.path for record in desk.records if record.epoch == 2} == set(known)
    assert all(f"-{record.epoch}." in record.path for record in desk.records)


def test_features_are_told_once_and_replaced(desk: Desk) -> None:
    scribe = desk.scribe(Seat(assignment(1)))
    for content in (b"opened", b"peaked"):
        scribe.keep_features(EVENT, content, 1.0)
        desk.clear()
    assert [record.path for record in desk.records] == list(desk.files)
    assert list(desk.files.values()) == [b"peaked"]


def test_what_is_remembered_of_it_is_bounded() -> None:
    newest = Newest()
    for thing in range(3 * LONGEST_MEMORY):
        newest.done(thing, newest.ask())
    assert len(newest._done) == LONGEST_MEMORY
    assert newest.outdone(3 * LONGEST_MEMORY - 1, 0)
