"""Puts messages into the queue of what is to be sent. With `sender`, the only writer of `Delivery`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Max, Q

from notifications.facts import Facts
from notifications.models import Channel, Delivery, Notice
from notifications.models.deliveries import IN_APP
from notifications.recipients import Addressee
from project.accounts.models import User

PICTURE_WAIT = timedelta(seconds=2)
"""How long a message may wait for its picture, which is written a moment after the event."""
PILING = frozenset({Channel.Kind.EMAIL, Channel.Kind.APPRISE})
"""The kinds whose messages pile up where they are read; of the others a later one takes an earlier one's place."""
PICTURED = PILING | {Channel.Kind.MQTT}
"""The kinds that show a picture where there is one. Those that pile up wait for it: they cannot be mended later."""

PROGRAMS = frozenset({Channel.Kind.MQTT, Channel.Kind.WEBHOOK})
"""The kinds that programs listen to: they keep the state of each camera."""
OUTAGE = frozenset({Delivery.Reason.OFFLINE, Delivery.Reason.BACK})


@dataclass(frozen=True, slots=True)
class Telling:
    """One revision of a notice, for all whom it goes to."""

    notice: Notice
    reason: Delivery.Reason
    severity: int
    facts: Facts
    event_id: UUID | None = None
    picture_expected: bool = False
    about_more: bool = False
    """About other things as well: what comes later of the notice must not take its place."""


def queue_telling(telling: Telling, addressees: Sequence[Addressee], now: datetime) -> int:
    """Queue it for each of them; what they have not been sent yet of this notice is merged into it. Returns how many.

    A count takes the place of no escalation, and where it takes that of something worse it is that.
    To be called in the transaction that made the notice's revision grow: a second one queues nothing twice.
    """
    worse = _merge_older(telling, addressees, now)
    deliveries = [_delivery(telling, addressee, now) for addressee in addressees]
    for delivery in deliveries:
        if telling.reason == Delivery.Reason.MORE and (delivery.channel_id, delivery.recipient_id) in worse:
            delivery.reason = Delivery.Reason.WORSE
    if telling.reason in OUTAGE:
        _let_wait_behind_older(deliveries)
    Delivery.objects.bulk_create(deliveries, ignore_conflicts=True)
    return len(deliveries)


def queue_to_inbox(
    *, key: str, reason: Delivery.Reason, users: Iterable[User], severity: int, facts: Facts, now: datetime
) -> None:
    """Tell these people, in their inboxes only, what belongs to no notice; a second one of that key tells nothing."""
    deliveries = [
        Delivery(
            key=f"{key}/u{user.pk}",
            site_id=facts.get("site"),
            reason=reason,
            recipient=user,
            kind=IN_APP,
            severity=severity,
            facts=facts,
            due_at=now,
            created_at=now,
        )
        for user in users
    ]
    Delivery.objects.bulk_create(deliveries, ignore_conflicts=True)


def picture_is_there(event_ids: Iterable[UUID], now: datetime) -> None:
    """The pictures of these events are stored: nothing waits for them any more."""
    waiting = Delivery.objects.filter(state=Delivery.State.QUEUED, attempts=0, due_at__gt=now)
    waiting.filter(event_id__in=list(event_ids)).update(due_at=now)


def places_told(notice: Notice) -> set[str]:
    """Where something of this notice went, as `Addressee.place` names them."""
    told = notice.deliveries.exclude(state=Delivery.State.HELD).order_by()
    channels = told.exclude(channel=None).values_list("channel", flat=True).distinct()
    users = told.filter(channel=None).values_list("recipient", flat=True).distinct()
    return {f"c{channel.hex}" for channel in channels} | {f"u{user}" for user in users}


def _delivery(telling: Telling, addressee: Addressee, now: datetime) -> Delivery:
    notice, channel = telling.notice, addressee.channel
    kind = channel.kind if channel else IN_APP
    waits = telling.picture_expected and kind in PILING
    return Delivery(
        key=f"{notice.pk.hex}/{notice.revision}/{addressee.place}",
        notice=None if telling.about_more else notice,
        revision=notice.revision,
        site_id=notice.site_id,
        event_id=telling.event_id,
        reason=telling.reason,
        recipient=addressee.user,
        channel=channel,
        kind=kind,
        severity=telling.severity,
        facts=telling.facts,
        state=Delivery.State.HELD if addressee.held else Delivery.State.QUEUED,
        due_at=now + PICTURE_WAIT if waits else now,
        created_at=now,
    )


def _let_wait_behind_older(deliveries: Iterable[Delivery]) -> None:
    """That cameras are back must not be told while it waits to be told that they are away."""
    for delivery in deliveries:
        older = Delivery.objects.filter(channel=delivery.channel_id, site=delivery.site_id, reason__in=OUTAGE)
        if delivery.channel_id and delivery.kind not in PROGRAMS:
            last = older.filter(state=Delivery.State.QUEUED).aggregate(last=Max("due_at"))["last"]
            delivery.due_at = max(delivery.due_at, last or delivery.due_at)


def _merge_older(
    telling: Telling, addressees: Sequence[Addressee], now: datetime
) -> set[tuple[UUID | None, int | None]]:
    """Returns the (channel, recipient) of whom something worse is to be told with it."""
    channels = [each.channel.pk for each in addressees if each.channel]
    users = [each.user.pk for each in addressees if each.user and not each.channel]
    same_place = Q(channel__in=channels) | Q(channel=None, recipient__in=users)
    free = Q(locked_until=None) | Q(locked_until__lte=now)
    older = Delivery.objects.filter(free, same_place, notice=telling.notice, state=Delivery.State.QUEUED)
    if telling.reason != Delivery.Reason.ESCALATION:
        older = older.exclude(reason=Delivery.Reason.ESCALATION)
    worse = older.filter(reason=Delivery.Reason.WORSE)
    places: set[tuple[UUID | None, int | None]] = set(worse.values_list("channel", "recipient"))
    older.update(state=Delivery.State.MERGED)
    return places
