"""What time does to keys: run by the control worker, asked for by beat."""

from __future__ import annotations

from celery import shared_task

from project.housekeeping import one_at_a_time
from project.idempotency import services


@shared_task(name="idempotency.forget")
@one_at_a_time
def forget() -> None:
    """Forget the keys of more than a day ago."""
    services.forget_keys()
