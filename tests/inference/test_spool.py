"""The spool: a record that counts survives a power cut, and nothing else is promised."""

from __future__ import annotations

import os
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.records import EventRecord
from inference.files import OsFiles
from inference.spool import HEADER, Spool, SpoolFull
from tests.inference.forgetful import ForgetfulFiles
from tests.inference.records import make_record


def in_memory(tmp_path: Path, files: ForgetfulFiles, *, segment_bytes: int = 4096) -> Spool:
    return Spool(tmp_path, files, segment_bytes=segment_bytes)


def records_in(spool: Spool) -> list[EventRecord]:
    return [spooled.record for spooled in spool.unwritten(limit=10_000)]


def survivors(tmp_path: Path, files: ForgetfulFiles, *, torn: int = 0) -> list[EventRecord]:
    spool = in_memory(tmp_path, files)
    for number in range(3):
        spool.append(make_record(number))
    files.crash(torn=torn)
    return records_in(in_memory(tmp_path, files))


def test_what_was_appended_survives_a_power_cut(tmp_path: Path) -> None:
    assert survivors(tmp_path, ForgetfulFiles()) == [make_record(number) for number in range(3)]


def test_the_power_cut_of_these_tests_is_real(tmp_path: Path) -> None:
    """Without the sync the same records are gone: so the test above proves the sync."""
    assert survivors(tmp_path, ForgetfulFiles(honours_sync=False)) == []


@given(torn=st.integers(0, 900))
def test_a_torn_record_is_passed_over_wherever_it_is_torn(tmp_path_factory: pytest.TempPathFactory, torn: int) -> None:
    folder = tmp_path_factory.mktemp("spool")
    found = survivors(folder, ForgetfulFiles(honours_sync=False), torn=torn)
    assert found == [make_record(number) for number in range(len(found))]


def test_a_torn_record_is_counted_and_the_next_life_writes_elsewhere(tmp_path: Path) -> None:
    files = ForgetfulFiles()
    spool = in_memory(tmp_path, files)
    spool.append(make_record(0))
    files.sync = lambda path: None  # type: ignore[method-assign]
    spool.append(make_record(1))
    files.crash(torn=40)

    del files.sync
    again = in_memory(tmp_path, files)
    again.append(make_record(2))

    assert again.counters.torn == 1
    assert records_in(again) == [make_record(0), make_record(2)]


def test_an_append_that_failed_is_overwritten(tmp_path: Path) -> None:
    files = ForgetfulFiles()
    spool = in_memory(tmp_path, files)

    def refuse(path: Path) -> None:
        raise OSError("the disk has gone")

    files.sync = refuse  # type: ignore[method-assign]
    with pytest.raises(OSError, match="gone"):
        spool.append(make_record(0))
    del files.sync
    spool.append(make_record(1))

    assert records_in(spool) == [make_record(1)]


def test_committed_records_are_not_named_again(tmp_path: Path) -> None:
    spool = in_memory(tmp_path, ForgetfulFiles(), segment_bytes=1000)
    for number in range(10):
        spool.append(make_record(number))
    first = spool.unwritten(limit=4)
    spool.commit(first[-1])

    assert [each.record for each in first] == [make_record(number) for number in range(4)]
    assert records_in(spool) == [make_record(number) for number in range(4, 10)]
    spool.commit(spool.unwritten()[-1])
    assert not spool.pending()


def test_only_committed_segments_are_retired(tmp_path: Path) -> None:
    files = ForgetfulFiles()
    spool = in_memory(tmp_path, files, segment_bytes=1000)
    for number in range(10):
        spool.append(make_record(number))
    before = spool.unwritten()
    spool.commit(before[4])

    spool.retire(spool.seal())

    assert records_in(in_memory(tmp_path, files))[-5:] == [make_record(number) for number in range(5, 10)]
    assert make_record(0) not in records_in(in_memory(tmp_path, files))


def test_a_full_disk_leaves_the_reserve_and_then_says_so(tmp_path: Path) -> None:
    files = ForgetfulFiles(room=2 * 1000)
    spool = in_memory(tmp_path, files, segment_bytes=1000)
    for written in range(100):
        try:
            spool.append(make_record(written))
        except SpoolFull:
            break

    assert written >= 4, "both segments were used"
    assert len(records_in(spool)) == written
    spool.commit(spool.unwritten()[-1])
    spool.retire(spool.seal(all_of_it=True))
    spool.append(make_record(100))
    assert records_in(spool) == [make_record(100)]


def test_a_worker_can_start_on_a_full_disk(tmp_path: Path) -> None:
    files = ForgetfulFiles(room=0)
    spool = in_memory(tmp_path, files)
    with pytest.raises(SpoolFull):
        spool.append(make_record())


def test_a_record_of_another_version_does_not_stop_the_others(tmp_path: Path) -> None:
    spool = Spool(tmp_path, segment_bytes=4096)
    spool.append(make_record(0))
    payload = b'{"of another version": true}'
    entry = HEADER.pack(len(payload), zlib.crc32(payload)) + payload
    (segment,) = {each.segment for each in spool.unwritten()}
    end = spool.unwritten()[-1].end
    OsFiles().write(segment, end, entry)

    again = Spool(tmp_path, segment_bytes=4096)
    again.append(make_record(1))

    assert records_in(again) == [make_record(0), make_record(1)]
    again.commit(again.unwritten()[-1])
    assert not again.pending()
    assert again.counters.unreadable > 0


def test_the_real_files_sync_the_file_and_its_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[str] = []

    def remember(descriptor: int) -> None:
        synced.append(Path(f"/proc/self/fd/{descriptor}").resolve().name)

    monkeypatch.setattr(os, "fsync", remember)
    monkeypatch.setattr(os, "fdatasync", remember)
    spool = Spool(tmp_path, segment_bytes=4096)
    assert tmp_path.name in synced, "the name of a new file is in its folder"

    synced.clear()
    spool.append(make_record())
    assert spool.unwritten()[0].segment.name in synced
