"""Video files that the scripted eye reads: quiet, then an anomaly, then quiet again, in any codec."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
from av.video.frame import VideoFrame

from tests.support.encoding import encode
from tests.support.scripted import HEIGHT, WIDTH, picture

FRAMES_PER_SECOND = 10
SECONDS, BEGINS, ENDS = 30, 8, 14
"""Of the file, and of the anomaly in it."""


def write(path: Path, *, codec: str, camera: int, scale: int = 2) -> Path:
    """A file in the codec (`libx264`, `libx265`, `mjpeg`); the anomaly has the number 7."""
    return encode(
        path, _frames(camera, scale), size=(WIDTH * scale, HEIGHT * scale), fps=FRAMES_PER_SECOND, codec=codec
    )


def _frames(camera: int, scale: int) -> Iterator[VideoFrame]:
    for number in range(SECONDS * FRAMES_PER_SECOND):
        unusual = BEGINS <= number / FRAMES_PER_SECOND < ENDS
        shown = picture(camera, 7 if unusual else 0)
        shown[-12:, number % WIDTH] = 255  # something that moves, so that a frozen clip would show
        large = cv2.resize(shown, (WIDTH * scale, HEIGHT * scale), interpolation=cv2.INTER_NEAREST)
        yield VideoFrame.from_ndarray(np.asarray(large, np.uint8), format="bgr24")
