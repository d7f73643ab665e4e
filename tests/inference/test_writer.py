"""The batch writer: what was added arrives once, in order, whatever the database does meanwhile."""

from __future__ import annotations

import errno
import json
from pathlib import Path
from uuid import UUID

import pytest

from inference.spool import Spool
from inference.writer import BatchWriter, wait_before_write
from tests.inference.fakes import DatabaseAway, FakeClock, FakeDatabase, is_away
from tests.inference.records import make_record


@pytest.fixture
def database() -> FakeDatabase:
    return FakeDatabase()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def durable() -> list[bool]:
    """Whether the database is durable when asked, in turn; true where nothing is left."""
    return []


@pytest.fixture
def writer(tmp_path: Path, database: FakeDatabase, clock: FakeClock, durable: list[bool]) -> BatchWriter:
    return make_writer(tmp_path, database, clock, durable)


def make_writer(folder: Path, database: FakeDatabase, clock: FakeClock, durable: list[bool]) -> BatchWriter:
    return BatchWriter(
        Spool(folder, segment_bytes=4096),
        database.write,
        passing=is_away,
        durable=lambda: durable.pop(0) if durable else True,
        clock=clock,
    )


def test_the_first_record_is_written_at_once_and_the_next_within_a_second(
    writer: BatchWriter, database: FakeDatabase, clock: FakeClock
) -> None:
    writer.add(make_record(0))
    writer.step()
    assert database.records == [make_record(0)]

    clock.advance(0.4)
    writer.add(make_record(1, kind="peaked"))
    assert writer.step() == pytest.approx(0.6)
    assert len(database.records) == 1
    clock.advance(0.6)
    writer.step()
    assert database.records == [make_record(0), make_record(1, kind="peaked")]


def test_a_new_event_does_not_wait_for_the_second(
    writer: BatchWriter, database: FakeDatabase, clock: FakeClock
) -> None:
    writer.add(make_record(0))
    writer.step()
    clock.advance(0.02)
    writer.add(make_record(1, kind="peaked"))
    writer.add(make_record(2))
    assert writer.step() == pytest.approx(0.08)
    clock.advance(0.1)
    writer.step()
    assert database.batches == [1, 2]


def test_ten_records_do_not_wait(writer: BatchWriter, database: FakeDatabase, clock: FakeClock) -> None:
    writer.add(make_record(0))
    writer.step()
    for number in range(1, 11):
        writer.add(make_record(number))
    writer.step()
    assert database.batches == [1, 10]


@pytest.mark.parametrize(("pending", "since", "wait"), [(1, 5.0, 0.0), (1, 0.25, 0.75), (9, 0.0, 1.0), (10, 0.0, 0.0)])
def test_when_a_batch_goes(pending: int, since: float, wait: float) -> None:
    assert wait_before_write(pending, since) == wait


def test_records_wait_on_the_disk_while_the_database_is_away(
    writer: BatchWriter, database: FakeDatabase, clock: FakeClock
) -> None:
    database.away = True
    for number in range(30):
        writer.add(make_record(number))
        assert writer.step() > 0, "it pauses rather than spins"
        clock.advance(1)
    database.away = False
    clock.advance(2)

    while writer.step() == 0:
        pass

    assert database.records == [make_record(number) for number in range(30)]


def test_what_a_killed_worker_had_spooled_is_written_by_its_next_life(
    tmp_path: Path, database: FakeDatabase, clock: FakeClock
) -> None:
    database.away = True
    first = make_writer(tmp_path, database, clock, [])
    for number in range(5):
        first.add(make_record(number))
    first.step()
    database.away = False

    make_writer(tmp_path, database, clock, []).step()

    assert database.records == [make_record(number) for number in range(5)]


def test_a_record_the_database_never_takes_is_put_aside_and_holds_up_nobody(
    writer: BatchWriter, database: FakeDatabase, tmp_path: Path
) -> None:
    database.poison = frozenset({UUID(int=3)})
    for number in range(5):
        writer.add(make_record(number))

    writer.step()

    assert database.records == [make_record(number) for number in (0, 1, 3, 4)]
    assert writer.put_aside == 1
    (line,) = (tmp_path / "refused.jsonl").read_text().splitlines()
    assert json.loads(line)["record"] == make_record(2).to_bytes().decode()
    assert not writer.spool.pending()


