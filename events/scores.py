"""The surprise of every second: kept as 60 numbers a minute, read back as a curve."""

from __future__ import annotations

import math
import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from events.models import ScoreMinute

_FLOATS = struct.Struct("<60f")
_NO_FLOATS = _FLOATS.pack(*[math.nan] * 60)
_NO_PLACES = bytes(120)


@dataclass(frozen=True, slots=True)
class SecondScore:
    """The peak of one second of one camera."""

    second: int
    """Seconds since 1970, whole."""
    peak: float
    """Surprise, 0 and up."""
    threshold: float
    """As it held then."""
    place: tuple[float, float] | None = None
    """x and y of the peak, 0..1."""


@dataclass(frozen=True, slots=True)
class Curve:
    """Scores second by second from `start` (seconds since 1970); None where nothing was scored."""

    start: int
    scores: list[float | None]
    thresholds: list[float | None]


def save_scores(camera_id: UUID, scores: Sequence[SecondScore]) -> None:
    """Add the scores of a camera to its history.

    A second told twice keeps the higher peak, so two workers that share a minute at a takeover, or one that repeats
    itself, lose nothing and double nothing. Short: one row per minute touched.
    """
    minutes: dict[int, list[SecondScore]] = {}
    for score in scores:
        minutes.setdefault(score.second // 60, []).append(score)
    for minute, given in sorted(minutes.items()):
        with transaction.atomic():
            empty = ScoreMinute(
                camera_id=camera_id, minute=minute, peaks=_NO_FLOATS, thresholds=_NO_FLOATS, places=_NO_PLACES
            )
            ScoreMinute.objects.bulk_create([empty], ignore_conflicts=True)
            row = ScoreMinute.objects.select_for_update().get(camera_id=camera_id, minute=minute)
            _merge(row, given)
            row.save(update_fields=["peaks", "thresholds", "places"])


def read_scores(camera_id: UUID, start: datetime, end: datetime) -> Curve:
    """The curve of a camera from `start` to `end`, both included, in whole seconds."""
    first, last = int(start.timestamp()), int(end.timestamp())
    length = last - first + 1
    peaks: list[float | None] = [None] * length
    thresholds: list[float | None] = [None] * length
    rows = ScoreMinute.objects.filter(camera_id=camera_id, minute__range=(first // 60, last // 60))
    for row in rows:
        offset = row.minute * 60 - first
        _lay(peaks, offset, _FLOATS.unpack(row.peaks))
        _lay(thresholds, offset, _FLOATS.unpack(row.thresholds))
    return Curve(first, peaks, thresholds)


def _merge(row: ScoreMinute, given: Iterable[SecondScore]) -> None:
    peaks, thresholds = list(_FLOATS.unpack(row.peaks)), list(_FLOATS.unpack(row.thresholds))
    places = bytearray(row.places)
    for score in given:
        index = score.second % 60
        if math.isnan(peaks[index]) or score.peak > peaks[index]:
            peaks[index], thresholds[index] = score.peak, score.threshold
            places[2 * index : 2 * index + 2] = _place(score.place)
    row.peaks, row.thresholds = _FLOATS.pack(*peaks), _FLOATS.pack(*thresholds)
    row.places = bytes(places)


def _place(place: tuple[float, float] | None) -> bytes:
    if place is None:
        return b"\0\0"
    # 1 at least: 0 0 means no place.
    return bytes(min(255, max(1, round(255 * part))) for part in place)


def _lay(curve: list[float | None], offset: int, values: Iterable[float]) -> None:
    """Put the values of a minute where they belong in the curve, as far as they lie in it."""
    for index, value in enumerate(values, start=offset):
        if 0 <= index < len(curve) and math.isfinite(value):
            curve[index] = round(value, 4)
