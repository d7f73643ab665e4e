"""The only writer of recordings: what workers recorded, what people flag, and files that lost their row."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.utils import timezone

from cameras import leases
from cameras.models import Camera
from events.models import Event, Recording
from events.policies import INSTANCE, kept_days
from events.segments import FOLDER, Segment
from project.accounts.models import User
from project.audit import trail
from project.errors import NotFound

log = logging.getLogger(__name__)

ADOPT_AFTER = timedelta(minutes=2)
"""A file without a row is given so long: its worker is about to write one."""
ADOPT_DAYS = 2
"""Of files are looked through often; the older ones once an hour."""

LONGEST_SEGMENT = timedelta(minutes=10)
"""Longer than any: a segment ends with a key frame, and without one after two minutes."""


def save_segment(segment: Segment, *, size: int, database_time: float) -> bool:
    """Write the row of a segment whose file is in the media storage; once written, again changes nothing.

    False, and nothing is written, where the lease was superseded by `database_time` or the camera is gone.
    """
    if not leases.accepts(segment.camera_id, segment.epoch, database_time):
        return False
    site_id = Camera.with_removed.filter(pk=segment.camera_id).values_list("site_id", flat=True).first()
    if site_id is None:
        return False
    row = Recording(
        id=segment.segment_id,
        site_id=site_id,
        camera_id=segment.camera_id,
        epoch=segment.epoch,
        started_at=_moment(segment.started),
        ended_at=_moment(segment.ended),
        path=segment.name,
        bytes=size,
        codec=segment.codec,
        playable=segment.playable,
        moved=segment.moved,
    )
    try:
        with transaction.atomic():
            Recording.objects.bulk_create([row], ignore_conflicts=True)
    except IntegrityError:  # the camera went meanwhile
        return False
    return True


def flag_recording(*, recording_id: UUID, flagged: bool, by: User) -> Recording:
    """Keep it for ever, or no longer. Raises NotFound where its time was over a moment ago."""
    with transaction.atomic():
        changed = Recording.objects.filter(pk=recording_id).exclude(flagged=flagged).update(flagged=flagged)
        recording: Recording | None = Recording.objects.filter(pk=recording_id).first()
        if recording is None:
            raise NotFound("There is no such recording any more.")
        if changed:
            trail.record("recording.flagged" if flagged else "recording.unflagged", by=by, target=recording)
    return recording


def recordings_of(event: Event) -> list[UUID]:
    """The recordings that show some of the event, oldest first; at most a hundred."""
    until = event.ended_at or timezone.now()
    # A segment is at most some minutes long: without a bound the index would be read from its beginning.
    recent = Recording.objects.filter(camera_id=event.camera_id, started_at__gt=event.started_at - LONGEST_SEGMENT)
    shown = recent.filter(started_at__lte=until, ended_at__gte=event.started_at).order_by("started_at", "id")
    return list(shown.values_list("pk", flat=True)[:100])


def adopt_segments(*, now: datetime | None = None) -> int:
    """Give rows to new files that have none, since the database was away or the worker was killed; how many.

    A file of a superseded worker is removed; one of a camera or a lease that is not known here, once it is as old as
    recordings get: another database may know it, where this one was restored from a backup or is the wrong one.
    """
    now = now or timezone.now()
    days = _new_days(now)
    return sum(_adopt_day(folder, now) for folder in _day_folders() if _day(folder) in days)


def adopt_all_segments(*, now: datetime | None = None) -> int:
    """The same for files of any age: who was to remove one may have been killed after its row went.

    Also removes what was half written on days that are over, and the folders of days of which nothing is left.
    """
    now = now or timezone.now()
    first_new, adopted = min(_new_days(now)), 0
    for folder in _day_folders():
        adopted += _adopt_day(folder, now)
        if _day(folder) < first_new:
            _tidy(folder)
    return adopted


def _adopt_day(folder: str, now: datetime) -> int:
    names = [f"{folder}/{name}" for name in _listed(folder)[1]]
    segments = {segment.segment_id: segment for name in names if (segment := Segment.of(name))}
    known = set(Recording.objects.filter(pk__in=segments).values_list("pk", flat=True))
    return sum(_adopt(segments[segment_id], now) for segment_id in segments.keys() - known)


def _adopt(segment: Segment, now: datetime) -> bool:
    try:
        written = default_storage.get_modified_time(segment.name)
        size = default_storage.size(segment.name)
    except FileNotFoundError:
        return False
    if written > now - ADOPT_AFTER:
        return False
    if not save_segment(segment, size=size, database_time=segment.ended / 1000):
        if leases.is_superseded(segment.camera_id, segment.epoch) or _is_past(segment, now):
            default_storage.delete(segment.name)
        return False
    if not default_storage.exists(segment.name):  # its row had gone so that it would
        Recording.objects.filter(pk=segment.segment_id).delete()
        return False
    return True


def _is_past(segment: Segment, now: datetime) -> bool:
    site_id = Camera.with_removed.filter(pk=segment.camera_id).values_list("site_id", flat=True).first()
    days = INSTANCE["recording_days"]() if site_id is None else kept_days(site_id, "recording_days")
    return _moment(segment.ended) < now - timedelta(days=days)


def _tidy(folder: str) -> None:
    folders, names = _listed(folder)
    drafts = [name for name in names if name.startswith(".")]
    for name in drafts:
        default_storage.delete(f"{folder}/{name}")
    if not folders and len(names) == len(drafts):
        default_storage.delete(folder)  # a no-op where the storage has no folders


def _new_days(now: datetime) -> set[str]:
    return {str((now - timedelta(days=back)).astimezone(UTC).date()) for back in range(ADOPT_DAYS)}


def _day_folders() -> Iterator[str]:
    for camera in _listed(FOLDER)[0]:
        for day in _listed(f"{FOLDER}/{camera}")[0]:
            yield f"{FOLDER}/{camera}/{day}"


def _day(folder: str) -> str:
    return folder.rpartition("/")[2]


def _listed(folder: str) -> tuple[list[str], list[str]]:
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return [], []
    return list(folders), list(files)


def _moment(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)
