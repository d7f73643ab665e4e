"""Sink: the worker's side of the database and of the media storage. With `tasks`, all that touches Django in here.

Loops and threads call these plain functions; each leaves no connection behind but in the thread that writes events.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID, uuid4

from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.db import (
    DatabaseError,
    DataError,
    IntegrityError,
    InterfaceError,
    close_old_connections,
    connection,
    transaction,
)

from cameras import leases, services
from cameras.geometry import parse_polygon, parse_zone
from cameras.models import Camera, MemorySnapshot
from events import disk
from events.feedback import features_kept, features_of, patterns_of
from events.models import Event, Status
from events.records import EventRecord
from events.scores import SecondScore, read_scores, save_scores
from events.services import WriteResult, open_event_of
from events.services import write_records as write_event_records
from events.writer import moment
from inference.files import name_durably
from inference.history import SecondPeak
from inference.types import CameraSettings, LoopStatus, OpenEvent, Zone


def renew_connection() -> None:
    """Drop this thread's connection if it broke or is old; the next query makes a new one."""
    if not connection.in_atomic_block:  # a test's transaction
        close_old_connections()


@contextmanager
def passing_connection() -> Iterator[None]:
    """For a thread that seldom asks: it has no connection the rest of the time."""
    renew_connection()
    try:
        yield
    finally:
        if not connection.in_atomic_block:
            connection.close()


def write_records(records: Sequence[EventRecord]) -> WriteResult:
    """Write a batch. Raises what the database raises; the next call has a new connection if this one broke."""
    renew_connection()
    return write_event_records(records)


def is_passing(error: Exception) -> bool:
    """Whether the database may take the same record later: it is away, locked, full or not migrated yet."""
    return isinstance(error, DatabaseError | InterfaceError) and not isinstance(error, IntegrityError | DataError)


def make_durable() -> bool:
    """Have all that is committed survive a power cut; false if that is not possible at this moment.

    PostgreSQL's commits do already. SQLite's are in the write-ahead log, not synced, until it is copied to the
    database: only when all of it is, the spool may forget.
    """
    if connection.vendor != "sqlite":
        return True
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(PASSIVE)")
        busy, pages, copied = cursor.fetchone()
    return not busy and pages == copied


def load_settings(camera_id: UUID) -> CameraSettings:
    """A camera as its row has it. Raises Camera.DoesNotExist."""
    with passing_connection():
        camera: Camera = Camera.objects.select_related("site").get(pk=camera_id)
    return CameraSettings(
        camera_id=camera.id,
        site_id=camera.site_id,
        name=camera.name,
        source=camera.source,
        analysis_source=camera.analysis_source,
        analysis_fps=camera.analysis_fps,
        live_fps=camera.live_fps,
        alarm_budget=camera.alarm_budget,
        zones=tuple(Zone(*parse_zone(zone)) for zone in camera.zones),
        masks=tuple(parse_polygon(mask) for mask in camera.masks),
        eye=camera.eye,
        recording=camera.recording,  # type: ignore[arg-type]  # one of its choices
        time_zone=camera.site.time_zone,
        version=camera.settings_version,
        memory_version=camera.memory_version,
    )


def open_events(camera_id: UUID, epoch: int) -> list[OpenEvent]:
    """The events of the camera that are open, and from now on this epoch's to carry on."""
    with passing_connection():
        rows = open_event_of(camera_id, epoch)
    return [OpenEvent(row.event_id, row.category, row.started_at, row.peak) for row in rows]


def load_memory(camera_id: UUID, fingerprint: str) -> bytes | None:
    """The newest Memory saved for this eye, None where there is none."""
    with passing_connection():
        saved = MemorySnapshot.objects.filter(camera_id=camera_id, fingerprint=fingerprint).first()
    if saved is None or not default_storage.exists(saved.path):
        return None
    with default_storage.open(saved.path) as file:
        content: bytes = file.read()
    return content


def load_patterns(camera_id: UUID) -> list[bytes]:
    """What the camera's false alarms were scored from, oldest first; see `inference.stored`."""
    with passing_connection():
        return patterns_of(camera_id)


def load_features(event_id: UUID) -> bytes | None:
    """What an event was scored from; None where that is not kept."""
    with passing_connection():
        return features_of(event_id)


def store_features(name: str, content: bytes, event_id: UUID) -> str:
    """Keep under that name what an event was scored from, in the place of what is there. Returns the name."""
    store_media(name, content)
    with passing_connection():
        features_kept(event_ids=[event_id])
    return name


def load_scores(camera_id: UUID, since: float, until: float) -> tuple[int, list[float | None], list[float | None]]:
    """The first second, and the peak and the threshold of each second from it; None where there is none."""
    with passing_connection():
        curve = read_scores(camera_id, moment(since), moment(until))
    return curve.start, curve.scores, curve.thresholds


