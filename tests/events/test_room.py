"""What goes first when the disk fills up, what goes with time, and what never goes."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import Storage, default_storage

from cameras.models import Camera
from events import disk
from events.disk import Disk, media_disk, recording_problem
from events.models import Event, Recording, RetentionPolicy
from events.retention import retire, retire_media
from events.room import make_room, retire_recordings
from inference import sink
from inference.recording_sink import SegmentStore
from project.watermarks import Watermark
from tests.events.test_recordings import recorded, segment
from tests.factories import NOON, make_camera, make_event
from tests.inference.fakes import FakeClock
from tests.support.disks import small_file_system

CLIP = 500
LATER = NOON + timedelta(days=8)


@pytest.fixture(autouse=True)
def _watermarks(settings: Any, media: Path) -> None:
    settings.VIGIL_DISK_HIGH, settings.VIGIL_DISK_LOW = Watermark.of("90%"), Watermark.of("80%")


def clipped(camera: Camera, hours: float, **values: Any) -> Event:
    """An event with a clip and what it was scored from."""
    event = make_event(camera=camera, started_at=NOON + timedelta(hours=hours), **values)
    name = default_storage.save(f"events/{event.pk}/clip-1.mp4", ContentFile(bytes(CLIP)))
    features = default_storage.save(f"events/{event.pk}/features-1.npz", ContentFile(b"features"))
    Event.objects.filter(pk=event.pk).update(clip_path=name, evidence={"features": features})
    return event


def seconds() -> list[int]:
    """Of the recordings that are left, all of which have their files."""
    rows = Recording.objects.order_by("started_at")
    assert all(default_storage.exists(row.path) for row in rows)
    return [round((row.started_at - NOON).total_seconds()) for row in rows]


def of_recordings() -> int:
    """Files in the storage."""
    folder = Path(default_storage.path("recordings"))
    return len(list(folder.rglob("*.mp4")))


class TestFull:
    """A disk of 10,000 bytes; each recording takes 1,000."""

    def test_nothing_goes_below_the_high_watermark(self, camera: Camera) -> None:
        recorded(camera, 0)
        assert make_room(lambda: Disk(10_000, 1_000)) == (0, 0)
        assert seconds() == [0]

    def test_the_oldest_recordings_go_until_the_low_watermark(self, camera: Camera) -> None:
        other = make_camera()
        for number in range(6):
            recorded(camera if number % 2 else other, number * 30)
        clipped(camera, -1)
        assert make_room(lambda: Disk(10_000, 900)) == (2_000, 0)
        assert seconds() == [60, 90, 120, 150]
        assert of_recordings() == 4
        assert Event.objects.get().clip_path

    def test_then_clips_but_no_event_and_no_evidence(self, camera: Camera) -> None:
        recorded(camera, 0)
        Recording.objects.filter(pk=recorded(camera, 30).pk).update(flagged=True)
        flagged, *others = [clipped(camera, hour, flagged=hour == 0) for hour in range(4)]
        going_on = clipped(camera, -5, ended_at=None, category="open")
        assert make_room(lambda: Disk(10_000, 0)) == (1_000, 0), "what the high watermark asks for is there again"
        assert make_room(lambda: Disk(10_000, 100)) == (0, 2 * CLIP)
        assert seconds() == [30]
        left = {event.pk: bool(event.clip_path) for event in Event.objects.all()}
        assert left == {
            flagged.pk: True,
            going_on.pk: True,
            others[0].pk: False,
            others[1].pk: False,
            others[2].pk: True,
        }
        for event in Event.objects.exclude(clip_path=""):
            assert default_storage.exists(event.clip_path)
        assert not default_storage.exists(f"events/{others[0].pk}/clip-1.mp4")

    def test_no_more_goes_than_is_still_missing(self, camera: Camera, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("events.room.BATCH", 1)
        for number in range(6):
            recorded(camera, number * 30)
        clipped(camera, -1)
        found = iter([0, 0, 5_000, 5_000])
        assert make_room(lambda: Disk(10_000, next(found))) == (1_000, 0), "others made room meanwhile"
        assert make_room(lambda: Disk(10_000, 900)) == (2_000, 0), "what was removed is not free at once everywhere"
        assert seconds() == [90, 120, 150]
        assert Event.objects.get().clip_path

    def test_an_interruption_leaves_no_row_without_a_file(
        self, camera: Camera, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for number in range(3):
            recorded(camera, number * 30)

        def fail(name: str) -> None:
            raise OSError("the power")

        with monkeypatch.context() as patch:
            patch.setattr(default_storage, "delete", fail)
            with pytest.raises(OSError, match="the power"):
                make_room(lambda: Disk(10_000, 0))
        assert seconds() == [60]
        assert of_recordings() == 3

    def test_a_watermark_may_be_what_stays_free(self, settings: Any) -> None:
        settings.VIGIL_DISK_HIGH, settings.VIGIL_DISK_LOW = Watermark.of("2 KB"), Watermark.of("3KB")
        assert [Disk(10_000, free).excess for free in (1_500, 2_000)] == [1_500, 0]
        for text in ("", "95", "101%", "-1%", "5 apples"):
            with pytest.raises(ValueError):  # noqa: PT011 - the text is for people
                Watermark.of(text)


class TestTime:
    """A week for recordings, unless a site says otherwise."""

    def test_old_recordings_go_and_evidence_stays(self, camera: Camera) -> None:
        recorded(camera, 0)
        Recording.objects.filter(pk=recorded(camera, 30).pk).update(flagged=True)
        recorded(camera, 2 * 86_400)
        assert retire_recordings(now=LATER) == 1_000
        assert seconds() == [30, 2 * 86_400]
        assert of_recordings() == 2

    def test_each_site_has_its_own_time(self, camera: Camera) -> None:
        short, long = make_camera(), make_camera()
        RetentionPolicy.objects.create(site=short.site, recording_days=2)
        RetentionPolicy.objects.create(site=long.site, recording_days=30)
        for each in (camera, short, long):
            for day in (0, 4):
                recorded(each, day * 86_400)
        retire_recordings(now=LATER)
        kept = Recording.objects.order_by("started_at").values_list("camera", flat=True)
        assert list(kept) == [long.pk, *sorted([camera.pk, long.pk], key=lambda pk: list(kept)[1:].index(pk))]

    def test_a_flagged_event_is_kept_for_ever(self, camera: Camera) -> None:
        clipped(camera, 0)
        flagged = clipped(camera, 0, flagged=True)
        assert retire(now=NOON + timedelta(days=1000)) == 1
        retire_media(now=NOON + timedelta(days=1000))
        event = Event.objects.get()
        assert event.pk == flagged.pk
        assert default_storage.exists(event.clip_path)

    def test_media_may_go_before_their_events(self, camera: Camera) -> None:
        RetentionPolicy.objects.create(site=camera.site, media_days=3)
        event, new, other = clipped(camera, 0), clipped(camera, 6 * 24), clipped(make_camera(), 0)
        assert retire_media(now=LATER) == 1
        assert retire(now=LATER) == 0
        assert set(Event.objects.exclude(clip_path="").values_list("pk", flat=True)) == {new.pk, other.pk}
        event.refresh_from_db()
        assert list(event.evidence) == ["features"]
        assert default_storage.exists(event.evidence["features"])
        assert not default_storage.exists(f"events/{event.pk}/clip-1.mp4")
        assert retire_media(now=LATER) == 0


@pytest.fixture
def small_disk(tmp_path: Path, settings: Any) -> Iterator[Path]:
    """A real file system of 8 MB for the media."""
    with small_file_system(tmp_path / "small", "8m") as folder:
        settings.MEDIA_ROOT = folder
        yield folder


def test_a_full_disk_costs_recordings_then_clips(camera: Camera, small_disk: Path, tmp_path: Path) -> None:
    """Filled to the last byte with recordings and clips that come and come; nothing raises but for a clip."""
    found = media_disk()
    assert found
    assert found.total == 8 << 20
    event, number, clips = make_event(camera=camera), 0, 0
    recorded(camera, -30)
    while not recording_problem():
        part = tmp_path / "segment.mp4"
        part.write_bytes(bytes(100_000))
        SegmentStore(FakeClock()).store(segment(camera, 30 * number), part, 0.0)
        number += 1
        assert number < 90
    assert Recording.objects.count() == number + 1
    part.write_bytes(bytes(100_000))
    SegmentStore(FakeClock()).store(segment(camera, 30 * number), part, 0.0)
    assert not part.exists()
    assert Recording.objects.count() == number + 1, "recordings end first"
    while disk.media_disk().has_room(disk.CLIP_RESERVE, 0.25):  # type: ignore[union-attr]
        part.write_bytes(bytes(20_000))
        sink.store_media(f"events/{event.pk}/clip-{clips}.mp4", part)
        clips += 1
    assert clips > 0, "then clips"
    part.write_bytes(bytes(20_000))
    with pytest.raises(OSError, match="reserved for events"):
        sink.store_media(f"events/{event.pk}/clip-{clips}.mp4", part)
    sink.store_media(f"events/{event.pk}/snapshot-1.jpg", bytes(100_000))
    freed, _ = make_room()
    assert freed > 0
    assert not recording_problem()
    assert seconds()[0] > -30


def test_a_file_system_that_takes_no_more_costs_the_segment(
    camera: Camera, small_disk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However much room there seemed to be."""
    recorded(camera, 0)
    monkeypatch.setattr(disk.Disk, "has_room", lambda *_: True)
    part = tmp_path / "segment.mp4"
    part.write_bytes(bytes(9 << 20))
    SegmentStore(FakeClock()).store(segment(camera, 30), part, 0.0)
    assert not part.exists()
    assert seconds() == [0]
    assert not list(small_disk.rglob(".*"))


def test_a_disk_that_went_away_is_a_problem_of_recordings_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: Path) -> None:
        raise OSError(errno.ENOTCONN, "the share is not connected")

    monkeypatch.setattr("events.disk.os.statvfs", fail)
    assert recording_problem() == "the disk cannot be reached"


def test_media_elsewhere_have_no_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disk, "default_storage", Storage())
    assert media_disk() is None
    assert recording_problem() == ""
    assert make_room() == (0, 0)
