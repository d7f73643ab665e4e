"""Continuous recording in the capture child: packets of the main stream as they came, in files of half a minute.

Nothing is decoded. Each file is an MP4 of fragments, so that what a kill leaves is of use up to its last key frame; it
is cut at a key frame, so that no picture is lost between two. A thread writes, so that capture never waits for a disk.
"""

from __future__ import annotations

import errno
import logging
import os
import queue
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import av
import av.error
from av.packet import Packet
from av.video.stream import VideoStream

from inference.capture.messages import CaptureSettings, RecordingLost
from inference.capture.ring import Entry
from inference.capture.segment_files import SegmentFile, finish_cut
from inference.capture.source import Source
from inference.capture.timeline import TIME_BASE, Stamp
from inference.capture.wire import Wire

log = logging.getLogger(__name__)

FRAGMENTS = {
    "movflags": "+frag_keyframe+empty_moov+default_base_moof",
    "min_frag_duration": "1000000",
    "flush_packets": "1",  # a still scene would not fill a buffer for minutes
}
"""Whole every second or, with key frames further apart, at each of them."""
LONGEST = 4
"""Segments: where no key frame comes for so long, the recording is broken off until one does."""
PAUSE_SECONDS = 5.0
"""After a failure, until it is tried again."""
CLOCK_SET = 1.0
"""Seconds by which the wall clock differs from the time that passed where somebody set it."""
_SHOWN = {"h264": {"yuv420p", "yuvj420p"}, "vp9": {"yuv420p"}, "av1": {"yuv420p"}}
"""Codec -> pixel formats, of what browsers show."""


class Recording(Protocol):
    """What the child does with the packets of its main stream."""

    def reopened(self, source: Source) -> None:
        """The stream is another one now."""

    def take(self, entry: Entry) -> None:
        """The next packet."""

    def close(self, seconds: float) -> None:
        """Finish the file in hand, but do not wait longer than that."""


@dataclass(frozen=True, slots=True)
class _Taken:
    data: bytes
    stamp: Stamp
    is_key: bool


class _Gap:
    """Packets were dropped here."""


class Copied:
    """Implements Recording: writes the packets as they are, on a thread of its own."""

    def __init__(self, settings: CaptureSettings, say: Callable[[Wire], None]) -> None:
        assert settings.segments_dir is not None
        self._folder, self._seconds, self._most = settings.segments_dir, settings.segment_seconds, settings.ring_bytes
        self._say = say
        self._queue: queue.SimpleQueue[_Taken | Source | _Gap | None] = queue.SimpleQueue()
        self._waiting = 0
        self._dropping = False
        self._lock = threading.Lock()
        self._source: Source | None = None
        self._open: _Segment | None = None
        self._not_before = 0.0
        self._thread = threading.Thread(target=self._run, name="recording", daemon=True)
        self._thread.start()

    def reopened(self, source: Source) -> None:
        self._queue.put(source)

    def take(self, entry: Entry) -> None:
        """Queue the packet or, where the disk is hopelessly late, drop it and what follows it."""
        taken = _Taken(bytes(entry.packet), entry.stamp, entry.packet.is_keyframe)
        with self._lock:
            before = self._dropping
            self._dropping = self._waiting + len(taken.data) > self._most or (before and not taken.is_key)
            if self._dropping:
                if not before:
                    self._queue.put(_Gap())
                return
            self._waiting += len(taken.data)
        self._queue.put(taken)

    def close(self, seconds: float) -> None:
        self._queue.put(None)
        self._thread.join(seconds)

    def _run(self) -> None:
        while (item := self._queue.get()) is not None:
            try:
                self._handle(item)
            except (OSError, ValueError, av.error.FFmpegError) as error:
                self._break_off(_reason(error))
        with suppress(OSError, ValueError, av.error.FFmpegError):
            self._finish(time.time(), time.monotonic())

    def _handle(self, item: _Taken | Source | _Gap) -> None:
        if isinstance(item, Source):
            self._finish(time.time(), time.monotonic())
            self._source = item
            return
        if isinstance(item, _Gap):
            if self._open:
                self._break_off("the disk is too slow")
            return
        with self._lock:
            self._waiting -= len(item.data)
        if item.is_key and (self._open is None or self._open.seconds(item.stamp) >= self._seconds):
            self._finish(item.stamp.at, item.stamp.monotonic)
            self._begin(item.stamp)
        if self._open:
            self._open.take(item)
            if self._open.seconds(item.stamp) > LONGEST * self._seconds:
                self._finish(item.stamp.at, item.stamp.monotonic)

    def _begin(self, first: Stamp) -> None:
        if self._source is not None and first.monotonic >= self._not_before:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._open = _Segment(self._folder, self._source.stream, first)

    def _finish(self, ended_at: float, monotonic: float) -> None:
        if self._open:
            self._open.close()  # where it cannot be, it is broken off
            done, self._open = self._open, None
            done.file.finish(self._folder, done.end(ended_at, monotonic))

    def _break_off(self, reason: str) -> None:
        """Keep what is whole of the segment in hand and go on with a key frame some seconds later."""
        self._not_before = time.monotonic() + PAUSE_SECONDS
        broken, self._open = self._open, None
        if broken:
            with suppress(OSError, ValueError, av.error.FFmpegError):
                broken.close()
            with suppress(OSError):
                finish_cut(self._folder, broken.file, broken.end(time.time(), time.monotonic()))
        self._say(RecordingLost(reason))


