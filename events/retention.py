"""Removes what is older than an instance keeps: rows in small steps, and then the files that they named.

SQLite has one writer: a delete of 200,000 rows held everybody up for 3.2 s. So no write here takes longer than 100 ms,
and events keep flowing in between. A crash at any point leaves no row that names a missing file, but files that no row
names: those go with what is stray.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from cameras.services import Person
from events.changes import Changes
from events.feedback import keep_patterns
from events.models import Event, EventAlias, EventTransition, ScoreMinute
from events.policies import cutoffs
from events.records import FEATURES, MEMORY
from events.steps import delete_in_steps, in_steps
from project.audit import trail

Item = TypeVar("Item")
STRAY_AFTER = timedelta(days=7)
"""A file that no row names is given so long: its record may wait in the spool of a worker that is cut off."""
MEDIA_FOLDER = "events"


def retire(*, now: datetime | None = None) -> int:
    """Remove the events that ended longer ago than their sites keep, with all that belongs to them; how many.

    Flagged ones stay for ever.
    """
    now = now or timezone.now()
    removed = 0
    for sites, before in cutoffs("event_days", now):
        old = Event.objects.filter(sites, started_at__lt=before, ended_at__lt=before, flagged=False)
        while ids := list(old.order_by("started_at").values_list("pk", flat=True)[:200]):
            removed += remove_events(ids)
    for cameras, before in cutoffs("event_days", now, site="camera__site"):
        delete_in_steps(ScoreMinute.objects.filter(cameras, minute__lt=int(before.timestamp()) // 60))
    return removed


def retire_media(*, now: datetime | None = None) -> int:
    """Remove the clips and pictures of events that keep them no longer; the events stay. Of how many."""
    stripped = 0
    for sites, before in cutoffs("media_days", now or timezone.now()):
        old = Event.objects.filter(sites, started_at__lt=before, ended_at__lt=before, flagged=False)
        shown = old.exclude(snapshot_path="", clip_path="")
        while ids := list(shown.order_by("started_at").values_list("pk", flat=True)[:200]):
            strip_events(ids)
            stripped += len(ids)
    return stripped


def strip_events(event_ids: Sequence[UUID]) -> None:
    """Remove the clips and pictures of these events; what they were scored from stays, it is small and teaches."""
    events = Event.objects.filter(pk__in=event_ids)
    kept: dict[UUID, dict[str, str]] = {}
    for pk, evidence in events.values_list("pk", "evidence"):
        kept[pk] = {name: path for name, path in evidence.items() if name in (FEATURES, MEMORY)}
    for pk, evidence in kept.items():
        events.filter(pk=pk, flagged=False).update(snapshot_path="", clip_path="", evidence=evidence)
    spared = set(events.filter(~Q(snapshot_path="") | ~Q(clip_path="")).values_list("pk", flat=True))
    aliases = EventAlias.objects.filter(event_id__in=event_ids).exclude(event_id__in=spared)
    for pk in [*(set(event_ids) - spared), *aliases.values_list("pk", flat=True)]:
        for name in _files_of(pk):
            if not name.rpartition("/")[2].startswith((FEATURES, MEMORY)):
                default_storage.delete(name)


def remove_events(event_ids: Sequence[UUID]) -> int:
    """Remove these events, their timelines and their files, but for those that are flagged; how many.

    Whoever flags one meanwhile was in time and all of it stays, or is told that there is no such event.
    """
    keep_patterns(event_ids)
    removed: list[_Removed] = []
    in_steps(event_ids, lambda ids: removed.append(_remove_rows(ids)))
    for some in removed:
        # Also what no row named: the files of a worker that was superseded and did not know it yet.
        for name in some.files.union(*map(_files_of, [*some.event_ids, *some.alias_ids])):
            default_storage.delete(name)
    return sum(len(some.event_ids) for some in removed)


@dataclass(frozen=True, slots=True)
class _Removed:
    """What the rows that went said of the files that have to."""

    event_ids: list[UUID]
    alias_ids: list[UUID]
    files: set[str]


@transaction.atomic
def _remove_rows(event_ids: Sequence[UUID]) -> _Removed:
    """Of those that are not flagged."""
    asked = Event.objects.filter(pk__in=event_ids)
    Changes(asked.values_list("site_id", flat=True))  # nobody flags one from here on
    ids = list(asked.filter(flagged=False).values_list("pk", flat=True))
    events, transitions = Event.objects.filter(pk__in=ids), EventTransition.objects.filter(event_id__in=ids)
    names = set(transitions.exclude(path="").values_list("path", flat=True))
    for snapshot, clip, evidence in events.values_list("snapshot_path", "clip_path", "evidence"):
        names |= {snapshot, clip, *evidence.values()} - {""}
    aliases = list(EventAlias.objects.filter(event_id__in=ids).values_list("pk", flat=True))
    events.delete()
    return _Removed(ids, aliases, names)


def remove_by_hand(*, events: Sequence[Event], by: Person) -> None:
    """The same at somebody's wish. It is recorded first: what cannot be recorded is not removed."""
    events = [event for event in events if not event.flagged]
    for some in _batches(events, 50):
        with transaction.atomic():
            for event in some:
                trail.record("event.removed", by=by, target=event, details={"status": event.status})
        remove_events([event.pk for event in some])


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


def _batches(items: Sequence[Item], size: int) -> Iterator[Sequence[Item]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]


def _is_uuid(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False
