"""What time does to keys: run by the control worker, asked for by beat."""

from __future__ import annotations

from celery import shared_task

from project.idempotency import services


@shared_task(name="idempotency.forget")
def forget() -> None:
    """Forget the keys of more than a day ago."""
    services.forget_keys()
