"""The object-centric eye on other footage than it was made on: quiet on what is untouched, not on what is made up."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pytest

from inference.device import CPU, limit_threads
from inference.eye.objects import ObjectsEye
from inference.normality import Normality
from inference.types import Pixels
from tests.inference.watching import CAMPUS, ROAD, ROOM, SHOP, Watch, first_half_learned, halves, opened
from tests.support.made_up import Vehicle

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
    """Of each recording once."""
    return first_half_learned(path, loaded())


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
