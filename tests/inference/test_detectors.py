"""Detectors: which one is used, what each makes of a picture, and what it says where it cannot."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
import torch

from inference.device import CPU, Device
from inference.eye.detectors.choose import load_detector
from inference.eye.detectors.protocol import DetectorNotAvailable


class Half(Device):
    """Computes in half precision, on the CPU, so that it can be tested."""

    @property
    def half(self) -> bool:
        return True


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A folder as the hub would give it: a detector of two classes that was never trained."""
    from transformers import YolosConfig, YolosForObjectDetection, YolosImageProcessorPil

    torch.manual_seed(0)
    config = YolosConfig(
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
        image_size=[32, 32],
        num_detection_tokens=5,
        id2label={0: "person", 1: "bicycle"},
        label2id={"person": 0, "bicycle": 1},
    )
    folder = tmp_path_factory.mktemp("detector")
    YolosForObjectDetection(config).save_pretrained(folder)
    YolosImageProcessorPil(size={"height": 32, "width": 32}).save_pretrained(folder)
    return str(folder)


def test_without_a_name_it_says_what_to_set() -> None:
    with pytest.raises(DetectorNotAvailable, match=r"set VIGIL_DETECTOR to the path of a YOLOX \.onnx file"):
        load_detector({}, CPU)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(DetectorNotAvailable, match=r"none\.onnx: there is no such file"):
        load_detector({"VIGIL_DETECTOR": str(tmp_path / "none.onnx")}, CPU)


def test_a_broken_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "broken.onnx"
    path.write_bytes(b"no model")
    with pytest.raises(DetectorNotAvailable, match=r"broken\.onnx cannot be read as an ONNX model"):
        load_detector({"VIGIL_DETECTOR": str(path)}, CPU)


def test_a_folder_without_a_detector_is_named(tmp_path: Path) -> None:
    with pytest.raises(DetectorNotAvailable, match="cannot be loaded"):
        load_detector({"VIGIL_DETECTOR": str(tmp_path)}, CPU)


@pytest.mark.parametrize("device", [CPU, Half("cpu")], ids=["whole", "half"])
def test_a_folder_of_transformers_is_loaded(tiny: str, device: Device) -> None:
    detector = load_detector({"VIGIL_DETECTOR": tiny}, device)
    picture = np.random.default_rng(0).integers(0, 255, (24, 48, 3), dtype=np.uint8)
    first, second = detector.detect([picture, picture], 0.0)
    assert detector.labels == ("person", "bicycle")
    assert detector.weight_bytes > 0
    assert first.boxes.shape == (5, 4)
    assert first.kinds.shape == (5, 2)
    np.testing.assert_allclose(first.kinds.sum(axis=1), 1.0, rtol=1e-3)
    assert (first.scores >= 0).all()
    assert (first.scores <= 1).all()
    np.testing.assert_allclose(first.boxes, second.boxes, atol=0.1)


def test_the_fingerprint_follows_the_weights(tiny: str, tmp_path: Path) -> None:
    from transformers import AutoImageProcessor, AutoModelForObjectDetection

    model = AutoModelForObjectDetection.from_pretrained(tiny)
    with torch.no_grad():
        next(model.parameters()).add_(1.0)
    model.save_pretrained(tmp_path)
    cast(Any, AutoImageProcessor).from_pretrained(tiny, backend="pil").save_pretrained(tmp_path)
    before, again, after = (load_detector({"VIGIL_DETECTOR": name}, CPU) for name in (tiny, tiny, str(tmp_path)))
    assert before.fingerprint == again.fingerprint != after.fingerprint


def test_what_is_not_sure_enough_is_left_out(tiny: str) -> None:
    detector = load_detector({"VIGIL_DETECTOR": tiny}, CPU)
    picture = np.zeros((32, 32, 3), np.uint8)
    assert not len(detector.detect([picture], 1.1)[0].boxes)
