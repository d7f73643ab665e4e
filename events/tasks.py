"""What time does to events: run by the control worker, asked for by beat."""

from __future__ import annotations

import logging

from celery import shared_task

from events import recordings, retention, room, services
from project.housekeeping import one_at_a_time

log = logging.getLogger(__name__)


@shared_task(name="events.close_abandoned")
def close_abandoned() -> None:
    """End the open events that nobody watches any more."""
    if closed := services.close_abandoned():
        log.info("Closed %d events that nobody watched any more", closed)


@shared_task(name="events.retire")
@one_at_a_time
def retire() -> None:
    """Remove what is older than this instance and its sites keep, rows and files; give new files their rows."""
    recordings.adopt_segments()
    removed, stripped = retention.retire(), retention.retire_media()
    size, stray = room.retire_recordings(), retention.remove_stray_media()
    if removed or stripped or size or stray:
        text = "Past their time: %d events, the media of %d more, %d bytes of recordings and %d stray files"
        log.info(text, removed, stripped, size, stray)


@shared_task(name="events.adopt_recordings")
@one_at_a_time
def adopt_recordings() -> None:
    """Give rows to files of recordings that have none, however old they are."""
    if adopted := recordings.adopt_all_segments():
        log.info("Gave rows to %d files of recordings", adopted)


@shared_task(name="events.make_room")
@one_at_a_time
def make_room() -> None:
    """Where the disk is too full, remove recordings and then clips."""
    room.make_room()
