"""Removes what is older than an instance keeps: rows in small steps, and files before the rows that name them.

SQLite has one writer: a delete of 200,000 rows held everybody up for 3.2 s. So no write here takes longer than 100 ms,
and events keep flowing in between. A crash at any point leaves rows that name no missing file, and the next run goes on
where it stopped.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from cameras.services import Person
from events.feedback import outlive
from events.models import Event, EventAlias, EventTransition, ScoreMinute
from project.audit import trail

STEP_SECONDS = 0.05
"""What one write should take at most; half of what nobody may exceed."""
STRAY_AFTER = timedelta(days=7)
"""A file that no row names is given so long: its record may wait in the spool of a worker that is cut off."""
MEDIA_FOLDER = "events"


def retire(*, now: datetime | None = None) -> int:
    """Remove the events that ended more than VIGIL_RETENTION_DAYS ago, with all that belongs to them; how many."""
    before = (now or timezone.now()) - timedelta(days=settings.VIGIL_RETENTION_DAYS)
    old = Event.objects.filter(started_at__lt=before, ended_at__lt=before).order_by("started_at")
    removed = 0
    while ids := list(old.values_list("pk", flat=True)[:200]):
        remove_events(ids)
        removed += len(ids)
    _delete_in_steps(ScoreMinute.objects.filter(minute__lt=int(before.timestamp()) // 60))
    return removed


def remove_events(event_ids: Sequence[UUID]) -> None:
    """Remove these events, their timelines and their files."""
    outlive(event_ids)
    transitions = EventTransition.objects.filter(event_id__in=event_ids)
    names = set(transitions.exclude(path="").values_list("path", flat=True))
    events = Event.objects.filter(pk__in=event_ids)
    for snapshot, clip, evidence in events.values_list("snapshot_path", "clip_path", "evidence"):
        names |= {snapshot, clip, *evidence.values()} - {""}
    aliases = EventAlias.objects.filter(event_id__in=event_ids)
    # Also what no row names: the files of a worker that was superseded and did not know it yet.
    names |= {name for pk in [*event_ids, *aliases.values_list("pk", flat=True)] for name in _files_of(pk)}
    # From here on nobody is offered the files. The timelines still name them, should this be interrupted.
    hidden: dict[str, Any] = {"snapshot_path": "", "clip_path": "", "evidence": {}}
    _in_steps(event_ids, lambda ids: Event.objects.filter(pk__in=ids).update(**hidden))
    for name in names:
        default_storage.delete(name)
    _delete_in_steps(transitions)
    _delete_in_steps(aliases)
    _delete_in_steps(events)


def remove_by_hand(*, events: Sequence[Event], by: Person) -> None:
    """The same at somebody's wish. It is recorded first: what cannot be recorded is not removed."""
    with transaction.atomic():
        for event in events:
            trail.record("event.removed", by=by, target=event, details={"status": event.status})
    remove_events([event.pk for event in events])


def remove_stray_media(*, now: datetime | None = None) -> int:
    """Remove the files of events that are not there, such as those of a refused record or a deleted site; how many."""
    before = (now or timezone.now()) - STRAY_AFTER
    try:
        folders, _ = default_storage.listdir(MEDIA_FOLDER)
    except FileNotFoundError:
        return 0
    removed = 0
    for ids in _batches([UUID(folder) for folder in folders if _is_uuid(folder)], 500):
        known = set(Event.objects.filter(pk__in=ids).values_list("pk", flat=True))
        known |= set(EventAlias.objects.filter(pk__in=ids).values_list("pk", flat=True))
        removed += sum(_empty_folder(event_id, before) for event_id in set(ids) - known)
    return removed


def _files_of(event_id: UUID) -> list[str]:
    folder = f"{MEDIA_FOLDER}/{event_id}"
    try:
        return [f"{folder}/{name}" for name in default_storage.listdir(folder)[1]]
    except FileNotFoundError:
        return []


def _empty_folder(event_id: UUID, before: datetime) -> int:
    """Delete the files in it if all of them are older than `before`, and the folder; how many."""
    names = _files_of(event_id)
    if any(default_storage.get_modified_time(name) >= before for name in names):
        return 0
    for name in names:
        default_storage.delete(name)
    default_storage.delete(f"{MEDIA_FOLDER}/{event_id}")  # a no-op where the storage has no folders
    return len(names)


def _delete_in_steps(rows: QuerySet[Any]) -> None:
    """Delete the rows, which have no rows of their own any more."""
    model = rows.model
    while ids := list(rows.order_by().values_list("pk", flat=True)[:10_000]):
        _in_steps(ids, lambda some: model._base_manager.filter(pk__in=some)._raw_delete(rows.db))


def _in_steps(ids: Sequence[Any], write: Callable[[Sequence[Any]], object]) -> None:
    """Call `write` with some of the ids at a time, as many as it can do in STEP_SECONDS on this machine."""
    start, size = 0, 20
    while start < len(ids):
        began = time.monotonic()
        write(ids[start : start + size])
        start += size
        size = max(1, min(500, int(size * STEP_SECONDS / max(time.monotonic() - began, STEP_SECONDS / 2))))


def _batches(items: Sequence[UUID], size: int) -> Iterator[Sequence[UUID]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]


def _is_uuid(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False
