"""Video files that the scripted eye reads: quiet, then an anomaly, then quiet again, in any codec."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
from av.video.stream import VideoStream

from tests.support.scripted import HEIGHT, WIDTH, picture

FRAMES_PER_SECOND = 10
SECONDS, BEGINS, ENDS = 30, 8, 14
"""Of the file, and of the anomaly in it."""


def write(path: Path, *, codec: str, camera: int, scale: int = 2) -> Path:
    """A file in the codec (`libx264`, `libx265`, `mjpeg`); the anomaly has the number 7."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=FRAMES_PER_SECOND)
        assert isinstance(stream, VideoStream)
        stream.width, stream.height = WIDTH * scale, HEIGHT * scale
        stream.pix_fmt = "yuvj420p" if codec == "mjpeg" else "yuv420p"
        stream.codec_context.time_base = Fraction(1, FRAMES_PER_SECOND)
        if codec != "mjpeg":
            stream.gop_size = 2 * FRAMES_PER_SECOND
        for number in range(SECONDS * FRAMES_PER_SECOND):
            unusual = BEGINS <= number / FRAMES_PER_SECOND < ENDS
            shown = picture(camera, 7 if unusual else 0)
            shown[-12:, number % WIDTH] = 255  # something that moves, so that a frozen clip would show
            large = cv2.resize(shown, (stream.width, stream.height), interpolation=cv2.INTER_NEAREST)
            frame = av.VideoFrame.from_ndarray(np.asarray(large, np.uint8), format="bgr24")
            frame.pts = number
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path
