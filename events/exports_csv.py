"""A list of events as CSV that a spreadsheet opens safely.

* RFC 4180: comma, CRLF, quotes doubled; UTF-8 with a mark at its beginning, without which Excel garbles Korean.
* A cell that a spreadsheet would take for a formula gets an apostrophe.
* Times are ISO 8601 in UTC.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Generator, Iterator, Sequence
from datetime import UTC, datetime
from uuid import UUID

from django.db.models import QuerySet

from events.models import Event, EventTransition
from project.tables import MARK, lines_of

MOST_ROWS = 100_000
STEP = 500
"""Rows that are read and sent at a time; their ids alone are all in memory, 10 MB at most."""
HEADER = (
    *("id", "site", "camera", "category", "severity", "status", "score", "threshold", "provisional"),
    *("started_at", "peak_at", "ended_at", "acknowledged_by", "reasons", "notes"),
)


def events_to_export(events: QuerySet[Event]) -> tuple[dict[UUID, int], bool]:
    """The events of the list with their sites, the newest first, MOST_ROWS at most; and if there are others."""
    newest = events.order_by("-started_at", "-id").prefetch_related(None)
    rows = list(newest.values_list("pk", "site_id")[: MOST_ROWS + 1])
    return dict(rows[:MOST_ROWS]), len(rows) > MOST_ROWS


def export_csv(ids: Sequence[UUID], readable: Callable[[], QuerySet[Event]]) -> Generator[bytes, None, None]:
    """The rows of these events in this order. `readable` is asked at each step: what was removed meanwhile, or may not
    be seen any more by who reads slowly, is left out.
    """
    yield MARK + lines_of([HEADER])
    for start in range(0, len(ids), STEP):
        yield lines_of(_rows(ids[start : start + STEP], readable()))


def _rows(ids: Sequence[UUID], events: QuerySet[Event]) -> Iterator[Sequence[object]]:
    found = events.filter(pk__in=ids).select_related("camera", "site", "acknowledged_by").in_bulk()
    notes: dict[UUID, list[str]] = defaultdict(list)
    told = EventTransition.objects.filter(event_id__in=found, by__isnull=False).exclude(note="").order_by("sequence")
    for event_id, note in told.values_list("event_id", "note"):
        notes[event_id].append(note)
    for pk in ids:
        if event := found.get(pk):
            yield _row(event, notes[pk])


def _row(event: Event, notes: Sequence[str]) -> Sequence[object]:
    reasons = "; ".join(str(reason.get("text", "")) for reason in event.reasons)
    by = event.acknowledged_by
    return (
        *(event.pk, event.site.name, event.camera.name, event.category, event.severity),
        *(event.status, event.score, event.threshold, str(event.provisional).lower()),
        *(_time(moment) for moment in (event.started_at, event.peak_at, event.ended_at)),
        *(by.username if by else "", reasons, "; ".join(notes)),
    )


def _time(moment: datetime | None) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z") if moment else ""
