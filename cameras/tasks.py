"""Housekeeping of cameras, on the control queue."""

from __future__ import annotations

from datetime import timedelta

from celery import shared_task
from django.conf import settings

from cameras import requests, services


@shared_task(name="cameras.clean_up")
def clean_up() -> None:
    """Forget old requests, and cameras that were removed before the oldest event that is kept."""
    requests.forget_requests()
    services.forget_removed_cameras(older_than=timedelta(days=settings.VIGIL_RETENTION_DAYS + 1))
