"""The machine's clock was set back: what waits for a moment of before is to wait no longer than it would have.

Moments that are over stay as they were told. To be called with the lock of the row that says when somebody looked last,
so that of several workers one moves them.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import F

from notifications.models import Delivery, Escalation, Notice, Snooze
from notifications.queue import PICTURE_WAIT
from notifications.sender import LEASE
from notifications.windows import HINT_EVERY, WINDOW


def set_back(by: timedelta, now: datetime, *, noticed_within: timedelta) -> None:
    """Move all that waits by that much. What was written since then, no longer ago than it took to notice, is right.

    What is always set as far ahead shows by that when it was; a pause after a failure, by the attempt.
    """
    since_then = (now - noticed_within, now)
    _move_deliveries(by, now, since_then)
    notices = Notice.objects.filter(closed_at=None)
    windows = notices.filter(window_ends__gt=now).exclude(window_ends__range=_ahead(since_then, WINDOW))
    windows.update(window_ends=F("window_ends") - by)
    hints = notices.filter(next_hint_at__gt=now).exclude(next_hint_at__range=_ahead(since_then, HINT_EVERY))
    hints.update(next_hint_at=F("next_hint_at") - by)
    chains = Escalation.objects.filter(state=Escalation.State.WAITING).exclude(since__range=since_then)
    chains.update(due_at=F("due_at") - by, since=F("since") - by)
    Snooze.objects.filter(until__gt=now).exclude(created_at__range=since_then).update(until=F("until") - by)


def _move_deliveries(by: timedelta, now: datetime, since_then: tuple[datetime, datetime]) -> None:
    queued = Delivery.objects.filter(state=Delivery.State.QUEUED)
    held = queued.filter(locked_until__gt=now).exclude(locked_until__range=_ahead(since_then, LEASE))
    held.update(locked_until=F("locked_until") - by)
    failed = queued.filter(tries__number=F("attempts"), tries__at__range=since_then)
    rests = list(failed.values_list("due_at", flat=True))  # the whole channel's: see `outcomes`
    queued.filter(due_at__gt=now + PICTURE_WAIT).exclude(due_at__in=rests).update(due_at=F("due_at") - by)


def _ahead(since_then: tuple[datetime, datetime], by: timedelta) -> tuple[datetime, datetime]:
    return since_then[0] + by, since_then[1] + by
