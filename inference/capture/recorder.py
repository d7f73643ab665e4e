"""Keeps the last seconds of the main stream as packets, and makes clips and snapshots of them."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

import av.error
from av.video.frame import VideoFrame

from inference.capture.clip import Clip, ClipOrder, beginning, may_copy, write_to
from inference.capture.messages import CaptureSettings, ClipFailed
from inference.capture.ring import Entry, PacketRing
from inference.capture.snapshot import Recipe, picture_at
from inference.capture.source import Source
from inference.capture.wire import Wire

log = logging.getLogger(__name__)

TELLING_SECONDS = 3.0
"""An event is told so much later than it began: three frames take 2 s at one a second, then one is looked at."""


class Recorder:
    """Fed by the thread that reads the main stream, asked by the one that hears the parent."""

    def __init__(self, settings: CaptureSettings, report: int, say: Callable[[Wire], None]) -> None:
        self._settings = settings
        self._report = report
        self._say = say
        self._lock = threading.Lock()
        self._ring = PacketRing(settings.pre_roll + TELLING_SECONDS, settings.ring_bytes)
        self._clips: dict[str, Clip] = {}
        self._source: Source | None = None

    def reopened(self, source: Source) -> None:
        """The stream is another one now: clips of the old one end with what there is."""
        with self._lock:
            self._close_clips(list(self._clips))
            self._ring.clear()
            self._source = source

    def take(self, entry: Entry) -> None:
        """Keep a packet and give it to the open clips."""
        with self._lock:
            self._ring.append(entry)
            for clip in list(self._clips.values()):
                self._give(clip, entry)  # also the first at or after its end, so that all before is covered
                if entry.stamp.monotonic >= clip.ends:
                    self._close_clips([clip.token])

    def begin(self, token: str, started_at: float) -> None:
        """Begin a clip `pre_roll` seconds before that wall-clock time."""
        now, wall = time.monotonic(), time.time()
        wanted = now - max(0.0, wall - started_at) - self._settings.pre_roll
        with self._lock:
            entries = self._ring.since(wanted)
            if self._source is None or not entries:
                self._say(ClipFailed(token, "No pictures are there to make a clip of."))
                return
            try:
                clip = self._clips[token] = self._clip(token, entries, wanted)
            except (ValueError, OSError, av.error.FFmpegError) as error:
                self._say(ClipFailed(token, f"The clip could not be begun ({type(error).__name__})."))
                return
            for entry in entries:
                self._give(clip, entry)

    def end(self, token: str, ended_at: float) -> None:
        """Let a clip end `post_roll` seconds after that wall-clock time, or when it is as long as allowed."""
        with self._lock:
            if token in self._clips:
                clip = self._clips[token]
                until = time.monotonic() + ended_at + self._settings.post_roll - time.time()
                clip.ends = min(clip.ends, until)

    def picture_at(self, monotonic: float) -> VideoFrame | None:
        """The picture of this stream nearest to that moment, decoded for the purpose; None where it is gone."""
        with self._lock:
            if self._source is None:
                return None
            recipe, entries = Recipe.of(self._source.stream), self._ring.since(monotonic)
        return picture_at(recipe, entries, monotonic)

    def close(self, seconds: float) -> None:
        """End all clips with what there is, and see that their processes were given it."""
        with self._lock:
            clips = list(self._clips.values())
            self._close_clips(list(self._clips))
        deadline = time.monotonic() + seconds
        for clip in clips:
            clip.wait(max(0.0, deadline - time.monotonic()))

    def _clip(self, token: str, entries: list[Entry], wanted: float) -> Clip:
        assert self._source is not None
        settings, stream = self._settings, self._source.stream
        copy = may_copy(stream, settings.masks)
        skip, shown_at = beginning(entries, wanted, copy=copy)
        order = ClipOrder(
            token=token,
            path=str(write_to(settings.scratch_dir, token)),
            report=self._report,
            copy=copy,
            begins_at=shown_at - skip,
            skip=skip,
            masks=settings.masks,
        )
        ends = max(wanted, entries[0].stamp.monotonic) + settings.longest_clip  # the clock may have been set
        return Clip(order, stream, most=settings.ring_bytes, ends=ends, on_failure=self._failed)

    def _give(self, clip: Clip, entry: Entry) -> None:
        try:
            clip.take(entry)
        except av.error.FFmpegError:
            self._close_clips([clip.token])

    def _close_clips(self, tokens: list[str]) -> None:
        for clip in [self._clips.pop(token) for token in tokens if token in self._clips]:
            try:
                clip.close()
            except av.error.FFmpegError:
                log.warning("a clip was closed with a damaged end")

    def _failed(self, token: str, reason: str) -> None:
        self._say(ClipFailed(token, reason))
