"""What is made of decoded pictures: small ones to judge, JPEG to show."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable

import av.error
from av.video.frame import VideoFrame

from inference.capture.messages import Analysed, CaptureSettings, Live
from inference.capture.pictures import Pictures
from inference.capture.timeline import Beat, Stamp
from inference.capture.wire import Wire
from inference.types import Frame

REMEMBERED = 256
"""Analysed frames of which a snapshot can still be asked by number."""


class AnalysisView:
    """Small pictures at the analysis rate."""

    def __init__(self, settings: CaptureSettings, first_sequence: int, say: Callable[[Wire], None]) -> None:
        self._pictures = Pictures(settings.masks)
        self._width = settings.width
        self._beat = Beat(settings.analysis_fps)
        self._say = say
        self.sequence = first_sequence - 1
        """Of the newest analysed frame."""
        self._moments: OrderedDict[int, float] = OrderedDict()

    def take(self, frame: VideoFrame) -> None:
        """Analyse the picture if it is its turn."""
        stamp = frame.opaque
        if not isinstance(stamp, Stamp) or not self._beat.takes(stamp.seconds):
            return
        pixels = self._pictures.pixels(frame, self._width)
        sequence = self.sequence + 1
        self._moments[sequence] = stamp.monotonic
        if len(self._moments) > REMEMBERED:
            self._moments.popitem(last=False)
        self.sequence = sequence
        self._say(Analysed(Frame(sequence, stamp.at, stamp.monotonic, pixels)))

    def moment(self, sequence: int) -> float | None:
        """When that frame's packet came (monotonic); of the newest frame where it is unknown, None before any."""
        return self._moments.get(sequence, self._moments.get(self.sequence))


class LiveView:
    """JPEG at the rate that viewers ask for, and none while there is no viewer."""

    def __init__(self, settings: CaptureSettings, newest: Callable[[], int], say: Callable[[Wire], None]) -> None:
        self._pictures = Pictures(settings.masks)
        self._width = settings.live_width
        self._newest = newest
        self._say = say
        self._lock = threading.Lock()
        self._fps = 0.0
        self._beat: Beat | None = None

    @property
    def wanted(self) -> bool:
        return self._beat is not None

    def want(self, fps: float) -> None:
        """0: nobody watches."""
        with self._lock:
            if fps != self._fps:
                self._fps = fps
                self._beat = Beat(fps) if fps > 0 else None

    def take(self, frame: VideoFrame) -> None:
        """Show the picture if it is its turn."""
        stamp = frame.opaque
        with self._lock:
            if self._beat is None or not isinstance(stamp, Stamp) or not self._beat.takes(stamp.seconds):
                return
        try:
            jpeg = self._pictures.jpeg(frame, self._width)
        except av.error.FFmpegError:
            return  # a picture of a format that cannot be scaled: the analysed frame says so
        self._say(Live(self._newest(), stamp.at, stamp.monotonic, jpeg))
