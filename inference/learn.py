"""Learning from recordings: a camera's normality without waiting for it to watch."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

import av
from av.container import InputContainer
from av.error import FFmpegError, InvalidDataError
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from inference.capture.pictures import Pictures
from inference.eye.protocol import Eye
from inference.normality import Normality
from inference.types import CameraSettings, Frame, Window

log = logging.getLogger(__name__)

WIDTH = 320
"""Pixels: as the capture process scales."""
CUT_SECONDS = 60.0
"""Between two recordings, so that the last picture of one and the first of the next are not taken for a movement."""
LEAST_SECONDS = 5.0
"""Between two reports of progress, of footage."""


class RecordingUnreadable(ValueError):
    """The file is no video that can be read; the text names it."""


def learn_from(
    paths: Sequence[Path],
    settings: CameraSettings,
    eye: Eye,
    normality: Normality,
    progress_callback: Callable[[float], None] = lambda share: None,
) -> float:
    """Take all that the recordings show as normal; returns the seconds of footage looked at.

    They are read in the order given, as fast as they can be, at the camera's analysis rate and with its masks;
    `progress_callback` gets the share done, 0..1. Raises RecordingUnreadable.
    """
    began = 0.0
    for number, path in enumerate(paths):
        last = told = began
        for before, frame, share in _pairs(path, settings, began):
            features = eye.look([Window((before, frame)[-eye.window :])])[0]
            normality.learn(frame, features)
            last = frame.monotonic
            if last - told >= LEAST_SECONDS:
                told = last
                progress_callback((number + share) / len(paths))
        progress_callback((number + 1) / len(paths))
        began = last + CUT_SECONDS
    return normality.learned_seconds


def _pairs(path: Path, settings: CameraSettings, began: float) -> Iterator[tuple[Frame, Frame, float]]:
    for (before, _), (frame, share) in pairwise(read_frames(path, settings, began)):
        yield before, frame, share


def read_frames(path: Path, settings: CameraSettings, began: float = 0.0) -> Iterator[tuple[Frame, float]]:
    """The frames that the camera's capture process would make of a recording, each with the share of it read, 0..1.

    Their times count from `began`, seconds. Raises RecordingUnreadable.
    """
    pictures = Pictures(settings.masks)
    sequence, due = 0, began
    with _readable(path):
        for picture, share in decode(path):
            at = began + _seconds(picture)
            if at < due - 1e-3:
                continue
            due = max(due + 1.0 / settings.analysis_fps, at)
            yield Frame(sequence, at, at, pictures.pixels(picture, WIDTH)), share
            sequence += 1
    if sequence < 2:
        raise RecordingUnreadable(f"{path.name} has no two pictures to learn from.")


def decode(path: Path, *, threads: int = 0) -> Iterator[tuple[VideoFrame, float]]:
    """All pictures of a recording, each with the share of it read, 0..1; `threads`: 0 for as many as FFmpeg likes.

    What is damaged in it is left out, as the capture process does. Raises RecordingUnreadable.
    """
    with _readable(path), av.open(str(path)) as container:
        if not container.streams.video:
            raise RecordingUnreadable(f"{path.name} has no video in it.")
        stream = container.streams.video[0]
        stream.thread_type = "AUTO"
        stream.codec_context.thread_count = threads
        length = float(container.duration or 0) / av.time_base
        began = float((stream.start_time or 0) * (stream.time_base or 0))
        for picture in _decoded(container, stream):
            share = (_seconds(picture) - began) / length if length else 0.0
            yield picture, min(max(share, 0.0), 1.0)


def _decoded(container: InputContainer, stream: VideoStream) -> Iterator[VideoFrame]:
    for packet in container.demux(stream):
        try:
            yield from packet.decode()
        except InvalidDataError:
            log.debug("A damaged packet of %s is left out.", container.name)


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    try:
        yield
    except (FFmpegError, OSError) as error:
        raise RecordingUnreadable(f"{path.name} cannot be read as a video: {error.strerror or error}.") from error


def _seconds(picture: VideoFrame) -> float:
    return float(picture.time or 0.0)
