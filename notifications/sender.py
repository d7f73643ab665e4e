"""Sends what is queued: takes one delivery by compare-and-set, sends it outside of any transaction, notes the outcome.

* Whoever takes a delivery holds it for LEASE. A worker that dies between sending and noting leaves it to the next one,
  which sends it once more under the same key: at most one duplicate for each crash, and never a miss.
* The most severe goes first. Inboxes wait for no channel, and a slow receiver takes up one thread, not the others.
* Who may not see the site any more is told nothing, whenever it was queued; nor is who wants no sound by now.
* What no channel could be brought to take within TOO_OLD is given up; it is in the inbox.
* After a failure that may pass, the channel rests; after one that will not, it is switched off and its owner is told.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import structlog
from django.db import connection, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from events import broadcast
from notifications import outcomes
from notifications.backoff import LONGEST_PAUSE, MOST_ATTEMPTS
from notifications.clocks import is_past
from notifications.composing import compose
from notifications.crew import Crew
from notifications.hindrances import hindrance_to
from notifications.inbox import put_into_inbox
from notifications.models import Delivery
from notifications.outcomes import Outcome
from notifications.targets import target_of
from notifications.transports.protocol import TransportError
from notifications.transports.registry import transport_of
from project.masking import scrub

LEASE = timedelta(seconds=60)
"""A transport has 10 seconds; a machine that swaps may take some more."""
TOO_OLD = timedelta(minutes=80)
"""Longer than all pauses of one message take together. While its channel rests, none of those that wait is tried."""
ALL = Q()

log = structlog.get_logger(__name__)


def send_to_inboxes(*, limit: int = 500, clock: Callable[[], datetime] = timezone.now) -> int:
    """Put what is due into inboxes, which takes no longer than the database does; returns how many attempts."""
    return _send_some(limit, clock, Q(channel=None))


def send_due(*, limit: int = 500, threads: int = 1, clock: Callable[[], datetime] = timezone.now) -> int:
    """Send what is due; returns how many attempts there were. With threads, as many at a time."""
    _give_up(clock())
    if threads == 1:
        return _send_some(limit, clock)
    with ThreadPoolExecutor(threads, thread_name_prefix="send") as pool:
        crew = Crew(threads)
        parts = [pool.submit(_send_in_thread, limit // threads, clock, crew) for _ in range(threads)]
        return sum(part.result() for part in parts)


def send_taken(delivery: Delivery, *, clock: Callable[[], datetime] = timezone.now) -> None:
    """Send this one, which the caller made and holds."""
    outcomes.note(delivery, _attempt(delivery), clock())


def _send_in_thread(limit: int, clock: Callable[[], datetime], crew: Crew) -> int:
    sent = 0
    try:
        while crew.goes_on():
            try:
                sent += _send_some(limit - sent, clock)
            finally:
                crew.rests()
        return sent
    finally:
        connection.close()


def _send_some(limit: int, clock: Callable[[], datetime], which: Q = ALL) -> int:
    sent = 0
    while sent < limit and (delivery := _next(clock(), which)):
        outcomes.note(delivery, _attempt(delivery), clock())
        sent += 1
    return sent


def _waiting(now: datetime) -> QuerySet[Delivery]:
    """What nobody is at."""
    unlocked = Q(locked_until=None) | is_past("locked_until", now, at_most=LEASE)
    return Delivery.objects.filter(unlocked, state=Delivery.State.QUEUED)


def _free(now: datetime) -> QuerySet[Delivery]:
    return _waiting(now).filter(is_past("due_at", now, at_most=LONGEST_PAUSE))


def _next(now: datetime, which: Q) -> Delivery | None:
    """The most urgent one, taken; None where nothing is due."""
    first = _free(now).filter(which).order_by("-severity", "due_at").select_related("recipient", "channel", "site")
    return next((delivery for delivery in first[:20] if _take(delivery, now)), None)


def _take(delivery: Delivery, now: datetime) -> bool:
    """By compare-and-set: of two workers one gets it."""
    mine = _free(now).filter(pk=delivery.pk, attempts=delivery.attempts)
    taken = mine.update(locked_until=now + LEASE, attempts=F("attempts") + 1)
    delivery.attempts, delivery.locked_until = delivery.attempts + 1, now + LEASE
    return bool(taken)


def _attempt(delivery: Delivery) -> Outcome:
    """What became of sending it. Raises nothing that a transport may raise."""
    began = time.monotonic()
    try:
        if hindrance := hindrance_to(delivery, timezone.now()):
            return hindrance
        _send(delivery)
    except TransportError as error:
        said = scrub(str(error)) or "It failed."
        return Outcome(said, error.permanent, _milliseconds(began), retry_after=error.retry_after)
    except Exception as error:  # a mistake of ours in one transport must not hold up the others
        log.exception("a transport failed", delivery=str(delivery.pk), kind=delivery.kind)
        return Outcome(
            f"Vigil made a mistake ({type(error).__name__}); the log says more.", False, _milliseconds(began)
        )
    return Outcome(duration_ms=_milliseconds(began))


def _send(delivery: Delivery) -> None:
    message = compose(delivery)
    if delivery.channel is None:
        with transaction.atomic():
            put_into_inbox(delivery, message, timezone.now())
        if delivery.recipient_id is not None:
            broadcast.inbox_changed(user_id=delivery.recipient_id)
    else:
        transport_of(delivery.channel.kind).send(message, target_of(delivery.channel))


def _give_up(now: datetime) -> None:
    """What was taken so often and never noted kills whoever sends it; what has waited so long is news no more."""
    stuck = _free(now).filter(attempts__gte=MOST_ATTEMPTS)
    stuck.update(state=Delivery.State.GIVEN_UP, error="Each attempt ended with the process that made it.")
    old = _waiting(now).filter(created_at__lt=now - TOO_OLD, channel__isnull=False)
    old.update(state=Delivery.State.GIVEN_UP, error="The channel could not be reached for too long.")


def _milliseconds(began: float) -> int:
    return round((time.monotonic() - began) * 1000)
