"""Housekeeping of cameras, on the control queue."""

from __future__ import annotations

from datetime import timedelta

from celery import shared_task
from django.conf import settings

from cameras import memories, requests, services
from project.housekeeping import one_at_a_time


@shared_task(name="cameras.clean_up")
@one_at_a_time
def clean_up() -> None:
    """Forget old requests, cameras that were removed before the oldest event that is kept, and what they learned."""
    requests.forget_requests()
    services.forget_removed_cameras(older_than=timedelta(days=settings.VIGIL_RETENTION_DAYS + 1))
    memories.remove_stray_memories()
