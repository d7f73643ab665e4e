"""What the control worker does for the trail."""

from __future__ import annotations

from celery import shared_task

from project.audit import heads
from project.housekeeping import one_at_a_time


@shared_task(name="audit.post_head")
@one_at_a_time
def post_head() -> None:
    """Tell the webhook, if there is one, where the trail ends."""
    heads.post_newest()
