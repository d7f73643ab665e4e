"""An event's clip, scored again from its pixels: from recording to the words of the command."""

from __future__ import annotations

from dataclasses import dataclass, replace
from io import StringIO
from pathlib import Path
from uuid import uuid4

import av
import numpy as np
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.core.management.base import CommandError

from cameras.models import Camera
from events.models import Event, EventTransition
from events.records import FEATURES, MEMORY, media_name
from events.writer import moment
from inference.device import CPU, limit_threads
from inference.evaluation.camera import RecordedCamera
from inference.evaluation.recording import Recording
from inference.eye.motion import MotionEye
from inference.memory.attributes import STAY
from inference.rescore import TOLERANCE, PeakNotInClip, rescore, rescore_clip
from inference.stored import FeatureLog, MemoryVersion, StoredFeatures
from inference.types import CameraSettings
from tests.factories import make_event
from tests.support.clips import cut
from tests.support.encoding import encode
from tests.support.scenes import FPS, SIZE, WALKERS, Thing, day

SETTINGS = CameraSettings(uuid4(), 1, "Path", "rtsp://192.0.2.1/")
LEARNED, QUIET, RUNS = 66.0, 6.0, 3.0
THEN = 1_793_534_400.0
"""When the second recording began, seconds since 1970."""
RUNNER = Thing(60, 8.0)
"""Three times as fast as the others, and no farther in a frame than flow follows what has no texture."""


@dataclass(frozen=True)
class Happened:
    """An event as it was judged, with what is kept of it."""

    recording: Path
    stored: StoredFeatures
    memory: bytes
    started_at: float
    ended_at: float
    eye: MotionEye

    def clip(self, path: Path, *, copy: bool, **seconds: float) -> float:
        """Cut from five seconds before it on; the wall clock of its first picture."""
        start = max(0.0, self.started_at - THEN - 5.0)
        return THEN + cut(self.recording, start, seconds.get("end", 1e9), path, copy=copy).started_at


@pytest.fixture(scope="module")
def happened(tmp_path_factory: pytest.TempPathFactory) -> Happened:
    """Somebody runs where people walk."""
    limit_threads(CPU)
    folder, first = tmp_path_factory.mktemp("recordings"), int(LEARNED * FPS)
    usual = day(LEARNED)
    watched = [
        *day(QUIET, first=first),
        *day(RUNS, (*WALKERS, RUNNER), first=first + int(QUIET * FPS)),
        *day(QUIET, first=first + int((QUIET + RUNS) * FPS)),
    ]
    paths = []
    for name, pictures in (("usual", usual), ("watched", watched)):
        frames = (av.VideoFrame.from_ndarray(picture, format="bgr24") for picture in pictures)
        paths.append(encode(folder / f"{name}.mp4", frames, size=SIZE, fps=int(FPS)))
    eye = MotionEye(CPU)
    camera, log = RecordedCamera(eye, SETTINGS), FeatureLog(eye.fingerprint, 0)
    list(camera.learn(Recording(paths[0], SETTINGS).shots()))
    camera.reconnect()
    content, memory, started_at = b"", b"", 0.0
    for seen in camera.watch(Recording(paths[1], SETTINGS, began=THEN).shots(), frozen=False):
        if seen.judgement:
            log.see(seen.judgement)
        for decision in seen.decisions:
            if decision.kind == "opened":
                memory, started_at = camera.normality.to_bytes(pictures=False), decision.started_at
            content = log.told(decision) or content
            if decision.kind == "closed":
                ended_at = decision.at
    return Happened(paths[1], StoredFeatures.from_bytes(content), memory, started_at, ended_at, eye)


@pytest.mark.parametrize("copy", [True, False], ids=["copied", "transcoded"])
def test_the_pixels_of_the_clip_give_nearly_the_same_number(happened: Happened, tmp_path: Path, copy: bool) -> None:
    path = tmp_path / "clip.mp4"
    began = happened.clip(path, copy=copy)
    pixels = rescore_clip(path, began, happened.stored, SETTINGS, happened.eye, happened.memory)
    assert pixels == pytest.approx(happened.stored.surprise, rel=TOLERANCE)
    assert pixels >= happened.stored.threshold


