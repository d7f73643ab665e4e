"""Sends what is queued: takes one delivery by compare-and-set, sends it outside of any transaction, notes the outcome.

* Whoever takes a delivery holds it for LEASE. A worker that dies between sending and noting leaves it to the next one,
  which sends it once more under the same key: at most one duplicate for each crash, and never a miss.
* The most severe goes first. Inboxes wait for no channel, and slow receivers never take up all threads (`turns`).
* Who may not see the site any more is told nothing, whenever it was queued; nor is who wants no sound by now.
* What no channel could be brought to take within TOO_OLD is given up; it is in the inbox.
* After a failure that may pass, the channel rests; after one that will not, it is switched off and its owner is told.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

import structlog
from django.db import DEFAULT_DB_ALIAS, close_old_connections, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from events import broadcast
from notifications import outcomes
from notifications.backoff import LONGEST_PAUSE, MOST_ATTEMPTS
from notifications.clocks import is_past
from notifications.composing import compose
from notifications.hindrances import hindrance_to
from notifications.inbox import put_into_inbox
from notifications.message import Message
from notifications.models import Channel, Delivery
from notifications.outcomes import Outcome
from notifications.targets import target_of
from notifications.transports.protocol import TransportError
from notifications.transports.registry import transport_of
from notifications.turns import Sequence, Turns, sequence_of
from project.masking import scrub

LEASE = timedelta(seconds=60)
"""A transport has 10 seconds; a machine that swaps may take some more."""
TOO_OLD = timedelta(minutes=80)
"""Longer than all pauses of one message take together. While its channel rests, none of those that wait is tried."""
LOOK_EVERY = 0.2
"""Seconds between looks for what became due, while something is under way."""
ALL = Q()
FEW, MANY = 20, 500
"""Of what is due, how many to look through for one that may begin: at first, and where none of those may."""
LOOKED_AT = ("channel_id", "notice_id", "site_id", "kind", "reason", "severity", "attempts")

turns = Turns()
log = structlog.get_logger(__name__)


def send_to_inboxes(*, limit: int = 500, clock: Callable[[], datetime] = timezone.now) -> int:
    """Put what is due into inboxes, which takes no longer than the database does; returns how many attempts."""
    return _send_some(limit, clock, Q(channel=None))


def send_due(*, limit: int = 500, clock: Callable[[], datetime] = timezone.now) -> int:
    """Send what is due, one after the other; returns how many attempts."""
    give_up(clock=clock)
    return _send_some(limit, clock)


def send_at_once(
    *, threads: int, stopping: threading.Event | None = None, clock: Callable[[], datetime] = timezone.now
) -> int:
    """Send what is due, and what becomes due meanwhile, as many at a time as there are threads; how many attempts.

    Each has its turn (`notifications.turns`). Once it is `stopping`, nothing more is begun.
    """
    attempts, under_way, stopping = 0, set[Future[None]](), stopping or threading.Event()
    with _pool(threads) as pool:
        while True:
            free = len(under_way) < threads and not stopping.is_set()
            if free and (delivery := _next(clock(), ALL, partial(turns.begin, threads=threads))):
                under_way.add(pool.submit(_send_in_thread, delivery, clock))
                attempts += 1
            elif under_way:
                _, under_way = wait(under_way, LOOK_EVERY, FIRST_COMPLETED)
            else:
                return attempts


@contextmanager
def _pool(threads: int) -> Iterator[ThreadPoolExecutor]:
    """Each thread has a connection to the database for as long as it lives."""
    opened: list[BaseDatabaseWrapper] = []

    def begin() -> None:
        opened.append(connections[DEFAULT_DB_ALIAS])

    try:
        with ThreadPoolExecutor(threads, thread_name_prefix="send", initializer=begin) as pool:
            yield pool
    finally:
        for each in opened:
            each.inc_thread_sharing()  # its thread is gone
            each.close()


def give_up(*, clock: Callable[[], datetime] = timezone.now) -> None:
    """What was taken so often and never noted kills whoever sends it; what has waited so long is news no more."""
    now = clock()
    stuck = _free(now).filter(attempts__gte=MOST_ATTEMPTS)
    stuck.update(state=Delivery.State.GIVEN_UP, error="Each attempt ended with the process that made it.")
    old = _waiting(now).filter(created_at__lt=now - TOO_OLD, channel__isnull=False)
    old.update(state=Delivery.State.GIVEN_UP, error="The channel could not be reached for too long.")


def send_taken(delivery: Delivery, *, clock: Callable[[], datetime] = timezone.now) -> None:
    """Send this one, which the caller made and holds."""
    outcomes.note(delivery, _attempt(delivery), clock())


def _send_in_thread(delivery: Delivery, clock: Callable[[], datetime]) -> None:
    took, seconds = None, 0.0
    try:
        outcome = _attempt(delivery)
        took = None if outcome.held or outcome.gone else not outcome.error
        seconds = outcome.duration_ms / 1000
        outcomes.note(delivery, outcome, clock())
    except Exception:  # of the database: who holds it next sends it again, and the others go on
        log.exception("an attempt could not be noted", delivery=str(delivery.pk), kind=delivery.kind)
    finally:
        turns.end(delivery, took=took, seconds=seconds)
        close_old_connections()


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


def _next(now: datetime, which: Q, may_begin: Callable[[Delivery], bool] = lambda _: True) -> Delivery | None:
    """The most urgent one that may begin, taken; None where there is none."""
    due = _free(now).filter(which).order_by("-severity", "due_at", "created_at").only(*LOOKED_AT)
    blocked: set[UUID] = set()
    held: set[Sequence | None] = set()
    most = FEW
    while True:
        known = len(blocked)
        rows = list(due.exclude(channel__in=blocked)[:most])
        channels = Channel.objects.in_bulk({row.channel_id for row in rows if row.channel_id})
        for row in rows:
            sequence = sequence_of(row)
            if row.channel_id in blocked or (sequence and sequence in held):
                continue
            row.channel = channels.get(row.channel_id) if row.channel_id else None
            if may_begin(row):
                if taken := _take_or_leave(row, now):
                    return taken
            elif sequence and turns.is_under_way(sequence):
                held.add(sequence)
            elif row.channel_id:
                blocked.add(row.channel_id)
        if len(rows) < most or (most == MANY and len(blocked) == known):
            return None
        most = MANY


def _take_or_leave(row: Delivery, now: datetime) -> Delivery | None:
    """The whole of it. Its turn is over where it was not taken, also because the database failed."""
    taken = None
    try:
        if _take(row, now):
            taken = Delivery.objects.select_related("recipient", "channel", "site").filter(pk=row.pk).first()
    finally:
        if taken is None:
            turns.end(row, took=None)
    return taken


def _take(delivery: Delivery, now: datetime) -> bool:
    """By compare-and-set: of two workers one gets it."""
    mine = _free(now).filter(pk=delivery.pk, attempts=delivery.attempts)
    return bool(mine.update(locked_until=now + LEASE, attempts=F("attempts") + 1))


def _attempt(delivery: Delivery) -> Outcome:
    """What became of sending it, and how long the receiver took. Raises nothing that a transport may raise."""
    began = time.monotonic()
    try:
        if hindrance := hindrance_to(delivery, timezone.now()):
            return hindrance
        send = _ready(delivery)
        began = time.monotonic()  # a database that takes its time makes no receiver slow
        send()
    except TransportError as error:
        said = scrub(str(error)) or "It failed."
        return Outcome(said, error.permanent, _milliseconds(began), retry_after=error.retry_after)
    except Exception as error:  # a mistake of ours in one transport must not hold up the others
        log.exception("a transport failed", delivery=str(delivery.pk), kind=delivery.kind)
        return Outcome(
            f"Vigil made a mistake ({type(error).__name__}); the log says more.", False, _milliseconds(began)
        )
    return Outcome(duration_ms=_milliseconds(began))


def _ready(delivery: Delivery) -> Callable[[], None]:
    """What sends it."""
    message = compose(delivery)
    if delivery.channel is None:
        return partial(_send_to_inbox, delivery, message)
    return partial(transport_of(delivery.channel.kind).send, message, target_of(delivery.channel))


def _send_to_inbox(delivery: Delivery, message: Message) -> None:
    with transaction.atomic():
        put_into_inbox(delivery, message, timezone.now())
    if delivery.recipient_id is not None:
        broadcast.inbox_changed(user_id=delivery.recipient_id)


def _milliseconds(began: float) -> int:
    return round((time.monotonic() - began) * 1000)
