"""Telling people, on the control queue. Each may run twice at once, be lost, or come late: the rows decide."""

from __future__ import annotations

import threading

from celery import shared_task

from notifications import announcements, outages, retention, sender
from notifications import dispatch as dispatching

THREADS = 4
_sending = threading.Lock()


@shared_task(name="notifications.dispatch")
def dispatch() -> None:
    """Queue what is to be told of what changed, of what was counted, and of what nobody took on."""
    if dispatching.dispatch_all():
        send()


@shared_task(name="notifications.send")
def send() -> None:
    """Send what is queued. A slow receiver must not take up the worker: one at a time in each process.

    Inboxes wait for nobody.
    """
    sender.send_to_inboxes()
    if _sending.acquire(blocking=False):
        try:
            sender.send_due(threads=THREADS)
        finally:
            _sending.release()


@shared_task(name="notifications.look_after_cameras")
def look_after_cameras() -> None:
    """Tell of cameras that are away, and of those that are back."""
    outages.look_after_cameras()


@shared_task(name="notifications.announce_cameras")
def announce_cameras() -> None:
    """Make cameras known to who listens by MQTT."""
    announcements.announce_cameras()


@shared_task(name="notifications.retire")
def retire() -> None:
    """Forget what is older than this instance keeps."""
    retention.retire()
