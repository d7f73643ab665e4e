"""One message per camera and category in five minutes: what comes meanwhile is counted. The only writer of `Notice`.

* The window is a row, not a slot of the clock: it begins with a message, so two messages are never closer than it is
  long, wherever the hands of the clock stand.
* Whoever inserts first wins (a unique constraint), and counts change in the database: two workers make one notice.
* What is worse than all that was told breaks through at once, and the window begins again.
* Channels whose messages replace each other hear the count once a minute, others when the window ends. If something
  was counted, that message begins the next window; if not, the notice is closed and the next event opens another.
* What ends further ahead than anything can was written before the clock was set back: it ends now.

To be called within a transaction; what a function returns is to be queued in the same one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import F, Q

from cameras.models import Camera
from notifications.clocks import is_past
from notifications.models import Delivery, Notice

WINDOW = timedelta(minutes=5)
HINT_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Happening:
    """The events of one camera and category that are new, or worse than before."""

    camera: Camera
    category: str
    severity: int
    """The worst."""
    event_id: UUID
    """The first of the worst."""
    opened: int
    """How many are new."""
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Settled:
    """A count that is to be told."""

    notice: Notice
    to_piling: bool
    """To those whose messages pile up, such as letters."""
    to_replaced: bool
    """To those whose messages replace each other."""


def count_in(happening: Happening, now: datetime) -> tuple[Notice, Delivery.Reason | None]:
    """Count it in the open notice, or in a new one; with the reason to tell it now, None where it only counts."""
    rows = Notice.objects.filter(camera=happening.camera, category=happening.category, closed_at=None)
    rows.filter(_ended(now), count=F("told")).update(closed_at=now)
    Notice.objects.bulk_create([_new(happening, now)], ignore_conflicts=True)
    rows.update(count=F("count") + happening.opened)
    notice = rows.get()  # ours until the commit, since we have just changed it
    if happening.last_at > notice.last_at:
        rows.update(last_at=happening.last_at)
    if happening.first_at < notice.first_at:
        rows.update(first_at=happening.first_at)  # a merged one began earlier than was known; its chain looks from here
    if notice.revision == 0:
        rows.filter(count=0).update(count=1)  # it was opened in an earlier window, and became worse or was reopened
        return _tell(notice, now), Delivery.Reason.FIRST
    if happening.severity > notice.worst:
        rows.update(worst=happening.severity, event_id=happening.event_id)
        return _tell(notice, now), Delivery.Reason.WORSE
    return notice, None


def due(now: datetime, *, limit: int = 200) -> list[Notice]:
    """The notices whose count is to be told, or whose window has ended."""
    due = _hint_due(now) | _ended(now)
    return list(Notice.objects.filter(due, closed_at=None, window_ends__isnull=False)[:limit])


def settle(notice: Notice, now: datetime) -> Settled | None:
    """Let a due notice go on, and say who is to be told its count.

    None where another was faster, or the window ended and nothing was counted.
    """
    row = Notice.objects.filter(pk=notice.pk, revision=notice.revision, closed_at=None)
    ended = row.filter(_ended(now))
    if ended.filter(count=F("told")).update(closed_at=now):
        return None
    if ended.update(revision=F("revision") + 1):
        settled = _told(notice, now)
        return Settled(settled, to_piling=True, to_replaced=settled.count > notice.hinted)
    hinted = row.filter(_hint_due(now))
    if hinted.update(revision=F("revision") + 1, hinted=F("count"), next_hint_at=now + HINT_EVERY):
        return Settled(Notice.objects.get(pk=notice.pk), to_piling=False, to_replaced=True)
    return None


def _ended(now: datetime) -> Q:
    return is_past("window_ends", now, at_most=WINDOW)


def _hint_due(now: datetime) -> Q:
    return is_past("next_hint_at", now, at_most=HINT_EVERY) & Q(count__gt=F("hinted"))


def _new(happening: Happening, now: datetime) -> Notice:
    return Notice(
        site_id=happening.camera.site_id,
        camera=happening.camera,
        category=happening.category,
        worst=happening.severity,
        first_at=happening.first_at,
        last_at=happening.last_at,
        event_id=happening.event_id,
        next_hint_at=now + HINT_EVERY,
        window_ends=now + WINDOW,
        created_at=now,
    )


def _tell(notice: Notice, now: datetime) -> Notice:
    Notice.objects.filter(pk=notice.pk).update(revision=F("revision") + 1)
    return _told(notice, now)


def _told(notice: Notice, now: datetime) -> Notice:
    """All that was counted is told to everybody, and a window begins."""
    rows = Notice.objects.filter(pk=notice.pk)
    rows.update(told=F("count"), hinted=F("count"), window_ends=now + WINDOW, next_hint_at=now + HINT_EVERY)
    return rows.get()
