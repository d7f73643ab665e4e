"""What goes when its time is over or the disk is full: recordings first, then clips; never events, never evidence.

Rows of recordings go before their files: no row names a missing file, and a file without a row is given one again and
goes the next time. A clip's event stays, without it.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
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


def make_room(measure: Callable[[], Disk | None] = media_disk) -> tuple[int, int]:
    """Where the media's disk is above its high watermark, bring it down to the low one; bytes of recordings and clips.

    Clips only go as far as the high watermark asks.
    """
    full = measure()
    if full is None or not full.excess:
        return 0, 0

    def now() -> Disk:
        return measure() or full

    recordings = _remove(partial(_remove_oldest, Recording.objects.all()), lambda: now().above_low, full.above_low)
    clips = _remove(_remove_clips, lambda: now().above_high, full.above_high - recordings)
    log.warning("The disk is nearly full: %d bytes of recordings and %d of clips were removed.", recordings, clips)
    return recordings, clips


def retire_recordings(*, now: datetime | None = None) -> int:
    """Remove the recordings that their sites keep no longer; how many bytes."""
    removed = 0
    for sites, before in cutoffs("recording_days", now or timezone.now()):
        removed += remove_recordings(Recording.objects.filter(sites, started_at__lt=before, ended_at__lt=before))
    return removed


def remove_recordings(rows: QuerySet[Recording]) -> int:
    """Remove those of them that are no evidence; how many bytes."""
    return _remove(partial(_remove_oldest, rows), lambda: sys.maxsize, sys.maxsize)


def _remove(remove: Callable[[int], int | None], missing: Callable[[], int], most: int) -> int:
    """Call `remove` with what is missing as long as it finds something; how many bytes it removed.

    What is missing is asked for each time, as others make room too. `most` is what was missing at first: a file system
    may be late to say what it has free.
    """
    removed = 0
    while (wanted := min(missing(), most - removed)) > 0 and (size := remove(wanted)) is not None:
        removed += size
    return removed


def _remove_oldest(rows: QuerySet[Recording], at_least: int) -> int | None:
    """Of those that are no evidence, a hundred or that many bytes; how many bytes, None where there is none."""
    removed, paths = 0, {}
    oldest = rows.filter(flagged=False).order_by("started_at", "id")
    for pk, path, size in oldest.values_list("pk", "path", "bytes")[:BATCH]:
        paths[pk] = path
        removed += size
        if removed >= at_least:
            break
    in_steps(list(paths), lambda ids: _remove_unflagged(ids, paths))
    return removed if paths else None


def _remove_unflagged(ids: Sequence[UUID], paths: dict[UUID, str]) -> None:
    """These, but for one that was flagged just now."""
    Recording.objects.filter(pk__in=ids, flagged=False).delete()
    kept = set(Recording.objects.filter(pk__in=ids).values_list("pk", flat=True))
    gone = [pk for pk in ids if pk not in kept]
    for pk in gone:
        default_storage.delete(paths[pk])
    Recording.objects.filter(pk__in=gone).delete()  # a file that had none may have been given a row in between


def _remove_clips(at_least: int) -> int | None:
    """The oldest, twenty or that many bytes; how many bytes, None where there is none."""
    removed = 0
    with_clip = Event.objects.filter(flagged=False, ended_at__isnull=False).exclude(clip_path="")
    oldest = list(with_clip.order_by("started_at", "id").values_list("pk", "clip_path")[:20])
    for pk, path in oldest:
        if removed >= at_least:
            break
        if Event.objects.filter(pk=pk, flagged=False).update(clip_path=""):
            removed += _size(path)
            default_storage.delete(path)
    return removed if oldest else None


def _size(path: str) -> int:
    try:
        size: int = default_storage.size(path)
    except FileNotFoundError:
        return 0
    return size
