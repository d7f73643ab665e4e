"""The sink's part for recordings: files into the media storage, rows into the database. A door to Django as it is."""

from __future__ import annotations

import logging
from pathlib import Path

from django.core.files.storage import default_storage
from django.db import DatabaseError, InterfaceError

from events import disk
from events.recordings import save_segment
from events.segments import Segment
from inference.sink import passing_connection, store_media

log = logging.getLogger(__name__)


def recording_problem() -> str:
    """Why there is no room for recordings, the rest of a sentence; empty where there is."""
    return disk.recording_problem()


def store_segment(segment: Segment, file: Path, database_time: float) -> None:
    """Keep a segment of a recording that was made by then, and its row; without room or right it is dropped.

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
    try:
        with passing_connection():
            kept = save_segment(segment, size=size, database_time=database_time)
    except (DatabaseError, InterfaceError) as error:
        log.warning("The row of a recording of camera %s is written later: %r", segment.camera_id, error)
        return
    if not kept:
        default_storage.delete(segment.name)
