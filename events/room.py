"""What goes when its time is over or the disk is full: recordings first, then clips; never events, never evidence.

Rows of recordings go before their files: no row names a missing file, and a file without a row is given one again and
goes the next time. A clip's event stays, without it.
"""

from __future__ import annotations

import logging
from datetime import datetime
from uuid import UUID

from django.core.files.storage import default_storage
from django.db.models import QuerySet
from django.utils import timezone

from events.disk import Disk, media_disk
from events.models import Event, Recording
from events.policies import cutoffs
from events.steps import in_steps

log = logging.getLogger(__name__)

BATCH = 100


def make_room(disk: Disk | None = None) -> tuple[int, int]:
    """Where the media's disk is above its high watermark, bring it down to the low one; bytes of recordings and clips.

    Clips only go as far as the high watermark asks.
    """
    disk = disk or media_disk()
    if disk is None or not disk.excess:
        return 0, 0
    recordings = remove_recordings(Recording.objects.all(), at_least=disk.excess)
    clips = _remove_clips(disk.above_high - recordings)
    log.warning("The disk is nearly full: %d bytes of recordings and %d of clips were removed.", recordings, clips)
    return recordings, clips


def retire_recordings(*, now: datetime | None = None) -> int:
    """Remove the recordings that their sites keep no longer; how many bytes."""
    removed = 0
    for sites, before in cutoffs("recording_days", now or timezone.now()):
        removed += remove_recordings(Recording.objects.filter(sites, started_at__lt=before, ended_at__lt=before))
    return removed


def remove_recordings(rows: QuerySet[Recording], *, at_least: int | None = None) -> int:
    """Remove the oldest of these that are no evidence, all of them or that many bytes; how many bytes."""
    removed = 0
    oldest = rows.filter(flagged=False).order_by("started_at", "id")
    while at_least is None or removed < at_least:
        batch: list[tuple[UUID, str, int]] = []
        for row in oldest.values_list("pk", "path", "bytes")[:BATCH]:
            batch.append(row)
            removed += row[2]
            if at_least is not None and removed >= at_least:
                break
        if not batch:
            break
        paths = {pk: path for pk, path, _ in batch}
        in_steps(list(paths), lambda ids, paths=paths: _remove(ids, paths))  # type: ignore[misc]
    return removed


def _remove(ids: list[UUID], paths: dict[UUID, str]) -> None:
    """These, but for one that was flagged just now."""
    Recording.objects.filter(pk__in=ids, flagged=False).delete()
    kept = set(Recording.objects.filter(pk__in=ids).values_list("pk", flat=True))
    for pk in ids:
        if pk not in kept:
            default_storage.delete(paths[pk])


def _remove_clips(at_least: int) -> int:
    """Remove clips, the oldest first, until so many bytes are gone; how many were."""
    removed = 0
    with_clip = Event.objects.filter(flagged=False, ended_at__isnull=False).exclude(clip_path="")
    while removed < at_least:
        oldest = list(with_clip.order_by("started_at", "id").values_list("pk", "clip_path")[:20])
        if not oldest:
            break
        for pk, path in oldest:
            if removed >= at_least:
                break
            if Event.objects.filter(pk=pk, flagged=False).update(clip_path=""):
                removed += _size(path)
                default_storage.delete(path)
    return removed


def _size(path: str) -> int:
    try:
        size: int = default_storage.size(path)
    except FileNotFoundError:
        return 0
    return size