def test_for_how_long_something_stayed_is_taken_from_what_was_stored(happened: Happened, tmp_path: Path) -> None:
    """The clip begins too late to show it."""
    path = tmp_path / "clip.mp4"
    began = happened.clip(path, copy=True)
    things = len(happened.stored.features.boxes)
    stays = np.tile(np.array([[270.0, 5.5]], np.float32), (things, 1))
    stayed = replace(happened.stored, features=happened.stored.features.having(STAY, stays))
    again = rescore(stayed, happened.memory, happened.eye.memory_class, replaced=0)
    assert again.surprise > happened.stored.surprise + 1.0
    pixels = rescore_clip(path, began, stayed, SETTINGS, happened.eye, happened.memory)
    assert pixels == pytest.approx(again.surprise)


def test_the_memory_kept_with_the_event_is_the_one_that_scored_it(happened: Happened) -> None:
    again = rescore(happened.stored, happened.memory, happened.eye.memory_class, replaced=0)
    assert again.surprise == pytest.approx(happened.stored.surprise, rel=0.02)
    assert abs(again.learned_more) <= 1.0, "what passed quarantine while the event opened"


def test_a_clip_that_ends_before_the_peak_proves_nothing(happened: Happened, tmp_path: Path) -> None:
    path = tmp_path / "clip.mp4"
    began = happened.clip(path, copy=False, end=happened.started_at - THEN - 2.0)
    with pytest.raises(PeakNotInClip, match="does not show the moment"):
        rescore_clip(path, began, happened.stored, SETTINGS, happened.eye, happened.memory)


@pytest.fixture
def event(happened: Happened, camera: Camera, media: Path, tmp_path: Path) -> Event:
    """The same, as a worker leaves it."""
    event = make_event(
        camera=camera, started_at=moment(happened.started_at), ended_at=moment(happened.ended_at), score=3.0
    )
    began = happened.clip(tmp_path / "clip.mp4", copy=False)
    files = {
        "features.npz": happened.stored.to_bytes(),
        "memory.npz": happened.memory,
        "clip.mp4": (tmp_path / "clip.mp4").read_bytes(),
    }
    names = {file: default_storage.save(media_name(event.pk, 1, file), ContentFile(files[file])) for file in files}
    event.evidence = {FEATURES: names["features.npz"], MEMORY: names["memory.npz"]}
    event.clip_path = names["clip.mp4"]
    event.save()
    EventTransition.objects.create(event=event, sequence=1, kind="clip", at=moment(began), path=event.clip_path)
    return event


def said(event: Event) -> str:
    out = StringIO()
    call_command("rescore", str(event.pk), stdout=out)
    return out.getvalue()


@pytest.mark.django_db
def test_the_command_says_what_features_and_pixels_give(event: Event, happened: Happened) -> None:
    scored, features, pixels = said(event).splitlines()
    assert f"Scored {happened.stored.surprise:.3f}" in scored
    assert features.startswith("From its stored features: ")
    assert pixels.startswith("From the pixels of its clip: ")
    assert f"Up to {TOLERANCE:.0%} is no news" in pixels


@pytest.mark.django_db
def test_where_the_pixels_say_something_else_the_command_fails(event: Event, happened: Happened) -> None:
    other = replace(happened.stored, surprise=3.0 * happened.stored.surprise, version=_version_of(happened))
    default_storage.delete(event.evidence[FEATURES])
    default_storage.save(event.evidence[FEATURES], ContentFile(other.to_bytes()))
    with pytest.raises(CommandError, match="more than encoding"):
        said(event)


@pytest.mark.django_db
def test_it_says_what_is_not_kept(event: Event) -> None:
    with pytest.raises(CommandError, match="There is no event"):
        call_command("rescore", "nonsense")
    default_storage.delete(event.clip_path)
    assert said(event).endswith("It has no clip to score.\n")
    default_storage.delete(event.evidence[FEATURES])
    with pytest.raises(CommandError, match="is not kept"):
        said(event)


def _version_of(happened: Happened) -> MemoryVersion:
    again = rescore(happened.stored, happened.memory, happened.eye.memory_class, replaced=0)
    version = happened.stored.version
    return version._replace(learned_seconds=version.learned_seconds + again.learned_more)
