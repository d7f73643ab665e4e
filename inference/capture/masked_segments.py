"""Continuous recording of a camera with privacy masks: what is hidden must not reach the disk, so it is encoded anew.

Each segment is written as a clip is, by a process of its own that decodes, masks and encodes. That costs as much as
watching does, or more: it is for the few cameras that need it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import av.error

from inference.capture.clip import Clip, ClipOrder
from inference.capture.messages import CaptureSettings, RecordingLost
from inference.capture.ring import Entry
from inference.capture.segment_files import SegmentFile, finish_cut
from inference.capture.segments import LONGEST, PAUSE_SECONDS, Copied, Recording, file_of
from inference.capture.source import Source
from inference.capture.wire import Wire


class Unrecorded:
    """Implements Recording for a camera that is not recorded."""

    def reopened(self, source: Source) -> None:
        """Nothing."""

    def take(self, entry: Entry) -> None:
        """Nothing."""

    def close(self, seconds: float) -> None:
        """Nothing."""


class Masked:
    """Implements Recording."""

    def __init__(self, settings: CaptureSettings, report: int, say: Callable[[Wire], None]) -> None:
        self._settings, self._report, self._say = settings, report, say
        self._source: Source | None = None
        self._clip: Clip | None = None
        self._not_before = 0.0

    def reopened(self, source: Source) -> None:
        self._end()
        self._source = source

    def take(self, entry: Entry) -> None:
        now = entry.stamp.monotonic
        try:
            if self._clip is None or (entry.packet.is_keyframe and now >= self._clip.ends):
                self._end()
                if entry.packet.is_keyframe and now >= self._not_before:
                    self._clip = self._begin(entry)
            if self._clip is not None:
                self._clip.take(entry)
                if now > self._clip.ends + (LONGEST - 1) * self._settings.segment_seconds:
                    self._end()
        except (OSError, ValueError, av.error.FFmpegError) as error:
            self._end()
            self._failed("", f"it cannot be encoded ({type(error).__name__})")

    def close(self, seconds: float) -> None:
        clip = self._clip
        self._end()
        if clip is not None:
            clip.wait(seconds)

    def _begin(self, entry: Entry) -> Clip:
        settings = self._settings
        assert self._source is not None
        assert settings.segments_dir is not None
        settings.segments_dir.mkdir(parents=True, exist_ok=True)
        stream = self._source.stream
        file = replace(file_of(stream, entry.stamp.at), codec="h264", playable=True)
        order = ClipOrder(
            token=file.path(settings.segments_dir).name,
            path=str(file.path(settings.segments_dir)),
            report=self._report,
            copy=False,
            begins_at=entry.stamp.at,
            skip=0.0,
            masks=settings.masks,
            segment=True,
        )
        ends = entry.stamp.monotonic + settings.segment_seconds
        return Clip(order, stream, most=settings.ring_bytes, ends=ends, on_failure=self._failed)

    def _end(self) -> None:
        clip, self._clip = self._clip, None
        if clip is not None:
            with suppress(av.error.FFmpegError):
                clip.close()

    def _failed(self, token: str, reason: str) -> None:
        """Keep what is whole of the file of that name, and try again some seconds later."""
        self._not_before = time.monotonic() + PAUSE_SECONDS
        file, folder = SegmentFile.of(Path(token)), self._settings.segments_dir
        if file is not None and folder is not None:
            reason = "the disk is full, or it cannot be encoded"
            with suppress(OSError):
                finish_cut(folder, file, time.time())
        self._say(RecordingLost(reason))


def recording_of(settings: CaptureSettings, report: int, say: Callable[[Wire], None]) -> Recording:
    """How the camera with these settings is recorded."""
    if settings.segments_dir is None:
        return Unrecorded()
    return Masked(settings, report, say) if settings.masks else Copied(settings, say)
