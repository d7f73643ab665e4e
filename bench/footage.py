"""The video that the benchmarks play: 1280x720, 25 frames a second, H.264, about 2 Mbit/s."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import av
from av.video.frame import VideoFrame

from cameras.demo.render import frames as rendered
from cameras.demo.scenes import SCENES
from tests.support.encoding import encode

WIDTH, HEIGHT, FRAMES_PER_SECOND = 1280, 720, 25


def pictures() -> tuple[str, Iterator[VideoFrame]]:
    """What is played: real pedestrians (`vtest.avi` below VIGIL_DATA) where that is there, else a rendered scene."""
    real = Path(os.environ.get("VIGIL_DATA", "/nonexistent")) / "videos" / "vtest.avi"
    if real.exists():
        return real.name, _decoded(real)
    scene = rendered(SCENES[0], seed=1, anomalies=False)
    return "rendered promenade", (VideoFrame.from_ndarray(picture, format="bgr24") for picture in scene)


def _decoded(path: Path) -> Iterator[VideoFrame]:
    with av.open(str(path)) as container:
        yield from container.decode(video=0)


def make_720p25(path: Path, *, most: int = 800) -> str:
    """Writes the video to `path`, of at most so many frames, and returns what it shows.

    The footage was taken at 10 frames a second and is played at 25, so all in it moves 2.5 times as fast: repeating
    pictures instead would make frames that cost nothing to decode.
    """
    what, source = pictures()
    encode(path, islice(source, most), size=(WIDTH, HEIGHT), fps=FRAMES_PER_SECOND)
    return what
