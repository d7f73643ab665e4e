"""Small recordings made at test time, whose every picture carries its number so that a clip of it can be checked."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from inference.types import Pixels

BITS = 12
BLOCK = 16
"""Pixels of a bit of the number, drawn black or white along the bottom."""
SIZE = (320, 240)
MUTED = {"libx265": {"x265-params": "log-level=none"}}


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
    pixel_format = "yuvj420p" if codec == "mjpeg" else "yuv420p"
    with av.open(str(path), "w") as container:
        options = {"preset": "ultrafast"} if codec.startswith("libx") else {}
        stream = container.add_stream(codec, rate=fps, options={**options, **MUTED.get(codec, {})})
        assert isinstance(stream, av.VideoStream)
        stream.width, stream.height = size
        stream.pix_fmt = pixel_format
        stream.gop_size = gop
        stream.codec_context.max_b_frames = b_frames
        stream.codec_context.bit_rate = 2_000_000
        for number in range(round(fps * seconds)):
            frame = av.VideoFrame.from_ndarray(drawn(first + number, *size, level), format="bgr24")
            frame.pts, frame.time_base = number, Fraction(1, fps)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


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
