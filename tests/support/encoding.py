"""Pictures into a video file."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.video.frame import PictureType, VideoFrame
from av.video.stream import VideoStream


def encode(
    path: Path,
    frames: Iterable[VideoFrame],
    *,
    size: tuple[int, int],
    fps: int,
    codec: str = "libx264",
    bit_rate: int = 2_000_000,
    preset: str = "veryfast",
    gop: int | None = None,
    b_frames: int = 0,
) -> Path:
    """Writes the frames, at `fps` whatever their own clock said, scaled to `size`; returns `path`.

    `gop`: a key frame every so many pictures, every two seconds if it is not said.
    """
    options = {"preset": preset} if codec.startswith("libx") else {}
    if codec == "libx265":
        options["x265-params"] = "log-level=none"
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=fps, options=options)
        assert isinstance(stream, VideoStream)
        stream.width, stream.height = size
        stream.pix_fmt = "yuvj420p" if codec == "mjpeg" else "yuv420p"
        stream.bit_rate, stream.gop_size, stream.max_b_frames = bit_rate, gop or 2 * fps, b_frames
        tick = stream.codec_context.time_base = Fraction(1, fps)
        for number, original in enumerate(frames):
            frame = original.reformat(*size, stream.pix_fmt)
            # What a decoder said of its own picture (its type, its clock) would mislead the encoder.
            frame.pts, frame.time_base, frame.pict_type = number, tick, PictureType.NONE
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def reencoded(original: Path, path: Path) -> Path:
    """The recording at its own rate and size, in H.264."""
    with av.open(str(original)) as container:
        stream = container.streams.video[0]
        size = (stream.width, stream.height)
        return encode(path, container.decode(stream), size=size, fps=round(stream.average_rate or 25))


def covered(path: Path, *, size: tuple[int, int] = (768, 576), fps: int = 10, seconds: int = 60) -> Path:
    """What a camera with a cap on its lens sends."""
    noise = np.random.default_rng(0)
    pictures = (noise.integers(14, 22, (size[1], size[0], 3)).astype(np.uint8) for _ in range(fps * seconds))
    return encode(path, (VideoFrame.from_ndarray(each, format="bgr24") for each in pictures), size=size, fps=fps)
