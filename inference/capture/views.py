"""What is made of decoded pictures: small ones to judge, JPEG to show."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable

import av.error
from av.video.frame import VideoFrame

from inference.capture.messages import Analysed, CaptureSettings, Live
from inference.capture.pictures import LIGHT, Pictures
from inference.capture.timeline import Beat, Stamp
from inference.capture.wire import Wire
from inference.types import Frame

REMEMBERED = 10
"""Analysed pictures kept whole, for a snapshot of exactly that one."""
REMEMBERED_PIXELS = 20_000_000


class AnalysisView:
    """Small pictures at the analysis rate."""

    def __init__(self, settings: CaptureSettings, first_sequence: int, say: Callable[[Wire], None]) -> None:
        self._pictures = Pictures(settings.masks)
        self._width = settings.width
        self._beat = Beat(settings.analysis_fps)
        self._say = say
        self.sequence = first_sequence - 1
        """Of the newest analysed frame."""
        self._recent: deque[tuple[int, VideoFrame, Stamp]] = deque()

    def take(self, frame: VideoFrame) -> None:
        """Analyse the picture if it is its turn."""
        stamp = frame.opaque
        if not isinstance(stamp, Stamp) or not self._beat.takes(stamp.seconds):
            return
        pixels = self._pictures.pixels(frame, self._width)
        self.sequence += 1
        most = max(1, min(REMEMBERED, REMEMBERED_PIXELS // (frame.width * frame.height)))
        while len(self._recent) >= most:
            self._recent.popleft()
        self._recent.append((self.sequence, frame, stamp))
        self._say(Analysed(Frame(self.sequence, stamp.at, stamp.monotonic, pixels)))

    def picture(self, sequence: int) -> tuple[VideoFrame, Stamp] | None:
        """The whole picture of that frame; the newest one where it is gone, None before any."""
        recent = list(self._recent)
        if not recent:
            return None
        _, frame, stamp = next((picture for picture in recent if picture[0] == sequence), recent[-1])
        return frame, stamp


class LiveView:
    """JPEG at the rate that viewers ask for, and none while there is no viewer."""

    def __init__(self, settings: CaptureSettings, newest: Callable[[], int], say: Callable[[Wire], None]) -> None:
        self._pictures = Pictures(settings.masks, quality=LIGHT)
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
