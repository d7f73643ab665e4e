"""The sink's part for recordings: files into the media storage, rows into the database. A door to Django as it is."""

from __future__ import annotations

import logging
from math import inf
from pathlib import Path

from django.core.files.storage import default_storage
from django.db import DatabaseError, InterfaceError

from events import disk
from events.recordings import save_segment
from events.segments import Segment
from inference.clocks import Clock
from inference.sink import passing_connection, store_media

log = logging.getLogger(__name__)

PAUSE_SECONDS = 30.0
"""After the database failed, until it is asked again."""


def recording_problem() -> str:
    """Why there is no room for recordings, the rest of a sentence; empty where there is."""
    return disk.recording_problem()


class SegmentStore:
    """Where the segments of a worker go. Used by one thread, on which clips and pictures wait as well."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._no_rows_before = -inf
        self._rows_left = 0

    def store(self, segment: Segment, file: Path, database_time: float) -> None:
        """Keep a segment that was recorded by then, and its row; without room or right it is dropped.

        While the database is away the file alone is kept: its name says all, and it is given its row later.
        """
        if recording_problem():
            file.unlink(missing_ok=True)
            return
        size = file.stat().st_size
        try:
            store_media(segment.name, file)
        except OSError as error:  # others need the room more than another try
            log.warning("A recording of camera %s could not be stored: %s", segment.camera_id, error)
            file.unlink(missing_ok=True)
            return
        if not self._write_row(segment, size, database_time):
            default_storage.delete(segment.name)

    def _write_row(self, segment: Segment, size: int, database_time: float) -> bool:
        """Write it now, or leave it for later; False where the segment does not count.

        Each question to a database that is away takes seconds, so that of many cameras only one asks.
        """
        now = self._clock.monotonic()
        if now < self._no_rows_before:
            self._rows_left += 1
            return True
        try:
            with passing_connection():
                kept = save_segment(segment, size=size, database_time=database_time)
        except (DatabaseError, InterfaceError) as error:
            log.warning("Rows of recordings are written later, from camera %s on: %r", segment.camera_id, error)
            self._rows_left += 1
            self._no_rows_before = self._clock.monotonic() + PAUSE_SECONDS
            return True
        if self._rows_left:
            log.info("Rows of recordings are written again; %d are still to be", self._rows_left)
            self._rows_left = 0
        return kept
