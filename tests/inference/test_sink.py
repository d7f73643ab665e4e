"""The sink: what the worker reads from and writes to the database and the media storage."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import pytest
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import DataError, IntegrityError, InterfaceError, OperationalError, ProgrammingError

from cameras import services
from cameras.models import Camera, Health, Lease
from events.models import ScoreMinute
from inference import sink
from inference.history import SecondPeak
from inference.types import LoopStatus, Zone
from tests.factories import make_camera, make_event
from tests.inference.records import make_record

pytestmark = pytest.mark.django_db


def save_memory(camera: Camera, content: bytes, *, epoch: int, memory_version: int = 0) -> bool:
    return sink.save_memory(
        camera_id=camera.id,
        epoch=epoch,
        memory_version=memory_version,
        fingerprint="motion-1",
        content=content,
        learned_seconds=60.0,
    )


def held_camera(epoch: int = 1) -> Camera:
    camera = make_camera()
    Lease.objects.filter(camera=camera).update(owner="a", epoch=epoch)
    return camera


def test_settings_are_the_cameras_own() -> None:
    triangle = [[0.1, 0.1], [0.9, 0.1], [0.5, 0.9]]
    camera = make_camera(
        name="Gate",
        source="rtsp://192.0.2.1/main",
        analysis_fps=8.0,
        alarm_budget=1.5,
        zones=[{"name": "door", "kind": "watch", "polygon": triangle}],
        masks=[triangle],
    )
    settings = sink.load_settings(camera.id)
    corners = tuple((x, y) for x, y in triangle)
    assert (settings.camera_id, settings.source, settings.analysis_fps) == (camera.id, "rtsp://192.0.2.1/main", 8.0)
    assert settings.zones == (Zone("door", "watch", corners),)
    assert (settings.masks, settings.alarm_budget, settings.version) == ((corners,), 1.5, 1)


def test_records_become_an_event_once() -> None:
    camera = held_camera()
    record = make_record(camera_id=camera.id)
    assert sink.write_records([record]).refused == 0
    assert sink.write_records([record, make_record(1, camera_id=camera.id, epoch=9)]).refused == 1
    assert [event.pk for event in camera.events.all()] == [record.event_id]


def test_a_successor_is_told_what_is_open_and_owns_it_from_now_on() -> None:
    camera = held_camera(epoch=3)
    event = make_event(camera=camera, epoch=2, ended_at=None, category="view", score=4.5)
    (opened,) = sink.open_events(camera.id, 3)
    assert (opened.event_id, opened.category, opened.peak) == (event.id, "view", 4.5)
    event.refresh_from_db()
    assert event.epoch == 3


@pytest.mark.parametrize(("error", "passing"), [
    (OperationalError(), True), (InterfaceError(), True), (ProgrammingError("no such table"), True),
    (IntegrityError(), False), (DataError(), False), (ValueError(), False),
])  # fmt: skip
def test_which_errors_will_pass(error: Exception, passing: bool) -> None:
    assert sink.is_passing(error) is passing


def test_a_memory_is_kept_per_eye_and_the_older_file_goes(media: Path) -> None:
    camera = held_camera(epoch=2)
    assert save_memory(camera, b"first", epoch=2)
    Lease.objects.filter(camera=camera).update(epoch=3)
    assert save_memory(camera, b"second", epoch=3)

    assert sink.load_memory(camera.id, "motion-1") == b"second"
    assert sink.load_memory(camera.id, "motion-2") is None
    assert len(list(media.rglob("*.memory"))) == 1


def test_a_superseded_worker_does_not_overwrite_the_memory(media: Path) -> None:
    camera = held_camera(epoch=3)
    assert save_memory(camera, b"of the owner", epoch=3)
    assert not save_memory(camera, b"of a zombie", epoch=2)
    assert sink.load_memory(camera.id, "motion-1") == b"of the owner"
    assert len(list(media.rglob("*.memory"))) == 1


def test_a_memory_learned_elsewhere_replaces_it_and_the_loop_can_tell(media: Path) -> None:
    camera = held_camera(epoch=3)
    assert save_memory(camera, b"watched", epoch=3)
    sink.replace_memory(camera_id=camera.id, fingerprint="motion-1", content=b"recorded", learned_seconds=60.0)
    assert sink.load_settings(camera.id).memory_version == 1
    assert sink.load_memory(camera.id, "motion-1") == b"recorded"
    assert not save_memory(camera, b"watched since", epoch=3)
    assert sink.load_memory(camera.id, "motion-1") == b"recorded"


def test_a_camera_that_relearns_finds_no_memory_and_takes_none_of_before(media: Path) -> None:
    camera = held_camera(epoch=3)
    assert save_memory(camera, b"before", epoch=3)
    services.relearn_camera(camera=camera)
    assert sink.load_memory(camera.id, "motion-1") is None
    assert not save_memory(camera, b"before", epoch=3)
    assert save_memory(camera, b"after", epoch=3, memory_version=1)
    assert sink.load_memory(camera.id, "motion-1") == b"after"
    assert len(list(media.rglob("*.memory"))) == 1


def test_the_history_is_kept() -> None:
    camera = make_camera()
    sink.save_history(camera.id, [SecondPeak(120, 2.5, 1.0, (0.5, 0.5)), SecondPeak(121, 0.5, 1.0, None)])
    assert ScoreMinute.objects.get(camera=camera).minute == 2


def test_health_of_a_superseded_loop_is_not_shown() -> None:
    camera = held_camera(epoch=3)
    sink.report_health([(camera.id, 3, LoopStatus("watching", since=5.0)), (camera.id, 2, LoopStatus("stalled", 6.0))])
    assert Health.objects.get(camera=camera).state == "watching"


def test_media_is_there_whole_and_replaces_what_was_there(media: Path, tmp_path: Path) -> None:
    clip = tmp_path / "clip.part"
    clip.write_bytes(b"film")
    assert sink.store_media("events/1/clip.mp4", clip) == "events/1/clip.mp4"
    assert not clip.exists()
    sink.store_media("events/1/clip.mp4", b"another film")
    assert [path.name for path in (media / "events/1").iterdir()] == ["clip.mp4"]
    assert (media / "events/1/clip.mp4").read_bytes() == b"another film"


def test_media_that_cannot_be_written_leaves_nothing_behind(media: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: Path, content: bytes) -> int:
        raise OSError("No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OSError, match="space"):
        sink.store_media("events/1/snapshot.jpg", b"jpeg")
    assert list((media / "events/1").iterdir()) == []


def test_media_may_be_elsewhere(media: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def no_path(name: str) -> str:
        raise NotImplementedError("This backend doesn't support absolute paths.")

    stored: dict[str, bytes] = {}

    def save(name: str, content: File[bytes]) -> str:
        stored[name] = content.read()
        return name

    monkeypatch.setattr(default_storage, "path", no_path)
    monkeypatch.setattr(default_storage, "save", save)
    monkeypatch.setattr(default_storage, "delete", lambda name: stored.pop(name, None))
    clip = tmp_path / "clip.part"
    clip.write_bytes(b"film")
    sink.store_media("clip.mp4", clip)
    sink.store_media("snapshot.jpg", b"jpeg")
    assert stored == {"clip.mp4": b"film", "snapshot.jpg": b"jpeg"}
    assert not clip.exists()


def test_a_camera_that_is_gone_has_no_settings() -> None:
    with pytest.raises(Camera.DoesNotExist):
        sink.load_settings(UUID(int=0))
