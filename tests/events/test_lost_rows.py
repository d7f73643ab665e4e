"""A recording's file without a row is given one: the database was away, or a process was killed in between."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import DatabaseError
from django.utils import timezone

from cameras.models import Camera
from events.models import Recording
from events.recordings import adopt_all_segments, adopt_segments, save_segment
from events.room import retire_recordings
from events.segments import Segment
from inference.recording_sink import PAUSE_SECONDS, SegmentStore
from tests.events.test_recordings import EPOCH, recorded, segment
from tests.events.test_room import LATER, of_recordings, seconds
from tests.factories import NOON, make_camera
from tests.inference.fakes import FakeClock

pytestmark = pytest.mark.usefixtures("media")


def test_a_file_is_given_its_row(camera: Camera) -> None:
    made = recorded(camera, 0)
    Recording.objects.all().delete()
    stray = segment(camera, 30, epoch=EPOCH - 1)
    default_storage.save(stray.name, ContentFile(b"of a worker that was superseded"))
    assert adopt_segments(now=NOON) == 0, "its worker may be about to write it"
    for name in (made.path, stray.name):
        os.utime(default_storage.path(name), (NOON.timestamp(), NOON.timestamp()))
    assert adopt_segments(now=NOON + timedelta(minutes=10)) == 1
    assert Recording.objects.get() == made
    assert not default_storage.exists(stray.name)


@pytest.mark.parametrize("of", ["a newer lease", "a camera without one", "a camera that is not known"])
def test_what_another_database_may_know_stays_as_long_as_recordings_do(camera: Camera, settings: Any, of: str) -> None:
    """This one was restored from an older backup, or is the wrong one."""
    settings.VIGIL_RETENTION_RECORDING_DAYS = 7
    epoch = EPOCH + 5 if of == "a newer lease" else EPOCH
    whose = {"a newer lease": camera.pk, "a camera without one": make_camera().pk}.get(of, uuid4())
    made = replace(segment(camera, 0, epoch=epoch), camera_id=whose)
    recorded(camera, 30)
    default_storage.save(made.name, ContentFile(b"of which this database knows nothing"))
    os.utime(default_storage.path(made.name), (NOON.timestamp(), NOON.timestamp()))
    for days, stays in ((1, True), (6, True), (8, False)):
        assert adopt_all_segments(now=NOON + timedelta(days=days)) == 0
        assert default_storage.exists(made.name) == stays


def test_an_old_file_is_given_its_row_and_a_day_without_files_goes(camera: Camera) -> None:
    """Whoever was to remove it was killed when its row was gone."""
    kept, lost, stray = recorded(camera, 0), recorded(camera, 30), segment(make_camera(), 0)
    default_storage.save(stray.name, ContentFile(b"of a camera that is gone"))
    draft = f"{kept.path.rpartition('/')[0]}/.draft.mp4.7"
    default_storage.save(draft, ContentFile(b"half of it"))
    Recording.objects.filter(pk=lost.pk).delete()
    for name in (lost.path, stray.name):
        os.utime(default_storage.path(name), (NOON.timestamp(), NOON.timestamp()))
    assert adopt_segments(now=LATER) == 0
    assert adopt_all_segments(now=LATER) == 1
    assert seconds() == [0, 30]
    assert not default_storage.exists(draft)
    assert not default_storage.exists(f"recordings/{stray.camera_id}/2026-11-01")
    assert adopt_all_segments(now=LATER) == 0
    retire_recordings(now=LATER)
    adopt_all_segments(now=LATER)
    assert default_storage.listdir(f"recordings/{camera.pk}")[0] == []


def test_the_folder_of_today_stays(camera: Camera) -> None:
    default_storage.delete(recorded(camera, 0).path)
    adopt_all_segments(now=NOON + timedelta(days=1))
    assert default_storage.listdir(f"recordings/{camera.pk}")[0] == ["2026-11-01"]


def test_a_file_that_goes_while_it_is_given_a_row_leaves_none(camera: Camera, monkeypatch: pytest.MonkeyPatch) -> None:
    row, delete = recorded(camera, 0), default_storage.delete
    os.utime(default_storage.path(row.path), (NOON.timestamp(), NOON.timestamp()))

    def adopt_and_delete(name: str) -> None:
        assert adopt_all_segments(now=LATER) == 1
        delete(name)

    with monkeypatch.context() as patch:
        patch.setattr(default_storage, "delete", adopt_and_delete)
        retire_recordings(now=LATER)
    assert seconds() == []

    def delete_and_save(made: Segment, **values: Any) -> bool:
        delete(made.name)
        return save_segment(made, **values)

    default_storage.save(row.path, ContentFile(b"again"))
    os.utime(default_storage.path(row.path), (NOON.timestamp(), NOON.timestamp()))
    monkeypatch.setattr("events.recordings.save_segment", delete_and_save)
    assert adopt_all_segments(now=LATER) == 0
    assert seconds() == []


def test_a_segment_is_stored_though_the_database_is_away(
    camera: Camera, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorded(camera, -30)
    asked: list[Segment] = []
    clock = FakeClock()
    store = SegmentStore(clock)

    def keep(start: float) -> None:
        part = tmp_path / "segment.mp4"
        part.write_bytes(b"mp4")
        store.store(made := segment(camera, start), part, 0.0)
        assert (part.exists(), default_storage.exists(made.name)) == (False, True)

    def away(made: Segment, **_: Any) -> None:
        asked.append(made)
        raise DatabaseError("away")

    with monkeypatch.context() as patch:
        patch.setattr("inference.recording_sink.save_segment", away)
        for start in (0, 30, 60):
            keep(start)
        assert asked == [segment(camera, 0)], "the others do not wait for it"
        clock.advance(PAUSE_SECONDS)
        keep(90)
        assert len(asked) == 2
    keep(120)
    assert seconds() == [-30]
    clock.advance(PAUSE_SECONDS)
    keep(150)
    assert seconds() == [-30, 150]
    assert adopt_all_segments(now=timezone.now() + timedelta(minutes=10)) == 5
    assert seconds() == [-30, 0, 30, 60, 90, 120, 150]


def test_what_is_refused_leaves_no_file(camera: Camera, tmp_path: Path) -> None:
    part = tmp_path / "segment.mp4"
    part.write_bytes(b"mp4")
    SegmentStore(FakeClock()).store(segment(camera, 0, epoch=EPOCH + 1), part, 0.0)
    assert (part.exists(), of_recordings(), Recording.objects.count()) == (False, 0, 0)
