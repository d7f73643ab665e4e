"""Notes what became of an attempt, on the delivery, its channel and its owner's inbox."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from django.db import transaction
from django.db.models import Q, QuerySet

from notifications.audience import managers_of
from notifications.backoff import pause_after
from notifications.facts import facts_of_channel
from notifications.models import Attempt, Channel, Delivery
from notifications.queue import queue_to_inbox
from notifications.severity import MEDIUM

State, Reason = Delivery.State, Delivery.Reason
ERROR_LENGTH = 300

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Outcome:
    """Of one attempt."""

    error: str = ""
    """Plain English, no secrets; empty: it got there."""
    permanent: bool = False
    """Another try would fail as well, and so would any other message over this channel."""
    duration_ms: int = 0
    gone: bool = False
    """There is nobody any more to tell it."""
    held: bool = False
    """Quiet hours have begun since it was queued."""
    retry_after: float | None = None
    """Seconds that the other side asked for, at most an hour."""


def note(delivery: Delivery, outcome: Outcome, now: datetime) -> None:
    """Write it down. Nothing changes where somebody else has taken the delivery meanwhile, but the attempt is kept.

    Where the delivery went meanwhile, with its channel or its recipient, there is nothing to note.
    """
    error = outcome.error[:ERROR_LENGTH]
    values: dict[str, Any] = {"error": error, "duration_ms": outcome.duration_ms, "locked_until": None}
    with transaction.atomic():
        if not Delivery.objects.select_for_update().filter(pk=delivery.pk).values_list("pk").first():
            return
        Attempt.objects.create(
            delivery=delivery, number=delivery.attempts, at=now, duration_ms=outcome.duration_ms, error=error
        )
        mine = Delivery.objects.filter(pk=delivery.pk, attempts=delivery.attempts, state=State.QUEUED)
        if not error:
            mine.update(state=State.SENT, sent_at=now, **values)
        elif outcome.held:
            mine.update(state=State.HELD, **values)
        elif outcome.gone:
            mine.update(state=State.GIVEN_UP, **values)
        elif outcome.permanent:
            mine.update(state=State.FAILED, **values)
            _switch_off(delivery, error, now)
        else:
            _try_later(delivery, outcome, mine, values, now)
    if error:
        log.warning("not delivered", delivery=str(delivery.pk), kind=delivery.kind, error=error)


def _try_later(
    delivery: Delivery, outcome: Outcome, mine: QuerySet[Delivery], values: dict[str, Any], now: datetime
) -> None:
    pause = pause_after(delivery.attempts, asked=outcome.retry_after)
    if pause is None or delivery.reason == Reason.TEST:
        mine.update(state=State.GIVEN_UP, **values)
    elif _is_overtaken(delivery):
        mine.update(state=State.MERGED, **values)
    else:
        mine.update(due_at=now + pause, **values)
    if pause is not None and delivery.channel_id:
        waiting = Delivery.objects.filter(channel=delivery.channel_id, state=State.QUEUED, due_at__lt=now + pause)
        waiting.filter(Q(locked_until=None) | Q(locked_until__lte=now)).update(due_at=now + pause)


def _is_overtaken(delivery: Delivery) -> bool:
    """Whether a later message of the same notice to the same place tells all of it, and how bad it is."""
    if delivery.notice_id is None:
        return False
    later = Delivery.objects.filter(notice=delivery.notice_id, channel=delivery.channel_id)
    later = later.filter(recipient=delivery.recipient_id, revision__gt=delivery.revision)
    if delivery.reason == Reason.ESCALATION:
        later = later.filter(reason=Reason.ESCALATION)
    elif delivery.reason == Reason.WORSE:
        later.filter(state=State.QUEUED, reason=Reason.MORE).update(reason=Reason.WORSE)
    return later.filter(state__in=[State.QUEUED, State.SENT]).exists()


def _switch_off(delivery: Delivery, error: str, now: datetime) -> None:
    channel = delivery.channel
    if channel is None or delivery.reason == Reason.TEST:
        return
    rows = Channel.objects.filter(pk=channel.pk, enabled=True)
    if not rows.update(enabled=False, disabled_reason=error, disabled_at=now):
        return
    waiting = Delivery.objects.filter(channel=channel, state=State.QUEUED).exclude(pk=delivery.pk)
    waiting.update(state=State.GIVEN_UP, error="The channel is switched off.")
    owners = [channel.user] if channel.user else managers_of(channel.site) if channel.site else []
    queue_to_inbox(
        key=f"broken/{channel.pk.hex}/{now.timestamp():.0f}",
        reason=Reason.CHANNEL_BROKEN,
        users=owners,
        severity=MEDIUM,
        facts=facts_of_channel(channel, kind="channel_broken", at=now, detail=error),
        now=now,
    )
