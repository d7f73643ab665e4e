"""The station: what all camera loops of a worker share."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID

import cv2
import numpy as np
import pytest
from django.utils import timezone

from cameras.models import Camera
from events.models import Feedback
from events.records import features_name
from events.services import dismiss_event, resolve_event
from inference import sink
from inference.batching import Batcher
from inference.evidence import PAUSES
from inference.history import SecondPeak
from inference.normality import Normality
from inference.seats import Seat
from inference.station import WorkerStation
from inference.stored import MemoryVersion, StoredFeatures
from inference.types import Box, CameraSettings, Features, Frame, Place
from project.accounts.models import Site, User
from tests.factories import make_event
from tests.inference.eyes import FakeEye
from tests.inference.fakes import DatabaseAway, FakeClock, assignment

EVENT, CAMERA = UUID(int=5), UUID(int=1)


def test_all_cameras_look_through_one_eye(station: WorkerStation) -> None:
    batchers: set[Batcher] = {station.batcher("motion") for _ in range(8)}
    assert (len(batchers), station.eyes) == (1, 1)
    station.close()


def test_the_clip_that_shows_how_an_event_began_stays(station: WorkerStation, media: Path, tmp_path: Path) -> None:
    for content in (b"how it began", b"how it went on"):
        clip = tmp_path / "clip.part"
        clip.write_bytes(content)
        name = station.store_clip(f"events/{EVENT}/clip-1.mp4", clip)
        assert not clip.exists()
    assert (media / name).read_bytes() == b"how it began"


def test_what_explains_an_event_lies_beside_its_snapshot(station: WorkerStation, media: Path) -> None:
    jpeg = bytes(cv2.imencode(".jpg", np.full((18, 32, 3), 90, np.uint8))[1])
    folder = f"events/{EVENT}"
    heated = station.store_heat(f"{folder}/heat-1.jpg", jpeg, [Place(Box(0.2, 0.2, 0.6, 0.8), 2.0)])
    usual = station.store(f"{folder}/usual-1-1.jpg", jpeg)
    assert (media / usual).read_bytes() == jpeg != (media / heated).read_bytes()


@pytest.mark.django_db
def test_new_masks_hide_what_the_usual_pictures_showed(station: WorkerStation) -> None:
    settings = CameraSettings(CAMERA, 1, "Gate", "rtsp://192.0.2.1/")
    eye = station.batcher("motion").eye
    normality = station.load_normality(settings, eye, Normality(eye.memory_class(), fingerprint=eye.fingerprint))
    for number in range(10):
        normality.usual.see(Frame(number, number, number, np.zeros((18, 32, 3), np.uint8)), normal=True)
    assert station.load_normality(settings, eye, normality).usual.kept
    masked = replace(settings, masks=(((0.0, 0.0), (1.0, 0.0), (1.0, 1.0)),))
    assert not station.load_normality(masked, eye, normality).usual.kept
    station.close()


@pytest.mark.django_db
def test_a_camera_tells_the_hour_by_its_site(station: WorkerStation, camera: Camera) -> None:
    Site.objects.filter(pk=camera.site_id).update(time_zone="Asia/Seoul")
    normality = station.load_normality(station.load_settings(camera.pk), station.batcher("motion").eye, None)
    assert normality.hours.under("Asia/Seoul") is normality.hours
    assert normality.hours.under("UTC") is not normality.hours
    station.close()


def test_scores_that_could_not_be_written_are_written_later(
    station: WorkerStation, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[SecondPeak] = []

    def away(camera_id: UUID, peaks: list[SecondPeak]) -> None:
        raise DatabaseAway

    peaks = [SecondPeak(second, 1.0, 1.0, None) for second in (7, 8)]
    station.keep_history(CAMERA, peaks)
    with monkeypatch.context() as patch:
        patch.setattr("inference.sink.save_history", away)
        with pytest.raises(DatabaseAway):
            station.write_history()
    monkeypatch.setattr("inference.sink.save_history", lambda camera_id, peaks: written.extend(peaks))
    station.write_history()
    assert written == peaks


def test_what_it_learned_first_is_not_saved_over_what_it_learned_since(
    station: WorkerStation, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved: list[float] = []

    def save(*, learned_seconds: float, **_: Any) -> None:
        if not saved and learned_seconds == 1.0:
            raise OSError("the storage is away")
        saved.append(learned_seconds)

    monkeypatch.setattr("inference.sink.save_memory", save)
    seat, settings, eye = Seat(assignment(1)), CameraSettings(CAMERA, 1, "Gate", "rtsp://192.0.2.1/"), FakeEye()
    for seconds in (1.0, 2.0):
        normality: Any = SimpleNamespace(to_bytes=bytes, learned_seconds=seconds)
        station.save_memory(seat, settings, eye, normality)
        station._evidence.step()
    cast(FakeClock, station.clock).advance(PAUSES[0])
    station._evidence.step()
    assert (saved, station._evidence.flush(timeout=0)) == ([2.0], True)

    station.save_memory(seat, settings, eye, normality)
    seat.end("lost")
    station._evidence.step()
    assert saved == [2.0]


def test_a_camera_forgives_its_false_alarms_as_far_as_this_eye_saw_them(
    station: WorkerStation, operator: User, camera: Camera, media: Path, caplog: pytest.LogCaptureFixture
) -> None:
    eye = FakeEye()
    for content in (stored("fake-1"), stored("fake-2"), b"broken"):
        event = make_event(camera=camera)
        sink.store_media(features_name(event.pk), content)
        dismiss_event(event_id=event.pk, by=operator)
    settings = sink.load_settings(camera.pk)
    assert settings.version == 4, "the loop hears of it with its lease"
    normality = station.load_normality(settings, eye, None)
    assert len(normality._feedback) == 1
    assert "teaches nothing" in caplog.text

    Feedback.objects.update(undone_at=timezone.now())
    assert len(station.load_normality(settings, eye, normality)._feedback) == 0


def test_what_somebody_resolved_no_longer_counts_as_a_false_alarm(
    station: WorkerStation, operator: User, camera: Camera
) -> None:
    eye = FakeEye()
    normality = Normality(eye.memory_class(), fingerprint=eye.fingerprint)
    now = timezone.now()
    for began in (now - timedelta(hours=2), now - timedelta(hours=1)):
        normality._calibration.alarmed(1.4, began.timestamp() + 0.2)
    event = make_event(camera=camera, started_at=now - timedelta(hours=1), ended_at=now)
    assert normality._calibration.array().tolist() == [np.float32(1.4)] * 2
    resolve_event(event_id=event.pk, by=operator)
    settings = sink.load_settings(camera.pk)
    assert settings.version == 2, "the loop hears of it with its lease"
    assert station.load_normality(settings, eye, normality)._calibration.array().tolist() == [np.float32(1.4), 0.0]


def stored(fingerprint: str) -> bytes:
    """What is kept of an event with one thing in it."""
    thing = Features(0.0, np.array([[0.1, 0.1, 0.2, 0.2]], np.float32), {"speed": np.ones((1, 1), np.float32)})
    return StoredFeatures(thing, 2.0, 1.0, MemoryVersion(fingerprint, 0, 60.0), thing).to_bytes()
