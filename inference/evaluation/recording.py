"""Recordings as a camera's capture process would hand them over, with the number of each picture."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import av
from av.error import FFmpegError
from av.video.frame import VideoFrame

from inference.capture.pictures import Pictures
from inference.capture.timeline import Beat
from inference.learn import WIDTH, decode
from inference.types import CameraSettings, Frame

APART = 86_400.0
"""Seconds between two recordings: each is a day of its own at the same time of day, so nothing carries over."""

SEEK_BACK = (1.0, 30.0, math.inf)
"""Seconds before a picture from which it is looked for: some formats know only roughly where a key frame is."""


@dataclass(frozen=True, slots=True)
class Shot:
    """An analysed picture of a recording."""

    number: int
    """Among all pictures of the recording, from 0."""
    seconds: float
    """Since the recording began."""
    share: float
    """Of the recording read, 0..1."""
    picture: VideoFrame
    """As it was decoded: in full size, without masks."""
    frame: Frame


@dataclass(slots=True)
class Recording:
    """One recording, read once; it counts what it read and what that cost."""

    path: Path
    settings: CameraSettings
    began: float = 0.0
    """Of its clock, seconds."""
    fps: float | None = None
    """Frames a second where they are known better than from the container: the n-th picture is at n / fps."""
    threads: int = 1
    """That decode; 0: as many as FFmpeg likes, which is sooner done and costs more."""
    pictures: int = field(default=0, init=False)
    """Read so far, analysed or not."""
    times: list[float] = field(default_factory=list, init=False)
    """Of the analysed pictures, by the sequence of their frames: seconds since the recording began."""
    size: tuple[int, int] = field(default=(0, 0), init=False)
    """Width and height of the newest picture, as it is in the file."""
    cpu_seconds: float = field(default=0.0, init=False)
    """Processor time of decoding and scaling."""

    def shots(self) -> Iterator[Shot]:
        """The pictures at the camera's analysis rate, with its masks. Raises RecordingUnreadable."""
        pictures, beat = Pictures(self.settings.masks), Beat(self.settings.analysis_fps)
        first = 0.0
        since = time.process_time()
        for picture, share in decode(self.path, threads=self.threads):
            number, self.pictures = self.pictures, self.pictures + 1
            self.size = picture.width, picture.height
            stands = float(picture.time or 0.0)
            if number == 0:
                first = stands
            seconds = stands - first if self.fps is None else number / self.fps
            if not beat.takes(seconds):
                continue
            at = self.began + seconds
            shot = Shot(
                number, seconds, share, picture, Frame(len(self.times), at, at, pictures.pixels(picture, WIDTH))
            )
            self.times.append(seconds)
            self.cpu_seconds += time.process_time() - since
            yield shot
            since = time.process_time()
        self.cpu_seconds += time.process_time() - since


def picture_at(path: Path, seconds: float) -> VideoFrame | None:
    """The picture so long after the recording began, None where it cannot be found again."""
    for back in SEEK_BACK:
        with suppress(FFmpegError, OSError), av.open(str(path)) as container:
            stream = container.streams.video[0]
            due = float((stream.start_time or 0) * (stream.time_base or 0)) + seconds
            if back < seconds:
                container.seek(int((due - back) * av.time_base))
            for number, picture in enumerate(container.decode(stream)):
                late = float(picture.time or 0.0) - due
                if number == 0 and late > 1e-3 and back < seconds:
                    break  # it landed too late
                if late >= -1e-3:
                    return picture
    return None
