"""Telling people, on the control queue. Each may run twice at once, be lost, or come late: the rows decide."""

from __future__ import annotations

import threading
from typing import Any

from celery import shared_task
from celery.signals import worker_shutting_down

from notifications import announcements, outages, retention, sender
from notifications import dispatch as dispatching
from project.housekeeping import one_at_a_time

THREADS = 16
"""Nearly all that they do is to wait."""
_stopping = threading.Event()


@worker_shutting_down.connect
def _begin_nothing_more(**_: Any) -> None:
    """SIGTERM: what is sent when the worker is killed is sent again by the next one."""
    _stopping.set()


@shared_task(name="notifications.dispatch")
def dispatch() -> None:
    """Queue what is to be told of what changed, of what was counted, and of what nobody took on."""
    if dispatching.dispatch_all():
        send()


@shared_task(name="notifications.send")
def send() -> None:
    """Send what is queued. Inboxes wait for nobody; slow receivers must not take up the worker."""
    sender.send_to_inboxes()
    sender.give_up()
    _send_to_channels()


@one_at_a_time
def _send_to_channels() -> None:
    sender.send_at_once(threads=THREADS, stopping=_stopping)


@shared_task(name="notifications.look_after_cameras")
def look_after_cameras() -> None:
    """Tell of cameras that are away, and of those that are back."""
    outages.look_after_cameras()


@shared_task(name="notifications.announce_cameras")
def announce_cameras() -> None:
    """Make cameras known to who listens by MQTT."""
    announcements.announce_cameras()


@shared_task(name="notifications.retire")
@one_at_a_time
def retire() -> None:
    """Forget what is older than this instance keeps."""
    retention.retire()
