"""Small recordings made at test time, whose every picture carries its number so that a clip of it can be checked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np

from inference.types import Pixels
from tests.support.encoding import encode

BITS = 12
BLOCK = 16
"""Pixels of a bit of the number, drawn black or white along the bottom."""
SIZE = (320, 240)


def drawn(number: int, width: int = SIZE[0], height: int = SIZE[1], level: int = 110) -> Pixels:
    """A grey scene with a square that wanders, and the number."""
    picture = np.full((height, width, 3), level, np.uint8)
    left = 20 + number * 4 % (width - 80)
    picture[40:90, left : left + 40] = (40, 160, 220)
    for bit in range(BITS):
        picture[-BLOCK:, bit * BLOCK : (bit + 1) * BLOCK] = 255 if number >> bit & 1 else 0
    return picture


def number_of(picture: Pixels) -> int:
    """What `drawn` wrote into it, also at another size and after lossy coding."""
    height, width = picture.shape[:2]
    scale = width / SIZE[0]
    row = min(height - 1, round(height - BLOCK * scale / 2))
    return sum((int(picture[row, round((bit + 0.5) * BLOCK * scale)].mean()) > 127) << bit for bit in range(BITS))


def record(
    path: Path,
    *,
    codec: str = "libx264",
    fps: int = 25,
    seconds: float = 4.0,
    gop: int = 25,
    b_frames: int = 0,
    size: tuple[int, int] = SIZE,
    first: int = 0,
    level: int = 110,
) -> Path:
    """Write a recording; the suffix of `path` says in which format."""
    frames = (
        av.VideoFrame.from_ndarray(drawn(first + number, *size, level), format="bgr24")
        for number in range(round(fps * seconds))
    )
    return encode(path, frames, size=size, fps=fps, codec=codec, preset="ultrafast", gop=gop, b_frames=b_frames)


def pictures(path: Path) -> Iterator[tuple[float, Pixels]]:
    """(seconds, picture) of a video file."""
    with av.open(str(path)) as container:
        for frame in container.decode(video=0):
            yield float(frame.time or 0.0), _pixels(frame)


def decoded(jpeg: bytes) -> Pixels:
    """The picture in a JPEG."""
    decoder = av.CodecContext.create("mjpeg", "r")
    assert isinstance(decoder, av.VideoCodecContext)
    frames = [*decoder.decode(av.Packet(jpeg)), *decoder.decode(None)]
    return _pixels(frames[0])


def _pixels(frame: av.VideoFrame) -> Pixels:
    return np.asarray(frame.to_ndarray(format="bgr24"), np.uint8)
