"""What nobody takes on goes along a chain. The only writer of `Escalation`.

A chain begins when something as bad as its rule says is counted, and follows one event at a time, the oldest first.
Each step first looks whether that is still new: acknowledging, resolving and dismissing end its chain, whoever does it
and how, and then the next one has the chain for itself.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from events.models import Event, Status
from events.records import SEVERITIES
from notifications.audience import Audience, Topic
from notifications.facts import facts_of_notice
from notifications.models import Delivery, Escalation, Notice, Rule
from notifications.queue import Telling, queue_telling
from notifications.recipients import Addressee
from notifications.severity import rank_of
from notifications.windows import Happening

State = Escalation.State
LOOK_AGAIN = timedelta(minutes=1)
"""While the camera or the rule is snoozed, which may end early: a step waits, and is not lost."""


def begin(notice: Notice, rules: Iterable[Rule], happening: Happening, now: datetime) -> None:
    """Start the chains of these rules; one that has ended asks once more, in time for what came now."""
    asking = [rule for rule in rules if rule.escalation and happening.severity >= rule.escalate_from]
    event = Event.objects.filter(pk=happening.event_id).first() if asking else None
    if event is None:  # it may have been removed this moment
        return
    since = _new_since(event, now)
    for rule in asking:
        due_at = now + _minutes(rule, 0)
        row = Escalation(notice=notice, rule=rule, due_at=due_at, event_id=event.pk, since=since)
        Escalation.objects.bulk_create([row], ignore_conflicts=True)
        ended = Escalation.objects.filter(notice=notice, rule=rule).exclude(state=State.WAITING)
        ended.filter(state=State.STOPPED).update(event_id=event.pk, since=since, step=0)
        ended.update(state=State.WAITING, due_at=due_at)


def go_on_without(decided: Collection[UUID], now: datetime) -> None:
    """Somebody took these events on: their chains are over, and those of others with them are due to be looked at."""
    with_them = Event.objects.filter(
        pk__in=decided,
        camera_id=OuterRef("notice__camera_id"),
        category=OuterRef("notice__category"),
        started_at__range=(OuterRef("notice__first_at"), OuterRef("notice__last_at")),
    )
    chains = Escalation.objects.filter(Q(event_id__in=decided) | Exists(with_them))
    chains.exclude(state=State.STOPPED).update(state=State.WAITING, due_at=now)
    Escalation.objects.filter(event_id__in=decided).update(event_id=None, step=0)


def escalate(*, now: datetime | None = None, limit: int = 100) -> int:
    """Take the steps that are due; returns how many chains went on."""
    now = now or timezone.now()
    waiting = Escalation.objects.filter(state=State.WAITING, due_at__lte=now).order_by("due_at")
    return sum(_go_on(*row, now) for row in list(waiting.values_list("pk", "notice")[:limit]))


@transaction.atomic
def _go_on(pk: int, notice_id: UUID, now: datetime) -> bool:
    """Take the next step, if it is time for it and we are the one to take it."""
    # The notice first, as whoever counts has it: nothing is counted in between our look and our decision.
    notice = Notice.objects.select_for_update().filter(pk=notice_id).first()
    due = Escalation.objects.filter(pk=pk, state=State.WAITING, due_at__lte=now)
    row = due.select_for_update().first()
    if notice is None or row is None:
        return False
    chain, untouched = row.rule.escalation, _untouched(notice, row.rule)
    event = untouched.filter(pk__in=[row.event_id] if row.event_id else []).first() or untouched.first()
    if event is None or not row.rule.enabled or not chain:
        due.update(state=State.STOPPED)
        return False
    is_followed = row.event_id == event.pk
    step = row.step if is_followed else 0
    if step >= len(chain):
        due.update(state=State.FINISHED)
        return False
    since = (row.since if is_followed else None) or _new_since(event, now)
    follow = partial(due.update, event_id=event.pk, since=since)
    due_at = since + _minutes(row.rule, step)
    if due_at > now:
        follow(step=step, due_at=due_at)
        return False
    topic, audience = Topic(notice.camera_id, notice.category, rank_of(event.severity)), Audience(notice.site, now)
    if audience.is_snoozed(topic, row.rule):
        follow(step=step, due_at=now + LOOK_AGAIN)
        return False
    last = step + 1 >= len(chain)
    later = now if last else max(now, since + _minutes(row.rule, step + 1))
    follow(step=step + 1, due_at=later, state=State.FINISHED if last else State.WAITING)
    _tell(notice, event, audience.of_step(chain[step], topic), since, now)
    return True


def _tell(notice: Notice, event: Event, addressees: Sequence[Addressee], since: datetime, now: datetime) -> None:
    Notice.objects.filter(pk=notice.pk).update(revision=F("revision") + 1)
    notice.refresh_from_db()
    facts = facts_of_notice(notice, notice.camera, event) | {
        "event": str(event.pk),
        "severity": event.severity,
        "waiting_minutes": int((now - since).total_seconds() // 60),
    }
    telling = Telling(notice, Delivery.Reason.ESCALATION, rank_of(event.severity), facts, event.pk)
    queue_telling(telling, addressees, now)


def _untouched(notice: Notice, rule: Rule) -> QuerySet[Event]:
    """What was counted in the notice, is as bad as the rule says and nobody took on, the oldest first."""
    events = Event.objects.filter(
        camera_id=notice.camera_id,
        category=notice.category,
        severity__in=SEVERITIES[rule.escalate_from :],
        status=Status.NEW,
        started_at__range=(notice.first_at, notice.last_at),
    )
    return events.order_by("created_at", "pk")


def _new_since(event: Event, now: datetime) -> datetime:
    """Since when it waits for somebody: its beginning or last reopening; now, where the clock was set back since."""
    reopened = event.transitions.filter(kind="reopened").order_by("-sequence").first()
    return min(reopened.at if reopened else event.created_at, now)


def _minutes(rule: Rule, step: int) -> timedelta:
    return timedelta(minutes=rule.escalation[step]["after_minutes"])
