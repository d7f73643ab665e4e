"""The object-centric Eye: what kind of thing there is, and how it and its limbs move, after AI-VAD.

After AI-VAD (Reiss and Hoshen, 2022, arXiv:2212.00789): a detector finds things, and each is described by simple
attributes. What moves and is not recognised is described as well, where the motion peaks, so that nothing escapes for
being of a class that the detector does not know. The detector is that of `VIGIL_DETECTOR`.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import cast

import cv2
import numpy as np

from inference.boxes import overlaps
from inference.device import Device
from inference.eye.dense_flow import DenseFlow
from inference.eye.detectors.choose import load_detector
from inference.eye.detectors.protocol import Detections, Detector
from inference.eye.flow import SCALE, halved, points_of
from inference.eye.limbs import gait
from inference.eye.patches import PATCH, PatchNet
from inference.eye.picture import Summary, grey_of, is_due, summary
from inference.eye.protocol import MemoryClass
from inference.eye.speeds import Speeds, peaks, speeds_of, window_of
from inference.eye.tiles import merge, tiles_of
from inference.memory.objects import ObjectMemories
from inference.types import Features, Floats, Pixels, Window

VERSION = 3
LEAST_SCORE = 0.3
"""How sure the detector must be that there is anything. Low: half-seen things are the odd ones, and what is normal for
them is learned as well. At 0.1 boxes lie about at random."""
MOST_THINGS = 64
"""Of each sort in a frame: more would be noise, and cost."""


class ObjectsEye:
    """Kind, speed, gait, size, place and appearance of things. Stateless; one object for all cameras."""

    name = "objects"
    window = 2

    def __init__(self, device: Device, detector: Detector | None = None) -> None:
        """Raises DetectorNotAvailable where `VIGIL_DETECTOR` names none that can be used."""
        self._detector = detector or load_detector(os.environ, device)
        self._net = PatchNet(device)
        self._flow = DenseFlow()

    @property
    def memory_class(self) -> MemoryClass:
        return ObjectMemories(self._detector.labels)

    @property
    def fingerprint(self) -> str:
        return f"{self.name}-{VERSION}-{self._detector.fingerprint}-{self._net.fingerprint}"

    @property
    def weight_bytes(self) -> int:
        return self._detector.weight_bytes + self._net.weight_bytes

    def look(self, windows: Sequence[Window]) -> list[Features]:
        """Features of each window; all tiles, and then all patches, in one batch over the cameras."""
        pictures = [window.frames[-1].pixels for window in windows]
        seen = self._detect(pictures)
        looked = [self._things(window, found) for window, found in zip(windows, seen, strict=True)]
        patches = [
            _patches(window.frames[-1].pixels, boxes) for window, (boxes, _) in zip(windows, looked, strict=True)
        ]
        vectors = np.split(self._net.embed(np.concatenate(patches)), np.cumsum([len(each) for each in patches])[:-1])
        return [
            _features(window, boxes, {**attributes, "appearance": embedded})
            for window, (boxes, attributes), embedded in zip(windows, looked, vectors, strict=True)
        ]

    def _detect(self, pictures: Sequence[Pixels]) -> list[Detections]:
        tiles = [tiles_of(picture) for picture in pictures]
        seen = iter(self._detector.detect([tile.pixels for row in tiles for tile in row], LEAST_SCORE))
        return [
            merge(picture, row, [next(seen) for _ in row], most=MOST_THINGS)
            for picture, row in zip(pictures, tiles, strict=True)
        ]

    def _things(self, window: Window, found: Detections) -> tuple[Floats, dict[str, Floats]]:
        """Boxes in pixels, and what is known of each: first what was detected, then what else moves."""
        now, before = window.frames[-1], window.frames[0]
        seconds = max(now.monotonic - before.monotonic, 1e-3)
        flow = np.zeros((*points_of(now.pixels.shape), 2), np.float32)
        if before is not now and before.pixels.shape == now.pixels.shape:
            flow = self._flow.between(before.pixels, now.pixels) / (flow.shape[1] * seconds)
        speeds = speeds_of(flow, window_of(found, flow.shape[0]))
        moving = peaks(speeds, MOST_THINGS) * SCALE
        if len(found.boxes) and len(moving):
            moving = moving[overlaps(moving, found.boxes)[1].max(axis=1) < 0.5]
        boxes = np.concatenate((found.boxes, moving)).astype(np.float32)
        kinds = np.full((len(boxes), len(self._detector.labels)), np.nan, np.float32)
        kinds[: len(found.boxes)] = found.scores[:, None] * found.kinds
        limbs = np.full((len(boxes), 3), np.nan, np.float32)
        limbs[: len(found.boxes)] = gait(flow, found.boxes / np.float32(SCALE))
        return boxes, {"kind": kinds, "gait": limbs, **_motion(speeds, boxes / np.float32(SCALE))}


def _motion(speeds: Speeds, boxes: Floats) -> dict[str, Floats]:
    """The greatest of both measures of speed within each box."""
    greatest = np.zeros((len(boxes), 2), np.float32)
    velocity = np.zeros((len(boxes), 2), np.float32)
    height, width = speeds.steady.shape
    for number, (left, top, right, bottom) in enumerate(boxes):
        first, start = min(max(int(top), 0), height - 1), min(max(int(left), 0), width - 1)
        rows = slice(first, max(first + 1, int(np.ceil(bottom))))
        columns = slice(start, max(start + 1, int(np.ceil(right))))
        greatest[number] = speeds.steady[rows, columns].max(), speeds.all[rows, columns].max()
        velocity[number] = speeds.mean[rows, columns].reshape(-1, 2).mean(axis=0)
    return {"speed": greatest[:, :1], "activity": greatest[:, 1:], "velocity": velocity}


def _patches(pixels: Pixels, boxes: Floats) -> Pixels:
    """(n, PATCH, PATCH, 3): each thing in a square of its own size."""
    height, width = pixels.shape[:2]
    patches = np.zeros((len(boxes), PATCH, PATCH, 3), np.uint8)
    for number, (left, top, right, bottom) in enumerate(boxes):
        half = max(right - left, bottom - top, 4.0) / 2
        x, y = (left + right) / 2, (top + bottom) / 2
        rows = slice(max(0, int(y - half)), min(height, int(y + half) + 1))
        columns = slice(max(0, int(x - half)), min(width, int(x + half) + 1))
        patches[number] = cv2.resize(pixels[rows, columns], (PATCH, PATCH), interpolation=cv2.INTER_LINEAR)
    return patches


def _features(window: Window, boxes: Floats, attributes: dict[str, Floats]) -> Features:
    """Speeds are in picture widths a second, places and sizes in shares of the picture."""
    frame = window.frames[-1]
    height, width = frame.pixels.shape[:2]
    relative = (boxes / np.array([width, height, width, height], np.float32)).clip(0.0, 1.0)
    centres, sizes = (relative[:, :2] + relative[:, 2:]) / 2, relative[:, 2:] - relative[:, :2]
    attributes = {**attributes, "size": sizes.prod(axis=1, keepdims=True), "place": centres}
    whole = summary(frame.pixels, halved(grey_of(frame.pixels))) if is_due(window) else Summary()
    return Features(
        at=frame.at,
        boxes=relative,
        attributes={name: cast(Floats, values.astype(np.float32)) for name, values in attributes.items()},
        view=whole.view,
        colour=whole.colour,
        sharpness=whole.sharpness,
    )
