"""Applies a batch of records to the events they speak of, in memory, under the lock of their sites.

The rules, which hold for any order of batches and however often each is repeated:

* The peak only rises: score, its place, its time and its reasons are those of the highest score told.
* The severity never goes down.
* An event ends when a worker of its epoch says so. A worker whose camera was taken over can no longer end it.
* An event that opens within MERGE_GAP of one which another worker saw is the same anomaly: the records of the second
  event id go to the first event (`EventAlias`). What people resolved or dismissed after it ended stays closed.
* An event whose worker was superseded while it was open ended, as far as that worker could know, at that moment.
* The span covers its peak.
* The first clip told stays: it shows how the event began, a successor's only how it went on. Of other files the newest
  worker's count.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.db.models import Q

from cameras.models import Camera, Claim
from events.changes import Changes
from events.models import Event, EventAlias, EventTransition, Status
from events.records import SEVERITIES, EventRecord

MERGE_GAP = timedelta(seconds=10)
"""A takeover takes at most 8 s, and what lies closer together than this is one event to an operator."""
WRITTEN = [
    *("epoch", "severity", "score", "threshold", "provisional", "box", "reasons", "started_at", "peak_at", "ended_at"),
    *("snapshot_path", "clip_path", "evidence", "sequence"),
]
"""The columns of an event that a record can change."""


def moment(seconds: float) -> datetime:
    """Seconds since 1970 as people's time."""
    return datetime.fromtimestamp(seconds, tz=UTC)