class _Disk:
    """A file whose writes never fail as FFmpeg sees it, which would crash on a full disk; what went wrong is kept."""

    def __init__(self, path: Path) -> None:
        """Raises OSError."""
        self._file = path.open("xb", buffering=0)
        self.error: OSError | None = None

    def write(self, data: bytes) -> int:
        """As much as there is room for."""
        view = memoryview(data)
        try:
            while view and self.error is None:
                view = view[self._file.write(view) :]
        except OSError as error:
            self.error = error
        return len(data)

    def close(self) -> None:
        """Nothing more comes."""
        self._file.close()


class _Segment:
    """An open file."""

    def __init__(self, folder: Path, template: VideoStream, first: Stamp) -> None:
        self.file = file_of(template, first.at)
        path = self.file.path(folder)
        self._first = first
        self._before: Packet[Any] | None = None
        self._disk = _Disk(path)
        try:
            self._container = av.open(self._disk, "w", format="mp4", options=dict(FRAGMENTS))
            self._stream = self._container.add_stream_from_template(template, opaque=True)
            self._stream.time_base = TIME_BASE
            self._container.start_encoding()
        except Exception:
            self._disk.close()
            path.unlink(missing_ok=True)
            raise

    def seconds(self, stamp: Stamp) -> float:
        """From its first packet to that one."""
        return float((stamp.dts - self._first.dts) * TIME_BASE)

    def end(self, at: float, monotonic: float) -> float:
        """The wall clock of its end; where that was set meanwhile, as it would be had it not been."""
        passed = self._first.at + monotonic - self._first.monotonic
        return at if abs(at - passed) < CLOCK_SET else passed

    def take(self, taken: _Taken) -> None:
        """Add a packet. Raises OSError, ValueError and av.error.FFmpegError."""
        packet = Packet(taken.data)
        packet.stream = self._stream
        packet.time_base = TIME_BASE
        packet.dts = taken.stamp.dts - self._first.dts
        packet.pts = (taken.stamp.dts if taken.stamp.pts is None else taken.stamp.pts) - self._first.dts
        packet.is_keyframe = taken.is_key
        before, self._before = self._before, packet
        if before is not None and before.dts is not None:  # known only now
            before.duration = packet.dts - before.dts
            self._container.mux_one(before)
        if self._disk.error is not None:
            raise self._disk.error

    def close(self) -> None:
        """Write the rest. Raises as `take`."""
        try:
            if self._before is not None:
                self._container.mux_one(self._before)
        finally:
            self._container.close()
            self._disk.close()
        if self._disk.error is not None:
            raise self._disk.error


def file_of(template: VideoStream, started_at: float) -> SegmentFile:
    """The file of what begins then in that stream."""
    decoder = template.codec_context
    codec = decoder.codec.canonical_name
    playable = decoder.pix_fmt in _SHOWN.get(codec, ())
    return SegmentFile(round(started_at * 1000), 0, codec, playable, os.getpid())


def _reason(error: Exception) -> str:
    number = getattr(error, "errno", None)
    if number == errno.ENOSPC or number == errno.EDQUOT:
        return "the disk is full"
    if isinstance(error, ValueError):
        return "a video of this kind cannot be recorded"
    return f"the file cannot be written ({type(error).__name__})"
