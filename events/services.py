"""All that changes events: what workers write down, what people decide, what time closes.

Each change is numbered under its site's lock, leaves one EventTransition and is told to the sockets after commit.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from cameras import leases
from cameras.models import Lease
from cameras.services import renew_settings
from events import feedback
from events.changes import lock_event
from events.feedback import report_missed as report_missed
from events.models import Event, Status
from events.records import FEATURES, EventRecord
from events.scores import SecondScore as SecondScore
from events.scores import save_scores as save_scores
from events.writer import Ledger, moment
from project.accounts.models import User
from project.audit import trail
from project.errors import Conflict, Invalid

log = logging.getLogger(__name__)

ABANDONED_AFTER = 30.0
"""Seconds without a worker after which an open event ends; a takeover takes at most 8."""


@dataclass(frozen=True, slots=True)
class WriteResult:
    """What became of a batch, in records. Each of them need not be offered again."""

    written: int = 0
    repeated: int = 0
    """Written before: by this process, or by another one that replayed the same spool."""
    refused: int = 0
    """Made under a lease that was superseded, or of an event or camera that does not exist (any more)."""


@dataclass(frozen=True, slots=True)
class OpenEventRow:
    """An event that a successor carries on."""

    event_id: UUID
    category: str
    started_at: float
    """Seconds since 1970, like `peak_at`."""
    peak: float
    peak_at: float
    severity: str


def write_records(records: Sequence[EventRecord]) -> WriteResult:
    """Write a batch in one transaction: all of it or, where this raises, nothing; then offer it again.

    * A record that was written before changes nothing: replay as often as you like, from as many processes as you like.
    * The records of one event must come in the order in which its worker made them; batches may come late.
    * A record is refused if its lease was superseded before it was made, and with it whatever follows from it.

    Raises django.db.Error when the database is away or a row it needs vanished meanwhile.
    """
    accepted = _accepted(records)
    if not accepted:
        return WriteResult(refused=len(records))
    with transaction.atomic():
        ledger = Ledger(accepted)
        outcomes = [ledger.apply(record) for record in accepted]
        ledger.save()
        if kept := {record.event_id for record in accepted if record.name == FEATURES}:
            feedback.features_kept(event_ids=kept)
        for camera_id in ledger.confirmed:
            renew_settings(camera_id=camera_id)
    written, repeated = outcomes.count(True), outcomes.count(False)
    unknown = {str(record.event_id) for record, outcome in zip(accepted, outcomes, strict=True) if outcome is None}
    if unknown:
        log.warning("Refused records of unknown events: %s", ", ".join(sorted(unknown)))
    return WriteResult(written, repeated, len(records) - written - repeated)


def open_event_of(camera_id: UUID, epoch: int | None = None) -> list[OpenEventRow]:
    """The open events of a camera, for a worker that takes it over.

    With `epoch`, that of its lease, the events are its own from now on: nobody whom it succeeded can end them.
    """
    events = Event.objects.filter(camera_id=camera_id, ended_at=None)
    if epoch is not None:
        events.filter(epoch__lt=epoch).update(epoch=epoch)
    return [
        OpenEventRow(
            event_id=event.pk,
            category=event.category,
            started_at=event.started_at.timestamp(),
            peak=event.score,
            peak_at=event.peak_at.timestamp(),
            severity=event.severity,
        )
        for event in events.order_by("started_at")
    ]


def acknowledge_event(*, event_id: UUID, by: User, note: str = "") -> Event:
    """Somebody takes a new event on. Raises Conflict if it is not new any more."""
    return _decide(event_id, by, note, kind="acknowledged", to=Status.ACKNOWLEDGED, allowed=(Status.NEW,))


def resolve_event(*, event_id: UUID, by: User, note: str = "") -> Event:
    """It was real and is dealt with; its camera no longer counts it among the false alarms that the budget allows.

    Its worker hears of that now or, where the event goes on, when it ends. Raises Conflict if it is resolved or
    dismissed already.
    """
    allowed = (Status.NEW, Status.ACKNOWLEDGED)

    def count_it(event: Event) -> None:
        renew_settings(camera_id=event.camera_id)

    return _decide(event_id, by, note, kind="resolved", to=Status.RESOLVED, allowed=allowed, then=count_it)


def dismiss_event(*, event_id: UUID, by: User, note: str = "") -> Event:
    """It was a false alarm, and its like does not alarm again on this camera.

    Raises Conflict if it is resolved or dismissed already.
    """
    allowed = (Status.NEW, Status.ACKNOWLEDGED)

    def teach(event: Event) -> None:
        feedback.teach_false_alarm(event=event, by=by)

    return _decide(event_id, by, note, kind="dismissed", to=Status.DISMISSED, allowed=allowed, then=teach)


def reopen_event(*, event_id: UUID, by: User, note: str = "") -> Event:
    """It is not over: it is new again, for anybody to take on, and what it taught as a false alarm is undone.

    Raises Conflict unless it is resolved or dismissed.
    """
    allowed = (Status.RESOLVED, Status.DISMISSED)

    def undo(event: Event) -> None:
        feedback.undo_false_alarm(event=event)

    return _decide(event_id, by, note, kind="reopened", to=Status.NEW, allowed=allowed, then=undo)


def note_event(*, event_id: UUID, by: User, note: str = "") -> Event:
    """Add a remark; the status stays. Raises Invalid if the remark is empty."""
    if not note.strip():
        raise Invalid("A note needs a text.", fields={"note": ["Write something."]})
    with transaction.atomic():
        event, changes = lock_event(event_id)
        same = {"old_status": event.status, "new_status": event.status}
        changes.add(event, "noted", at=timezone.now(), by=by, note=note, **same)
        event.save(update_fields=["sequence"])
        changes.save()
        _record(event, "noted", by, note)
    return event


def close_abandoned() -> int:
    """End the open events that nobody watches any more; returns how many.

    * The camera is stopped, or no worker has held it for ABANDONED_AFTER seconds.
    * Another worker has held it that long and did not carry the event on.
    """
    closed = 0
    for event_id in list(_abandoned(Event.objects.all()).values_list("pk", flat=True)):
        with transaction.atomic():
            event, changes = lock_event(event_id)
            if not _abandoned(Event.objects.filter(pk=event_id)).exists():
                continue
            event.ended_at = _last_watched(event)
            note = "Nobody watched the camera any more."
            changes.add(event, "closed", at=event.ended_at, epoch=event.epoch, note=note)
            event.save(update_fields=["ended_at", "sequence"])
            changes.save()
            if event.status == Status.RESOLVED:
                renew_settings(camera_id=event.camera_id)
            closed += 1
    return closed


def _accepted(records: Sequence[EventRecord]) -> list[EventRecord]:
    """The records whose leases held when they were made and which the database can take, in their order."""
    newest: dict[tuple[UUID, int], float] = {}
    for record in records:
        lease = (record.camera_id, record.epoch)
        newest[lease] = max(newest.get(lease, record.database_time), record.database_time)
    # What holds for the newest record of a lease holds for the older ones: one question, not one per record.
    held = {lease for lease, time in newest.items() if leases.accepts(*lease, time)}
    accepted = []
    refused: Counter[tuple[UUID, int]] = Counter()
    for record in records:
        lease = (record.camera_id, record.epoch)
        if record.problem:
            log.error("Refused a record of camera %s: %s (%s)", record.camera_id, record.problem, record.trace)
        elif lease in held or leases.accepts(*lease, record.database_time):
            accepted.append(record)
        else:
            refused[lease] += 1
    for (camera_id, epoch), count in refused.items():
        log.warning("Refused %d records of camera %s: epoch %d was superseded", count, camera_id, epoch)
    return accepted


def _decide(
    event_id: UUID,
    by: User,
    note: str,
    *,
    kind: str,
    to: Status,
    allowed: Sequence[Status],
    then: Callable[[Event], None] | None = None,
) -> Event:
    """Move an event on by compare-and-set, so that of two people who decide at once one wins and the other is told.

    What follows from it is done by `then`, under the same lock.
    """
    with transaction.atomic():
        event, changes = lock_event(event_id)
        if not Event.objects.filter(pk=event_id, status=event.status, status__in=allowed).update(status=to):
            raise Conflict(f"This event is {event.get_status_display().lower()} already.", code=f"event_{event.status}")
        old, event.status = event.status, to
        if to in (Status.NEW, Status.ACKNOWLEDGED):
            event.acknowledged_by = by if to == Status.ACKNOWLEDGED else None
        changes.add(event, kind, at=timezone.now(), by=by, note=note, old_status=old, new_status=to)
        event.save(update_fields=["acknowledged_by", "sequence"])
        changes.save()
        if then is not None:
            then(event)
        _record(event, kind, by, note, status=(old, to))
    return event


def _record(event: Event, kind: str, by: User, note: str, **changes: tuple[str, str]) -> None:
    details = {"camera": event.camera.name, "note": note}
    trail.record(f"event.{kind}", by=by, target=event, changes=changes, details=details)


def _abandoned(events: QuerySet[Event]) -> QuerySet[Event]:
    long_ago = leases.DatabaseNow() - ABANDONED_AFTER
    held = Lease.objects.filter(camera_id=OuterRef("camera_id"))
    kept = held.filter(expires_at__gt=long_ago).filter(Q(epoch__lte=OuterRef("epoch")) | Q(claimed_at__gt=long_ago))
    return events.filter(~Exists(kept), ended_at=None)


def _last_watched(event: Event) -> datetime:
    """When the worker of an abandoned event was last known to watch; never before the peak, never in the future."""
    lease = Lease.objects.filter(camera_id=event.camera_id).first()
    if lease is None or not lease.expires_at:
        return event.peak_at
    until = lease.expires_at if lease.epoch <= event.epoch else lease.claimed_at
    return max(event.peak_at, min(moment(until), timezone.now()))
