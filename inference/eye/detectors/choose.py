"""Which detector this worker uses: `VIGIL_DETECTOR` names it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from inference.device import Device
from inference.eye.detectors.protocol import Detector, DetectorNotAvailable

VARIABLE = "VIGIL_DETECTOR"
HOW = "the path of a YOLOX .onnx file, or a folder or hub name that transformers can load"


def load_detector(environ: Mapping[str, str], device: Device) -> Detector:
    """The detector that `VIGIL_DETECTOR` names: an `.onnx` file, a folder, or a hub name such as `owner/model`.

    Raises DetectorNotAvailable.
    """
    wanted = environ.get(VARIABLE, "").strip()
    if not wanted:
        raise DetectorNotAvailable(f"The eye 'objects' needs a detector: set {VARIABLE} to {HOW}.")
    if Path(wanted).suffix.lower() == ".onnx":
        return _from_file(Path(wanted).expanduser(), device)
    from inference.eye.detectors.transformers import TransformersDetector

    return TransformersDetector(wanted, device)


def _from_file(path: Path, device: Device) -> Detector:
    if not path.is_file():
        raise DetectorNotAvailable(f"{VARIABLE}={path}: there is no such file. Set it to {HOW}.")
    from inference.eye.detectors.onnx import OnnxDetector

    return OnnxDetector(path, device)
