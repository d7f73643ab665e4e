"""What nobody takes on goes along a chain. The only writer of `Escalation`.

A chain begins when something as bad as its rule says is counted. It ends by itself: each step first looks whether
anything of that kind is still new, so acknowledging, resolving and dismissing stop it, whoever does it and how.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from events.models import Event, Status
from events.records import SEVERITIES
from notifications.audience import Audience, Topic
from notifications.facts import facts_of_notice
from notifications.models import Delivery, Escalation, Notice, Rule
from notifications.queue import Telling, queue_telling
from notifications.severity import rank_of

State = Escalation.State


def begin(notice: Notice, rules: Iterable[Rule], topic: Topic, now: datetime) -> None:
    """Start the chains of these rules, or once more those in which all was taken on before this came."""
    chains = [rule for rule in rules if rule.escalation and topic.severity >= rule.escalate_from]
    for rule in chains:
        due_at = now + _minutes(rule, 0)
        row = Escalation(notice=notice, rule=rule, due_at=due_at)
        Escalation.objects.bulk_create([row], ignore_conflicts=True)
        ended = Escalation.objects.filter(notice=notice, rule=rule)
        ended.filter(state=State.STOPPED).update(state=State.WAITING, step=0, due_at=due_at)
        if _untouched(notice, rule).filter(created_at__lt=now - _minutes(rule, -1)).first() is None:
            ended.filter(state=State.FINISHED).update(state=State.WAITING, step=0, due_at=due_at)


def escalate(*, now: datetime | None = None, limit: int = 100) -> int:
    """Take the steps that are due; returns how many chains went on."""
    now = now or timezone.now()
    waiting = Escalation.objects.filter(state=State.WAITING, due_at__lte=now).order_by("due_at")
    return sum(_go_on(row, now) for row in waiting.select_related("notice__camera__site", "rule")[:limit])


def _go_on(row: Escalation, now: datetime) -> bool:
    """Take the next step, if it is time for it and we are the one to take it."""
    rule, notice = row.rule, row.notice
    mine = Escalation.objects.filter(pk=row.pk, state=State.WAITING, step=row.step, due_at=row.due_at)
    with transaction.atomic():
        oldest = _untouched(notice, rule).first()
        if oldest is None or not rule.enabled or not rule.escalation:
            mine.update(state=State.STOPPED)
            return False
        step = (
            row.step if row.event_id == oldest.pk and row.step < len(rule.escalation) else 0
        )  # another one has its own chain, from its beginning
        due_at = oldest.created_at + _minutes(rule, step)
        if due_at > now:
            mine.update(step=step, event_id=oldest.pk, due_at=due_at)
            return False
        last = step + 1 >= len(rule.escalation)
        later = now if last else max(now, oldest.created_at + _minutes(rule, step + 1))
        state = State.FINISHED if last else State.WAITING
        if not mine.update(step=step + 1, event_id=oldest.pk, due_at=later, state=state):
            return False
        _tell(notice, oldest, rule.escalation[step], now)
    return True


def _tell(notice: Notice, event: Event, step: dict[str, Any], now: datetime) -> None:
    topic = Topic(notice.camera_id, notice.category, rank_of(event.severity))
    audience = Audience(notice.site, now)
    if audience.is_snoozed(topic):
        return
    Notice.objects.filter(pk=notice.pk).update(revision=F("revision") + 1)
    notice.refresh_from_db()
    facts = facts_of_notice(notice, notice.camera, event) | {
        "event": str(event.pk),
        "severity": event.severity,
        "waiting_minutes": int((now - event.created_at).total_seconds() // 60),
    }
    telling = Telling(notice, Delivery.Reason.ESCALATION, topic.severity, facts, event.pk)
    queue_telling(telling, audience.of_step(step, topic), now)


def _untouched(notice: Notice, rule: Rule) -> QuerySet[Event]:
    """What is as bad as the rule says and nobody took on, the oldest first."""
    events = Event.objects.filter(
        camera_id=notice.camera_id,
        category=notice.category,
        severity__in=SEVERITIES[rule.escalate_from :],
        status=Status.NEW,
        started_at__gte=notice.first_at,
    )
    return events.order_by("created_at")


def _minutes(rule: Rule, step: int) -> timedelta:
    return timedelta(minutes=rule.escalation[step]["after_minutes"])
