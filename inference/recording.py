"""Continuous recording on the worker's side: which segments of a camera are kept, and what is wrong when none are."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Protocol

from inference.capture.segment_files import SegmentFile, salvage, whole_segments
from inference.clocks import Clock
from inference.memory.hours import moving
from inference.types import CameraSettings, Features
from inference.zones import watched

POLL_SECONDS = 1.0
JUDGED_SECONDS = 3.0
"""Until so long after its end a segment's pictures may still be looked at."""
SALVAGE_SECONDS = 5.0
"""What nobody has written to for so long, nobody will."""
TOLD_SECONDS = 30.0
"""Something that is lost again and again is told of at least so often."""
REMEMBERED_SECONDS = 600
LEAST_LOOKED_AT = 0.5
"""Share of a segment's seconds; where less was looked at, nobody knows that nothing moved, and it is kept."""


class SegmentKeeper(Protocol):
    """Where segments go: see `Scribe`."""

    def keep_segment(self, folder: Path, file: SegmentFile, *, moved: bool) -> None:
        """Store it soon, and say so in a row; the file is the keeper's from here on."""

    def recording_problem(self) -> str:
        """Why no segment can be stored at the moment, in plain English; empty where one can."""


class Recordings:
    """Of one camera. Used by its loop's thread."""

    def __init__(self, settings: CameraSettings, folder: Path | None, keeper: SegmentKeeper, clock: Clock) -> None:
        """`folder`: where the capture process puts segments; None where it makes none."""
        self._settings, self._folder, self._keeper, self._clock = settings, folder, keeper, clock
        self._looked_at: set[int] = set()
        """Seconds of which a picture was looked at."""
        self._moved: set[int] = set()
        self._before: SegmentFile | None = None
        """The last one in which nothing moved: it is kept if something does in the next."""
        self._polled_at = -1e9
        self._lost = ""
        self._lost_at = -1e9
        self._full = ""

    def under(self, settings: CameraSettings, folder: Path | None) -> Recordings:
        """These under new settings."""
        if folder != self._folder:
            return Recordings(settings, folder, self._keeper, self._clock)
        self._settings = settings
        return self

    @property
    def problem(self) -> str:
        """What is wrong, in plain English; empty where all is well or nothing is wanted."""
        if self._folder is None:
            return ""
        lost = self._lost if self._clock.monotonic() - self._lost_at < TOLD_SECONDS else ""
        reason = self._full or lost
        return f"Recordings are being lost: {reason}." if reason else ""

    def looked(self, at: float, features: Features) -> None:
        """A picture of that moment was looked at."""
        if self._folder is None:
            return
        second = int(at)
        self._looked_at.add(second)
        if moving(watched(self._settings.zones, features), "activity").any():
            self._moved.add(second)
        if len(self._looked_at) > 2 * REMEMBERED_SECONDS:
            oldest = second - REMEMBERED_SECONDS
            self._looked_at = {s for s in self._looked_at if s >= oldest}
            self._moved = {s for s in self._moved if s >= oldest}

    def lost(self, reason: str) -> None:
        """The capture process could not write."""
        self._lost, self._lost_at = reason, self._clock.monotonic()

    def poll(self, running: int | None) -> None:
        """Take what is finished. `running`: the capture process that is at work."""
        now = self._clock.monotonic()
        if self._folder is None or now - self._polled_at < POLL_SECONDS:
            return
        self._polled_at = now
        self._full = self._keeper.recording_problem()
        salvage(self._folder, running=running, older_than=time.time() - SALVAGE_SECONDS)
        self._take(self._folder, now=self._clock.wall())

    def close(self) -> None:
        """Take all there is: the capture process has ended."""
        if self._folder is None:
            return
        salvage(self._folder, running=None, older_than=time.time() + 1.0)
        self._take(self._folder, now=float("inf"))
        if self._before is not None:
            self._drop(self._folder, self._before)
            self._before = None

    def _take(self, folder: Path, *, now: float) -> None:
        """Decide about the segments that ended a while ago; later than now where the clock was set back since."""
        for file in whole_segments(folder):
            if file == self._before or now - JUDGED_SECONDS < file.ended / 1000 < now + JUDGED_SECONDS:
                continue
            if self._full:
                self._drop(folder, file)
            elif self._settings.recording == "always":
                self._keeper.keep_segment(folder, file, moved=self._has_moved(file))
            elif self._has_moved(file):
                if self._before is not None:
                    self._keeper.keep_segment(folder, self._before, moved=False)
                self._before = None
                self._keeper.keep_segment(folder, file, moved=True)
            else:
                if self._before is not None:
                    self._drop(folder, self._before)
                self._before = file

    @staticmethod
    def _drop(folder: Path, file: SegmentFile) -> None:
        file.path(folder).unlink(missing_ok=True)

    def _has_moved(self, file: SegmentFile) -> bool:
        seconds = range(file.started // 1000, file.ended // 1000 + 1)
        if not self._moved.isdisjoint(seconds):
            return True
        looked_at = sum(second in self._looked_at for second in seconds)
        return looked_at < LEAST_LOOKED_AT * len(seconds)