class Ledger:
    """The events that a batch of records speaks of, as they are and as they become."""

    def __init__(self, records: Sequence[EventRecord]) -> None:
        """Read and lock what the records may change. `records` are accepted ones, in the order in which they came."""
        cameras = Camera.with_removed.only("name", "site_id")  # what it saw before it was removed is evidence
        self._cameras = cameras.in_bulk({record.camera_id for record in records})
        known = Event.objects.filter(self._named(records)).values_list("site_id", flat=True)
        self._changes = Changes({*known, *(camera.site_id for camera in self._cameras.values())})
        self._events: dict[UUID, Event] = {}
        self._near: dict[tuple[UUID, str], list[Event]] = {}
        self._read_events(records)
        self._ends = {record.event_id: record.at for record in records if record.kind == "closed"}
        self._claims = self._read_claims(records)
        self._aliases: list[EventAlias] = []
        self._touched: dict[UUID, Event] = {}
        self.confirmed: set[UUID] = set()
        """Cameras of events that ended after somebody had resolved them."""
        self._speakers: set[tuple[UUID, int]] = set()
        """(event, epoch) of what this batch has changed so far."""
        self._written = set(
            EventTransition.objects.filter(pk__in=[record.record_id for record in records]).values_list("pk", flat=True)
        )

    def apply(self, record: EventRecord) -> bool | None:
        """Whether the record is new, not applied before; None where it speaks of an event that is not known."""
        if record.record_id in self._written:
            return False
        event = self._events.get(record.event_id)
        if event is None:
            if record.kind != "opened" or record.camera_id not in self._cameras:
                return None
            self._open(record)
        else:
            self._continue(event, record)
        self._written.add(record.record_id)
        return True

    def save(self) -> None:
        """Write what has changed."""
        # Ended ones first: an event may open in the same batch in which the one before it ended.
        events = sorted(self._touched.values(), key=lambda event: event.ended_at is None)
        Event.objects.bulk_create(events, update_conflicts=True, update_fields=WRITTEN, unique_fields=["id"])
        EventAlias.objects.bulk_create(self._aliases)
        self._changes.save()

    def _open(self, record: EventRecord) -> None:
        end, at = self._known_end(record), moment(record.at)
        same = self._same_anomaly(record, end)
        if same is not None:
            self._merge(same, record, end)
            return
        camera = self._cameras[record.camera_id]
        event = Event(
            id=record.event_id,
            site_id=camera.site_id,
            camera=camera,
            epoch=record.epoch,
            category=record.category,
            severity=record.severity,
            score=record.score,
            threshold=record.threshold,
            provisional=record.provisional,
            box=record.box and list(record.box),
            reasons=_reasons(record),
            started_at=at,
            peak_at=at,
            ended_at=end,
            trace=record.trace,
        )
        self._events[event.pk] = event
        self._near.setdefault((record.camera_id, record.category), []).append(event)
        self._note(event, record, "opened", new_status=Status.NEW)

    def _merge(self, event: Event, record: EventRecord, end: datetime | None) -> None:
        """Let the second opening of an anomaly be part of the first; `end` as in `_known_end`."""
        self._aliases.append(EventAlias(id=record.event_id, event=event))
        self._events[record.event_id] = event
        at = moment(record.at)
        if at < event.started_at:
            event.started_at, event.threshold, event.provisional = at, record.threshold, record.provisional
        if event.ended_at is not None:
            event.ended_at = end and max(end, event.ended_at)
        event.epoch = max(event.epoch, record.epoch)
        _raise_peak(event, record)
        self._note(event, record, "merged")

    def _continue(self, event: Event, record: EventRecord) -> None:
        """Apply a later record of an event. What a superseded worker says late adds to it but decides nothing."""
        decides = record.epoch >= event.epoch
        event.epoch = max(event.epoch, record.epoch)
        if record.kind in ("opened", "peaked"):
            _raise_peak(event, record)
        elif record.kind == "closed":
            if decides:
                event.ended_at = max(moment(record.at), event.peak_at)
                self.confirmed |= {event.camera_id} if event.status == Status.RESOLVED else set()
        elif record.kind == "snapshot":
            event.snapshot_path = record.path if decides else event.snapshot_path or record.path
        elif record.kind == "clip":
            event.clip_path = event.clip_path or record.path
        elif decides or record.name not in event.evidence:
            event.evidence = {**event.evidence, record.name: record.path}
        self._note(event, record, record.kind)

    def _note(self, event: Event, record: EventRecord, kind: str, *, new_status: str = "") -> None:
        self._touched[event.pk] = event
        self._speakers.add((event.pk, record.epoch))
        self._changes.add(
            event,
            kind,
            id=record.record_id,
            at=moment(record.at),
            epoch=record.epoch,
            score=record.score,
            path=record.path,
            new_status=new_status,
        )

    def _known_end(self, opened: EventRecord) -> datetime | None:
        """When this event ended as far as its worker could know; None while its worker still watches it."""
        if opened.event_id in self._ends:
            return moment(max(self._ends[opened.event_id], opened.at))
        later = [at for epoch, at in self._claims.get(opened.camera_id, ()) if epoch > opened.epoch]
        if not later:
            return None
        return moment(max(opened.at, min(later) - (opened.database_time - opened.at)))

    def _same_anomaly(self, opened: EventRecord, end: datetime | None) -> Event | None:
        """The event that another worker saw in the same span, or None."""
        at, nearby = moment(opened.at), self._near.get((opened.camera_id, opened.category), [])
        if end is None:
            going_on = next((event for event in nearby if event.ended_at is None), None)
            if going_on is not None:
                return going_on
        for event in nearby:
            put_aside = event.ended_at is not None and event.status in (Status.RESOLVED, Status.DISMISSED)
            in_time = end is None or event.started_at <= end + MERGE_GAP
            near = in_time and (event.ended_at is None or event.ended_at + MERGE_GAP >= at)
            if near and not put_aside and not self._told_apart(opened, event):
                return event
        return None

    def _told_apart(self, opened: EventRecord, event: Event) -> bool:
        """Whether the worker that opened this knew of the other event as well, and so meant another anomaly.

        Where it died with this one open, what its successor carries on, maybe under the other's name, is this one.
        """
        if event.epoch == opened.epoch:
            return True
        if opened.event_id not in self._ends:
            return False
        spoken = (event.pk, opened.epoch) in self._speakers
        return spoken or EventTransition.objects.filter(event=event, epoch=opened.epoch).exists()

    @staticmethod
    def _named(records: Iterable[EventRecord]) -> Q:
        ids = {record.event_id for record in records}
        return Q(pk__in=ids) | Q(pk__in=EventAlias.objects.filter(pk__in=ids).values("event_id"))

    def _read_events(self, records: Sequence[EventRecord]) -> None:
        ids = {record.event_id for record in records}
        openings = [record for record in records if record.kind == "opened"]
        wanted = self._named(records)
        if openings:
            earliest = moment(min(record.at for record in openings)) - MERGE_GAP
            recent = Q(ended_at=None) | Q(ended_at__gte=earliest)
            wanted |= Q(camera_id__in={record.camera_id for record in openings}) & recent
        for event in Event.objects.filter(wanted).select_related("camera", "acknowledged_by").order_by("started_at"):
            self._events[event.pk] = event
            self._near.setdefault((event.camera_id, event.category), []).append(event)
        for alias in EventAlias.objects.filter(pk__in=ids):
            self._events[alias.pk] = self._events[alias.event_id]

    @staticmethod
    def _read_claims(records: Sequence[EventRecord]) -> dict[UUID, list[tuple[int, float]]]:
        """Camera -> (epoch, when it was claimed), of the epochs after those of the opening records."""
        openings = [record for record in records if record.kind == "opened"]
        claims: dict[UUID, list[tuple[int, float]]] = {}
        if openings:
            cameras = {record.camera_id for record in openings}
            later = Claim.objects.filter(camera_id__in=cameras, epoch__gt=min(record.epoch for record in openings))
            for camera_id, epoch, claimed_at in later.values_list("camera_id", "epoch", "claimed_at"):
                claims.setdefault(camera_id, []).append((epoch, claimed_at))
        return claims


def _raise_peak(event: Event, record: EventRecord) -> None:
    at = moment(record.at)
    if record.score > event.score:
        event.score, event.peak_at = record.score, at
        event.box, event.reasons = record.box and list(record.box), _reasons(record)
    if SEVERITIES.index(record.severity) > SEVERITIES.index(event.severity):
        event.severity = record.severity
    if event.ended_at is not None:
        event.ended_at = max(event.ended_at, at)


def _reasons(record: EventRecord) -> list[dict[str, str | float]]:
    return [{"attribute": name, "surprise": surprise, "text": text} for name, surprise, text in record.reasons]