def load_past_events(camera_id: UUID, since: float) -> dict[UUID, tuple[float, float]]:
    """From when to when the ended events were that nobody called a false alarm."""
    with passing_connection():
        events = Event.objects.filter(camera_id=camera_id, started_at__gte=moment(since), ended_at__isnull=False)
        spans = events.exclude(status=Status.DISMISSED).values_list("pk", "started_at", "ended_at")
        return {pk: (start.timestamp(), end.timestamp()) for pk, start, end in spans if end}


def load_confirmed(camera_id: UUID, since: float) -> list[tuple[float, float]]:
    """From when to when the ended events were of which somebody said that they were real."""
    with passing_connection():
        events = Event.objects.filter(camera_id=camera_id, started_at__gte=moment(since), ended_at__isnull=False)
        spans = events.filter(status=Status.RESOLVED).values_list("started_at", "ended_at")
        return [(start.timestamp(), end.timestamp()) for start, end in spans if end]


def save_memory(
    *, camera_id: UUID, epoch: int, memory_version: int, fingerprint: str, content: bytes, learned_seconds: float
) -> bool:
    """Keep what a camera has learned; false where another worker has it by now, or it was replaced from outside."""
    path = store_media(f"memories/{camera_id}/{epoch}-{memory_version}.memory", content)
    with passing_connection():
        before = _memory_path(camera_id)
        saved = services.save_memory_snapshot(
            camera_id=camera_id,
            epoch=epoch,
            memory_version=memory_version,
            fingerprint=fingerprint,
            path=path,
            learned_seconds=learned_seconds,
        )
    kept, unused = (path, before) if saved else (before, path)
    if unused and unused != kept:
        default_storage.delete(unused)
    return saved


def replace_memory(*, camera_id: UUID, fingerprint: str, content: bytes, learned_seconds: float) -> None:
    """Give a camera a Memory learned elsewhere; the loop that runs it takes it up with its next heartbeat."""
    path = store_media(f"memories/{camera_id}/learned-{uuid4()}.memory", content)
    with passing_connection():
        before = _memory_path(camera_id)
        services.replace_memory(
            camera_id=camera_id, fingerprint=fingerprint, path=path, learned_seconds=learned_seconds
        )
    if before:
        default_storage.delete(before)


def _memory_path(camera_id: UUID) -> str | None:
    return MemorySnapshot.objects.filter(camera_id=camera_id).values_list("path", flat=True).first()


def save_history(camera_id: UUID, peaks: Sequence[SecondPeak]) -> None:
    """Add to a camera's curve of scores."""
    scores = [SecondScore(each.second, each.surprise, each.threshold, each.place) for each in peaks]
    save_scores(camera_id, scores)


def report_health(reports: Sequence[tuple[UUID, int, LoopStatus]]) -> None:
    """Write down how loops are: (camera, epoch, status)."""
    renew_connection()
    with transaction.atomic():
        for camera_id, epoch, status in reports:
            services.report_health(
                camera_id=camera_id,
                epoch=epoch,
                state=status.state,
                since=status.since,
                detail=status.detail,
                progress=status.progress,
                frames_per_second=status.frames_per_second,
                last_frame_at=status.last_frame_at,
                dropped=status.dropped,
                threshold=status.threshold,
                provisional=status.provisional,
                trusted_in=status.trusted_in,
                bytes_per_second=status.bytes_per_second,
            )


def release_leases(owner: str) -> int:
    """Give up all leases of a worker that leaves or is dead."""
    renew_connection()
    return leases.release(owner)


def has_media(name: str) -> bool:
    """Whether something is in the media storage under that name."""
    return default_storage.exists(name)


def store_media(name: str, content: bytes | Path) -> str:
    """Put bytes, or a file that is then ours no more, under `name` into the media storage, whole or not at all.

    What was there under that name is replaced. Returns the name.
    """
    try:
        target = Path(default_storage.path(name))
    except NotImplementedError:  # a storage elsewhere
        return _store_elsewhere(name, content)
    if isinstance(content, Path):
        disk.refuse_clips_when_full()
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        if isinstance(content, bytes):
            draft.write_bytes(content)
        else:
            shutil.copyfile(content, draft) if _far(content, target) else content.rename(draft)
        name_durably(draft, target)
    finally:
        draft.unlink(missing_ok=True)
    if isinstance(content, Path):
        content.unlink(missing_ok=True)
    return name


def _store_elsewhere(name: str, content: bytes | Path) -> str:
    default_storage.delete(name)
    if isinstance(content, bytes):
        return default_storage.save(name, ContentFile(content))
    with content.open("rb") as file:
        saved = default_storage.save(name, File(file))
    content.unlink()
    return saved


def _far(file: Path, target: Path) -> bool:
    """Whether a file lies on another file system than where it shall go."""
    return file.stat().st_dev != target.parent.stat().st_dev
