"""From what changed to what is to be told: takes transitions of events, counts them in, queues the messages.

The transitions are the outbox. A batch is claimed, counted and queued in one short transaction: a crash leaves all of
it as it was, and two workers never have the same one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from events.models import Event, EventTransition, Status
from notifications import escalation, windows
from notifications.audience import Audience, Topic
from notifications.facts import facts_of_notice
from notifications.models import Delivery, Notice
from notifications.queue import PILING, Telling, picture_is_there, places_told, queue_telling
from notifications.recipients import Addressee
from notifications.severity import rank_of
from notifications.windows import Happening

BATCH = 500
FORGOTTEN = timedelta(days=1)
"""What happened so long ago, while nobody could tell it, is history: it is in the list of events."""
OPENED, TELLING = "opened", ("opened", "peaked", "merged", "reopened")
DECIDED = ("acknowledged", "resolved", "dismissed")
_Change = tuple[UUID, str]


def dispatch_all(*, now: datetime | None = None, batches: int = 20) -> int:
    """Take what changed, in at most so many batches, what was counted, and what nobody took on; how many changes."""
    changes = 0
    for _ in range(batches):
        taken = dispatch(now=now)
        changes += taken
        if taken < BATCH:
            break
    tell_counts(now=now)
    escalation.escalate(now=now)
    return changes


def dispatch(*, now: datetime | None = None, limit: int = BATCH) -> int:
    """Take the next changes that nobody has been told of; returns how many there were."""
    now = now or timezone.now()
    with transaction.atomic():
        changes = _claim(limit, now)
        if not changes:
            return 0
        audiences: dict[int, Audience] = {}
        for happening in _happenings(changes, now):
            site = happening.camera.site
            if site.pk not in audiences:
                audiences[site.pk] = Audience(site, now)
            _tell(happening, audiences[site.pk], now)
        if decided := {event_id for event_id, kind in changes if kind in DECIDED}:
            escalation.go_on_without(decided, now)
        if pictured := {event_id for event_id, kind in changes if kind == "snapshot"}:
            picture_is_there(pictured, now)
    return len(changes)


def tell_counts(*, now: datetime | None = None) -> int:
    """Tell what was counted since the last message, where it is time; returns of how many notices."""
    now = now or timezone.now()
    return sum(_tell_count(notice, now) for notice in windows.due(now))


def _claim(limit: int, now: datetime) -> list[_Change]:
    untold = EventTransition.objects.select_for_update(skip_locked=True, of=("self",)).filter(processed_at=None)
    rows = list(untold.order_by("written_at").values_list("pk", "event_id", "kind")[:limit])
    EventTransition.objects.filter(pk__in=[row[0] for row in rows], processed_at=None).update(processed_at=now)
    return [(event_id, kind) for _, event_id, kind in rows]


def _happenings(changes: Sequence[_Change], now: datetime) -> list[Happening]:
    """What there is to tell, the worst first. What somebody took on meanwhile needs no message."""
    told = {event_id for event_id, kind in changes if kind in TELLING}
    new = {event_id for event_id, kind in changes if kind == OPENED}
    events = Event.objects.filter(pk__in=told, status=Status.NEW, started_at__gt=now - FORGOTTEN)
    here = events.filter(camera__removed_at=None).select_related("camera__site")
    key = attrgetter("camera_id", "category")
    grouped = groupby(sorted(here, key=lambda event: (*key(event), event.started_at)), key)
    happenings = [_happening(list(group), new) for _, group in grouped]
    return sorted(happenings, key=lambda each: (-each.severity, each.first_at))


def _happening(events: Sequence[Event], new: Iterable[UUID]) -> Happening:
    worst = max(events, key=lambda event: rank_of(event.severity))
    return Happening(
        camera=worst.camera,
        category=worst.category,
        severity=rank_of(worst.severity),
        event_id=worst.pk,
        opened=len({event.pk for event in events}.intersection(new)),
        first_at=events[0].started_at,
        last_at=events[-1].started_at,
    )


def _tell(happening: Happening, audience: Audience, now: datetime) -> None:
    notice, reason = windows.count_in(happening, now)
    topic = Topic(happening.camera.pk, happening.category, happening.severity)
    rules = audience.rules_for(topic)
    escalation.begin(notice, rules, happening, now)
    if reason is not None:
        _queue(notice, reason, audience.addressees(rules, topic), now)


def _tell_count(notice: Notice, now: datetime) -> bool:
    with transaction.atomic():
        settled = windows.settle(notice, now)
        if settled is None:
            return False
        notice = settled.notice
        audience = Audience(notice.site, now)
        topic = Topic(notice.camera_id, notice.category, notice.worst)
        addressees = audience.addressees(audience.rules_for(topic), topic)
        told = places_told(notice)
        addressees = [
            each
            for each in addressees
            if each.place not in told or (settled.to_replaced if _is_replaced(each) else settled.to_piling)
        ]
        _queue(notice, Delivery.Reason.MORE, addressees, now)
    return True


def _is_replaced(addressee: Addressee) -> bool:
    """Whether a later message takes the place of an earlier one, where it is read."""
    return addressee.channel is None or addressee.channel.kind not in PILING


def _queue(notice: Notice, reason: Delivery.Reason, addressees: Sequence[Addressee], now: datetime) -> None:
    if not addressees:
        return
    event = Event.objects.filter(pk=notice.event_id).first() if notice.event_id else None
    telling = Telling(
        notice=notice,
        reason=reason,
        severity=notice.worst,
        facts=facts_of_notice(notice, notice.camera, event),
        event_id=notice.event_id,
        picture_expected=reason != Delivery.Reason.MORE and bool(event and not event.snapshot_path),
    )
    queue_telling(telling, addressees, now)
