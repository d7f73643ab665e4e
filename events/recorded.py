"""What of a camera was recorded, as people look for it; and what recording it would take."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db.models import Sum

from cameras.models import Camera, Health
from events.disk import media_disk
from events.models import Recording
from events.policies import kept_days
from events.recordings import LONGEST_SEGMENT

GAP = timedelta(seconds=2)
"""Between two segments that count as one span: a masked one ends with its last picture."""
DAY = 86_400
ENCODED_ANEW = (
    "That is what the camera sends: because of its privacy masks it is encoded anew to be recorded, "
    "which may take less or more."
)


@dataclass(frozen=True, slots=True)
class Span:
    """Recorded without a gap."""

    start: datetime
    end: datetime
    moved: bool


@dataclass(frozen=True, slots=True)
class Estimate:
    """What recording a camera all the time would take."""

    bytes_per_second: float | None
    """None before it was measured."""
    kept_days: int
    fitting_days: float | None
    """None where that is not known."""
    encoded_anew: bool
    """Whether what is recorded is not what was measured, which is what the camera sends."""

    @property
    def bytes_per_day(self) -> int | None:
        """As measured."""
        return None if self.bytes_per_second is None else round(self.bytes_per_second * DAY)

    @property
    def text(self) -> str:
        """Plain English."""
        if self.bytes_per_day is None:
            return "Not known yet: it is measured while the camera is watched."
        taken = f"About {_size(self.bytes_per_day)} a day, {_size(self.bytes_per_day * self.kept_days)} in all"
        text = f"{taken} for the {self.kept_days} days that recordings are kept."
        if self.encoded_anew:
            text = f"{text} {ENCODED_ANEW}"
        if self.fitting_days is None:
            return text
        if self.fitting_days < self.kept_days:
            return f"{text} There is room for {self.fitting_days:.1f} days only: the oldest will go earlier."
        return f"{text} There is room for that."


def spans_of_day(camera: Camera, day: date) -> list[Span]:
    """What was recorded on that day as the camera's site calls it; cut off at its ends."""
    start, end = day_at(camera, day)
    rows = Recording.objects.filter(camera=camera, started_at__gt=start - LONGEST_SEGMENT, started_at__lt=end)
    rows = rows.filter(ended_at__gt=start).order_by("started_at", "id")
    return list(_merged(rows.values_list("started_at", "ended_at", "moved"), start, end))


def day_at(camera: Camera, day: date) -> tuple[datetime, datetime]:
    """When that day begins and ends at the camera's site."""
    try:
        zone = ZoneInfo(camera.site.time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        zone = ZoneInfo("UTC")
    return datetime.combine(day, time(), zone), datetime.combine(day + timedelta(days=1), time(), zone)


def _merged(rows: Iterable[tuple[datetime, datetime, bool]], start: datetime, end: datetime) -> Iterable[Span]:
    """Neighbours in which something moved, or nothing did, as one; a still one next to a moving one apart."""
    span: Span | None = None
    for begins, ends, moved in rows:
        begins, ends = max(begins, start), min(ends, end)
        if span is not None and begins <= span.end + GAP and moved == span.moved:
            span = Span(span.start, max(span.end, ends), moved)
            continue
        if span is not None:
            yield span
        span = Span(begins, ends, moved)
    if span is not None:
        yield span


def estimate(camera: Camera) -> Estimate:
    """From what its source sends, the rules of its site, and the room there is now beside its own recordings."""
    measured = Health.objects.filter(camera=camera).values_list("bytes_per_second", flat=True).first() or None
    days = kept_days(camera.site_id, "recording_days")
    disk = media_disk()
    if not measured or disk is None:
        return Estimate(measured, days, None, bool(camera.masks))
    room = disk.room + _bytes_of(camera.pk)
    return Estimate(measured, days, round(room / (measured * DAY), 1), bool(camera.masks))


def _bytes_of(camera_id: UUID) -> int:
    """Of its own recordings, which go as new ones come."""
    return Recording.objects.filter(camera_id=camera_id, flagged=False).aggregate(all=Sum("bytes"))["all"] or 0


def _size(size: float) -> str:
    for unit in ("bytes", "kB", "MB", "GB", "TB"):
        if size < 1000 or unit == "TB":
            break
        size /= 1000
    return f"{size:.0f} {unit}" if size >= 10 or unit == "bytes" else f"{size:.1f} {unit}"
