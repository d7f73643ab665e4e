"""The object-centric eye on other footage than it was made on: quiet on what is untouched, not on what is made up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

from inference.device import CPU, limit_threads
from inference.eye.objects import ObjectsEye
from inference.normality import Normality
from inference.types import Pixels, Window
from tests.inference.watching import Watch, halves, opened
from tests.support.made_up import Vehicle
from tests.support.scenes import FPS, frames

LEARNED_SECONDS = 75.0
CAMPUS, SHOP, ROAD, ROOM = "vtest.avi", "retail-1080p-hevc.mp4", "car-detection.mp4", "one-by-one-person-detection.mp4"

pytestmark = [pytest.mark.nightly, pytest.mark.timeout(600)]


@pytest.fixture
def eye(footage: Path, monkeypatch: pytest.MonkeyPatch) -> ObjectsEye:
    model = footage / "models" / "yolox_nano.onnx"
    if not model.exists():
        pytest.skip("no data: VIGIL_DATA has no models/yolox_nano.onnx")
    monkeypatch.setenv("VIGIL_DETECTOR", str(model))
    return loaded()


@cache
def loaded() -> ObjectsEye:
    limit_threads(CPU)
    return ObjectsEye(CPU)


@cache
def knowledge(path: Path) -> bytes:
    """What a camera knows that has seen the first half, again and again."""
    watch = Watch(eye=loaded())
    seen = [(now, watch.eye.look([Window(pair)])[0]) for pair in pairwise(frames(halves(path)[0])) for now in pair[1:]]
    later = 0.0
    while watch.normality.learned_seconds < LEARNED_SECONDS:
        for frame, features in seen:
            at, now = frame.at + later, frame.monotonic + later
            watch.normality.learn(replace(frame, at=at, monotonic=now), replace(features, at=at))
        later += len(seen) / FPS + 60.0
    return watch.normality.to_bytes()


def shown(eye: ObjectsEye, path: Path, pictures: Sequence[Pixels]) -> set[str]:
    """The reasons of all events of a camera that knows the first half."""
    normality = Normality.from_bytes(knowledge(path), eye.memory_class, fingerprint=eye.fingerprint)
    decisions = Watch(normality=normality, eye=eye).show(pictures)
    return {reason.attribute for event in opened(decisions) for reason in event.reasons}


@pytest.mark.parametrize("video", [CAMPUS, SHOP, ROAD, ROOM])
def test_nothing_made_up_is_no_event(eye: ObjectsEye, footage: Path, video: str) -> None:
    path = footage / "videos" / video
    assert not shown(eye, path, halves(path)[1])


def test_a_van_in_a_shop_is_too_fast(eye: ObjectsEye, footage: Path) -> None:
    path, van = footage / "videos" / SHOP, Vehicle(y=110, begins=10)
    assert {"speed", "activity"} <= shown(
        eye, path, [van(picture, n) for n, picture in enumerate(halves(path)[1][:40])]
    )
