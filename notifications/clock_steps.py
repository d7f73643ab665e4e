"""The machine's clock was set back: what waits for a moment of before is to wait no longer than it would have.

Moments that are over stay as they were told. To be called with the lock of the row that says when somebody looked last,
so that of several workers one moves them.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import F

from notifications.models import Delivery, Escalation, Notice, Snooze


def set_back(by: timedelta, now: datetime, *, noticed_within: timedelta) -> None:
    """Move all that waits by that much. What was written since then, no longer ago than it took to notice, is right."""
    since_then = (now - noticed_within, now)
    queued = Delivery.objects.filter(state=Delivery.State.QUEUED)
    queued.filter(due_at__gt=now).update(due_at=F("due_at") - by)
    queued.filter(locked_until__gt=now).update(locked_until=F("locked_until") - by)
    notices = Notice.objects.filter(closed_at=None)
    notices.filter(window_ends__gt=now).update(window_ends=F("window_ends") - by)
    notices.filter(next_hint_at__gt=now).update(next_hint_at=F("next_hint_at") - by)
    chains = Escalation.objects.filter(state=Escalation.State.WAITING).exclude(since__range=since_then)
    chains.update(due_at=F("due_at") - by, since=F("since") - by)
    Snooze.objects.filter(until__gt=now).exclude(created_at__range=since_then).update(until=F("until") - by)
