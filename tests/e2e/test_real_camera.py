"""A camera that speaks RTSP: learned, watched, looked at, frozen, covered, pointed elsewhere."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.support.encoding import covered, reencoded
from tests.support.instance import Instance, running_vigil
from tests.support.live import watch
from tests.support.processes import wait_until
from tests.support.rtsp import RtspCamera


@dataclass
class Scene:
    """The camera, and the Vigil that watches it."""

    camera: RtspCamera
    vigil: Instance
    pedestrians: Path
    elsewhere: Path
    passed: list[str] = field(default_factory=list)
    """The states that the camera has gone through, from its first to being watched."""

    @property
    def id(self) -> str:
        return str(self.vigil.cameras()[0]["id"])

    @property
    def health(self) -> dict[str, Any]:
        health: dict[str, Any] = self.vigil.cameras()[0]["health"]
        return health

    def becomes(self, state: str, *, seconds: float) -> float:
        """Waits for the state; returns how long it took."""

        def reached() -> bool:
            now = self.health["state"]
            if now not in self.passed[-1:]:
                self.passed.append(now)
            return bool(now == state)

        return wait_until(reached, seconds=seconds, what=f"{state!r}", every=0.1)


@pytest.fixture(scope="module")
def scene(footage: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """Pedestrians on a campus, in H.264, seen long enough to be watched."""
    folder = tmp_path_factory.mktemp("real")
    pedestrians = reencoded(footage / "videos" / "vtest.avi", folder / "pedestrians.mp4")
    with RtspCamera(folder / "camera", pedestrians) as camera, running_vigil(folder / "data", [camera.url]) as vigil:
        scene = Scene(camera, vigil, pedestrians, footage / "videos" / "retail-1080p-hevc.mp4")
        scene.becomes("watching", seconds=150)
        yield scene


def test_it_learned_before_it_was_watched(scene: Scene) -> None:
    assert scene.passed[scene.passed.index("learning") :][:2] == ["learning", "watching"]


def test_its_live_view_runs_at_five_frames_a_second(scene: Scene) -> None:
    watch(scene.vigil, scene.id, seconds=2)
    pictures, _ = watch(scene.vigil, scene.id, seconds=10)
    # The first second goes by until the worker has heard that somebody watches.
    assert 42 <= len(pictures) <= 55
    assert max(picture.arrived - picture.at for picture in pictures) < 1.5


def test_frozen_it_stalls_and_comes_back_and_nothing_old_is_shown_as_live(scene: Scene) -> None:
    with ThreadPoolExecutor() as pool:
        watching = pool.submit(watch, scene.vigil, scene.id, seconds=25)
        time.sleep(3)
        scene.camera.freeze()
        frozen = time.time()
        stalled_after = scene.becomes("stalled", seconds=5)
        time.sleep(4)
        scene.camera.thaw()
        thawed = time.time()
        back_after = scene.becomes("watching", seconds=5)
        pictures, messages = watching.result()
    print(f"stalled after {stalled_after:.1f} s, back after {back_after:.1f} s")  # noqa: T201
    assert [picture for picture in pictures if picture.arrived > thawed]
    assert not [picture for picture in pictures if frozen + 2.5 < picture.arrived < thawed]
    assert all(picture.arrived - picture.at < 2.5 for picture in pictures)
    assert any(message["type"] == "stale" for message in messages)


def one_event_of(scene: Scene, footage: Path, *, what: str) -> None:
    """Shows something else from now on: it opens one event, and no other follows."""
    before = {event["id"] for event in scene.vigil.events()}
    scene.camera.show(footage)
    scene.camera.reboot()

    def new() -> list[dict[str, Any]]:
        return [event for event in scene.vigil.events() if event["id"] not in before]

    wait_until(lambda: bool(new()), seconds=20, what=f"an event: {what}", every=0.2)
    time.sleep(25)
    assert len(new()) == 1, what
    scene.camera.show(scene.pedestrians)
    scene.camera.reboot()
    wait_until(lambda: all(event["ended_at"] for event in new()), seconds=30, what="the event to end", every=0.5)


def test_pointed_elsewhere_it_opens_one_event(scene: Scene) -> None:
    one_event_of(scene, scene.elsewhere, what="another scene, in HEVC")


def test_covered_it_opens_one_event(scene: Scene, tmp_path: Path) -> None:
    one_event_of(scene, covered(tmp_path / "covered.mp4"), what="a covered lens")
