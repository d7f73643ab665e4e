"""Detectors in an `.onnx` file, by ONNX Runtime: those of the YOLOX family (Ge et al., 2021, arXiv:2107.08430).

Input: BGR, 0..255, enlarged or shrunk to fit into the top left of a square, the rest grey 114. Output: for each cell of
grids 8, 16 and 32 pixels wide: centre, size, objectness, one probability per class; with the grid taken into account or
not, as it was exported.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

import cv2
import numpy as np
import onnxruntime

from inference.device import Device
from inference.eye.detectors import coco
from inference.eye.detectors.protocol import Detections, DetectorNotAvailable
from inference.types import Floats, Pixels

STRIDES = (8, 16, 32)
PADDING = 114
"""Grey level around the picture, as in training."""
DECODED_FROM = 32.0
"""A centre in pixels reaches the square's far side, one in cells from its own cell stays within a few."""


class OnnxDetector:
    """A YOLOX detector. Thread-safe, as an inference session is."""

    def __init__(self, path: Path, device: Device) -> None:
        """Raises DetectorNotAvailable where the file is not such a detector."""
        self._session = _session(path, device)
        self._input = self._session.get_inputs()[0]
        shape = self._input.shape
        if len(shape) != 4 or shape[1] != 3 or not isinstance(shape[2], int) or shape[2] != shape[3]:
            raise DetectorNotAvailable(f"{path.name} takes {shape}; a YOLOX detector takes (n, 3, side, side).")
        self._side = int(shape[2])
        self._type = np.float16 if self._input.type == "tensor(float16)" else np.float32
        self._grid, self._strides = _grid(self._side)
        output = self._run([np.full((self._side, self._side, 3), PADDING, np.uint8)])[0]
        if output.ndim != 2 or len(output) != len(self._grid) or output.shape[1] < 6:
            raise DetectorNotAvailable(
                f"{path.name} answers {output.shape}; a YOLOX detector of {self._side} pixels answers "
                f"({len(self._grid)}, 5 + classes)."
            )
        self._decoded = float(output[:, :2].max()) > DECODED_FROM
        self._classes = output.shape[1] - 5
        content = path.read_bytes()
        self._weight_bytes = len(content)
        self._fingerprint = f"onnx{self._side}-{hashlib.sha256(content).hexdigest()[:12]}"

    @property
    def fingerprint(self) -> str:
        return self._fingerprint

    @property
    def weight_bytes(self) -> int:
        return self._weight_bytes

    @property
    def labels(self) -> tuple[str, ...]:
        if self._classes == len(coco.LABELS):
            return coco.LABELS
        return tuple(f"class {number}" for number in range(self._classes))

    def detect(self, pictures: Sequence[Pixels], least_score: float) -> list[Detections]:
        fitted = [_fit(picture, self._side) for picture in pictures]
        outputs = self._run([square for square, _ in fitted])
        return [
            self._detections(output, scale, least_score) for output, (_, scale) in zip(outputs, fitted, strict=True)
        ]

    def _run(self, squares: Sequence[Pixels]) -> Floats:
        """(n, cells, 5 + classes): in one batch where the file allows it, else one by one."""
        batch = np.stack(squares).transpose(0, 3, 1, 2).astype(self._type)
        most = self._input.shape[0] if isinstance(self._input.shape[0], int) else len(batch)
        parts = [batch[start : start + most] for start in range(0, len(batch), most)]
        padded = [np.concatenate((part, np.zeros((most - len(part), *part.shape[1:]), part.dtype))) for part in parts]
        outputs = [cast(Floats, self._session.run(None, {self._input.name: part})[0]) for part in padded]
        return np.concatenate(outputs)[: len(batch)].astype(np.float32)

    def _detections(self, output: Floats, scale: float, least_score: float) -> Detections:
        kept = output[:, 4] >= least_score
        found = output[kept]
        if self._decoded:
            centre, size = found[:, :2] / scale, found[:, 2:4] / scale
        else:
            centre = (found[:, :2] + self._grid[kept]) * self._strides[kept] / scale
            size = np.exp(found[:, 2:4]) * self._strides[kept] / scale
        boxes = np.concatenate((centre - size / 2, centre + size / 2), axis=1)
        return Detections(boxes.astype(np.float32), found[:, 4], found[:, 5:])


def _session(path: Path, device: Device) -> Any:
    options = onnxruntime.SessionOptions()
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")  # it would starve the other cameras
    options.log_severity_level = 3
    wanted = ["CPUExecutionProvider"]
    if device.kind == "cpu":
        options.intra_op_num_threads = options.inter_op_num_threads = 1
    elif "CUDAExecutionProvider" in onnxruntime.get_available_providers():
        wanted.insert(0, "CUDAExecutionProvider")
    try:
        return onnxruntime.InferenceSession(str(path), options, providers=wanted)
    except Exception as error:  # it raises classes of its own for each kind of broken file
        raise DetectorNotAvailable(f"{path.name} cannot be read as an ONNX model: {error}") from error


def _grid(side: int) -> tuple[Floats, Floats]:
    """Of each cell: (column, row) in its grid, and (1,) how many pixels wide it is."""
    corners, strides = [], []
    for stride in STRIDES:
        rows, columns = np.mgrid[: side // stride, : side // stride]
        corners.append(np.stack((columns.ravel(), rows.ravel()), axis=1))
        strides.append(np.full((rows.size, 1), stride))
    return np.concatenate(corners).astype(np.float32), np.concatenate(strides).astype(np.float32)


def _fit(picture: Pixels, side: int) -> tuple[Pixels, float]:
    """The picture in the top left of a square, and by how much it was enlarged."""
    scale = side / max(picture.shape[:2])
    height, width = (max(1, round(edge * scale)) for edge in picture.shape[:2])
    square = np.full((side, side, 3), PADDING, np.uint8)
    square[:height, :width] = cv2.resize(picture, (width, height), interpolation=cv2.INTER_LINEAR)
    return square, scale
