"""The object-centric eye: what is detected, what merely moves, and many cameras at once."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from inference.device import CPU
from inference.eye.detectors.protocol import Detections
from inference.eye.objects import ObjectsEye
from inference.eye.speeds import peaks, speeds_of
from inference.types import Features, Frame, Pixels, Window

LABELS = ("person", "bicycle")


class FakeDetector:
    """Finds each red thing, wherever it is."""

    fingerprint = "fake-1"
    weight_bytes = 1000
    labels = LABELS

    def __init__(self) -> None:
        self.batches: list[int] = []

    def detect(self, pictures: Sequence[Pixels], least_score: float) -> list[Detections]:
        self.batches.append(len(pictures))
        return [self._look(picture) for picture in pictures]

    def _look(self, picture: Pixels) -> Detections:
        rows, columns = np.nonzero((picture[..., 2] > 150) & (picture[..., 0] < 100))
        if not len(rows):
            return Detections(*(np.zeros(shape, np.float32) for shape in ((0, 4), (0,), (0, 2))))
        box = np.array([[columns.min(), rows.min(), columns.max() + 1, rows.max() + 1]], np.float32)
        return Detections(box, np.array([0.8], np.float32), np.array([[0.25, 0.75]], np.float32))


def picture(x: int, colour: tuple[int, int, int], y: int = 60) -> Pixels:
    """A textured thing, 16 wide and 36 high, on a textured ground."""
    pixels = np.random.default_rng(1).integers(60, 90, (180, 320, 3), dtype=np.uint8)
    texture = np.random.default_rng(2).integers(0, 60, (36, 16, 1), dtype=np.uint8)
    pixels[y : y + 36, x : x + 16] = np.array(colour, np.uint8) + texture
    return pixels


def window(before: Pixels, now: Pixels) -> Window:
    return Window((Frame(0, 10.0, 10.0, before), Frame(1, 10.1, 10.1, now)))


def look(eye: ObjectsEye, before: Pixels, now: Pixels) -> Features:
    return eye.look([window(before, now)])[0]


RED, GREY = (20, 20, 190), (150, 150, 150)


def test_a_detected_thing_has_its_box_kind_and_speed() -> None:
    seen = look(ObjectsEye(CPU, FakeDetector()), picture(100, RED), picture(103, RED))
    np.testing.assert_allclose(seen.boxes[0], np.array([103 / 320, 60 / 180, 119 / 320, 96 / 180]), atol=1e-3)
    np.testing.assert_allclose(seen.attributes["kind"][0], [0.2, 0.6], rtol=1e-5)
    speed = 3 / 320 / 0.1
    assert 0.4 * speed < seen.attributes["speed"][0, 0] < 1.2 * speed
    assert seen.attributes["gait"][0, 0] == pytest.approx(speed, rel=0.4)
    assert seen.attributes["velocity"][0, 0] > 0.0


def test_what_moves_and_is_not_detected_is_seen() -> None:
    seen = look(ObjectsEye(CPU, FakeDetector()), picture(100, GREY), picture(104, GREY))
    assert len(seen.boxes)
    assert np.isnan(seen.attributes["kind"]).all()
    assert np.isnan(seen.attributes["gait"]).all()
    left, top, right, bottom = seen.boxes[0]
    assert left < 112 / 320 < right
    assert top < 78 / 180 < bottom


def test_a_large_thing_that_moves_all_alike_is_not_seen_dozens_of_times() -> None:
    flow = np.zeros((90, 160, 2), np.float32)
    flow[20:70, 30:130, 0] = 0.25
    found = peaks(speeds_of(flow, (11, 19)), 64)
    assert 4 <= len(found) <= 64
    assert len(np.unique(found, axis=0)) == len(found)
    near = np.abs(found[:, None, :2] - found[None, :, :2])
    assert ((near[..., 0] > 2) | (near[..., 1] > 4) | np.eye(len(found), dtype=np.bool_)).all()


def test_a_still_and_empty_picture_has_nothing() -> None:
    still = np.full((180, 320, 3), 80, np.uint8)
    seen = look(ObjectsEye(CPU, FakeDetector()), still, still)
    assert seen.boxes.shape == (0, 4)
    assert all(len(values) == 0 for values in seen.attributes.values())
    assert seen.view.size == 0
    first = ObjectsEye(CPU, FakeDetector()).look([Window((Frame(0, 10.0, 10.0, still),))])[0]
    assert first.view.shape == (45, 80)


@pytest.mark.parametrize("shape", [(1, 1), (9, 320), (15, 15), (16, 320), (180, 16)])
def test_a_tiny_picture_is_looked_at_like_any_other(shape: tuple[int, int]) -> None:
    before, now = (np.random.default_rng(seed).integers(0, 255, (*shape, 3), dtype=np.uint8) for seed in (1, 2))
    seen = look(ObjectsEye(CPU, FakeDetector()), before, now)
    assert np.isfinite(seen.attributes["speed"]).all()


def test_a_thing_in_two_tiles_is_one() -> None:
    seen = look(ObjectsEye(CPU, FakeDetector()), picture(150, RED), picture(152, RED))
    assert int((~np.isnan(seen.attributes["kind"][:, 0])).sum()) == 1


def test_all_cameras_go_into_one_batch_and_say_the_same_as_alone() -> None:
    detector = FakeDetector()
    eye = ObjectsEye(CPU, detector)
    windows = [window(picture(x, RED), picture(x + 3, RED)) for x in (20, 150, 280)]
    together = eye.look(windows)
    assert detector.batches == [6]
    for alone, among in zip([eye.look([each])[0] for each in windows], together, strict=True):
        np.testing.assert_array_equal(alone.boxes, among.boxes)
        for name, values in alone.attributes.items():
            np.testing.assert_allclose(values, among.attributes[name], rtol=1e-4, atol=1e-5)


def test_its_fingerprint_names_the_detector() -> None:
    assert "fake-1" in ObjectsEye(CPU, FakeDetector()).fingerprint


def test_another_eye_loads_no_detector_library() -> None:
    code = (
        "import sys; from inference.eye.registry import eye_factory; from inference.device import CPU; "
        "eye_factory('motion')(CPU); assert not {'transformers', 'onnxruntime'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_people_on_a_campus_are_found(footage: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from inference.learn import read_frames
    from tests.inference.watching import SETTINGS

    model = footage / "models" / "yolox_nano.onnx"
    if not model.exists():
        pytest.skip("no data: VIGIL_DATA has no models/yolox_nano.onnx")
    monkeypatch.setenv("VIGIL_DETECTOR", str(model))
    eye = ObjectsEye(CPU)
    frames = read_frames(footage / "videos" / "vtest.avi", SETTINGS)
    before, now = next(frames)[0], next(frames)[0]
    seen = eye.look([Window((before, now))])[0]
    sure = seen.attributes["kind"].max(axis=1) > 0.5
    assert (seen.attributes["kind"][sure].argmax(axis=1) == 0).sum() >= 3