def test_an_outage_while_a_bad_batch_is_taken_apart_loses_nothing(
    writer: BatchWriter, database: FakeDatabase, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    database.poison = frozenset({UUID(int=1)})
    for number in range(4):
        writer.add(make_record(number))
    offered = 0

    def write_then_vanish(records: list[object]) -> object:
        nonlocal offered
        offered += 1
        database.away = offered == 4
        return FakeDatabase.write(database, records)  # type: ignore[arg-type]

    monkeypatch.setattr(writer, "_write", write_then_vanish)
    assert writer.step() > 0
    database.away = False
    clock.advance(2)
    writer.step()

    assert sorted(record.event_id for record in database.records) == [UUID(int=n) for n in (2, 3, 4)]


def test_refused_records_are_counted_and_done_with(writer: BatchWriter, database: FakeDatabase) -> None:
    database.stale_epochs = frozenset({1})
    writer.add(make_record(0))
    writer.add(make_record(1, epoch=2))
    writer.step()
    assert (writer.refused, database.records) == (1, [make_record(1, epoch=2)])
    assert not writer.spool.pending()


def test_a_disk_that_takes_nothing_does_not_stop_events(
    writer: BatchWriter, database: FakeDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(record: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(writer.spool, "append", full)
    writer.add(make_record(0))
    writer.step()
    assert database.records == [make_record(0)]


def test_segments_leave_the_disk_only_when_the_database_is_durable(
    writer: BatchWriter, durable: list[bool], clock: FakeClock, tmp_path: Path
) -> None:
    durable += [False, True]
    writer.step()
    for number in range(20):
        writer.add(make_record(number))
    clock.advance(31)
    while writer.step() == 0:
        pass
    survivors = Spool(tmp_path, segment_bytes=4096, reserve=False).unwritten()
    assert [each.record for each in survivors] == [make_record(number) for number in range(20)]

    clock.advance(31)
    writer.step()
    assert durable == []
    assert len(Spool(tmp_path, segment_bytes=4096, reserve=False).unwritten()) < 20


def test_the_thread_writes_what_is_left_when_it_ends(
    writer: BatchWriter, database: FakeDatabase, tmp_path: Path
) -> None:
    writer.start()
    for number in range(25):
        writer.add(make_record(number))
    assert writer.end(timeout=10)
    assert database.records == [make_record(number) for number in range(25)]
    assert Spool(tmp_path, reserve=False).unwritten() == []


def test_the_thread_ends_while_the_database_is_away_and_leaves_the_records_on_the_disk(
    writer: BatchWriter, database: FakeDatabase, tmp_path: Path
) -> None:
    database.away = True
    writer.start()
    writer.add(make_record(0))
    assert not writer.end(timeout=10)
    assert [each.record for each in Spool(tmp_path, reserve=False).unwritten()] == [make_record(0)]


def test_an_outage_is_told_once_and_its_end_once(
    writer: BatchWriter, database: FakeDatabase, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", logger="inference.writer")
    database.away = True
    writer.add(make_record(0))
    for _ in range(20):
        writer.step()
        clock.advance(0.7)
    database.away = False
    writer.step()
    assert [record.levelname for record in caplog.records] == ["WARNING", "INFO"]


def test_other_work_that_fails_is_done_as_soon_as_it_can_be(
    writer: BatchWriter, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    outcomes: list[Exception | None] = [DatabaseAway(), DatabaseAway(), None, None]
    done: list[float] = []

    def beside() -> None:
        done.append(clock.now)
        if error := outcomes.pop(0):
            raise error

    monkeypatch.setattr(writer, "_beside", beside)
    for _ in range(7):
        writer.step()
        clock.advance(0.25)
    assert done == [100.0, 100.25, 100.5, 101.5]
