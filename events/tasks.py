"""What time does to events: run by the control worker, asked for by beat."""

from __future__ import annotations

import logging

from celery import shared_task

from events import retention, services

log = logging.getLogger(__name__)


@shared_task(name="events.close_abandoned")
def close_abandoned() -> None:
    """End the open events that nobody watches any more."""
    if closed := services.close_abandoned():
        log.info("Closed %d events that nobody watched any more", closed)


@shared_task(name="events.retire")
def retire() -> None:
    """Remove what is older than this instance keeps, rows and files."""
    removed, stray = retention.retire(), retention.remove_stray_media()
    if removed or stray:
        log.info("Removed %d events past their time and %d stray files", removed, stray)
