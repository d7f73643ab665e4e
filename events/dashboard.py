"""The first page of the administration: cameras by health, events by day, precision by camera.

All of it is of the sites that the one who looks manages.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncDate
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from cameras.admin_filters import COLOURS
from cameras.health import CameraHealth, State, health_of, with_health
from cameras.models import Camera
from events.models import Event, Severity, Status
from project.accounts.models import Role
from project.administration import label, manages_something

DAYS = 14
PRECISION_DAYS = 30
MOST_ROWS = 12
_BARS = {
    "low": "var(--color-primary-300)",
    "medium": "var(--color-primary-500)",
    "high": "var(--color-primary-700)",
    "critical": "#dc2626",
}


_AXIS = {"stacked": True, "grid": {"tickWidth": 0}}
_CHART = {
    "responsive": True,
    "maintainAspectRatio": False,
    "scales": {"x": _AXIS, "y": {**_AXIS, "ticks": {"precision": 0}}},
    "plugins": {"legend": {"position": "bottom", "labels": {"boxWidth": 12}}},
}


@dataclass(frozen=True, slots=True)
class Precision:
    """What people made of a camera's alarms."""

    camera: str
    site: str
    confirmed: int
    dismissed: int

    @property
    def percent(self) -> int:
        """Of those that were decided, how many were real."""
        return round(100 * self.confirmed / (self.confirmed + self.dismissed))


def show(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """The context of the page."""
    if not manages_something(request.user):
        return context
    events = Event.objects.for_user(request.user, at_least=Role.MANAGER)
    cameras: Any = with_health(Camera.objects.for_user(request.user, at_least=Role.MANAGER))
    healths = [(camera, health_of(camera, now=camera.database_now)) for camera in cameras]
    return context | {
        "cameras_by_state": _by_state(Counter(health.state for _, health in healths)),
        "in_trouble": _in_trouble(healths),
        "events_by_day": json.dumps(_by_day(events)),
        "chart_options": json.dumps(_CHART),
        "precision": _table(_precision(events)),
        "waiting": events.filter(status=Status.NEW).count(),
        "waiting_link": reverse("admin:events_event_changelist") + "?status__exact=new",
        "chart_title": f"Events of the last {DAYS} days (UTC)",
        "precision_title": f"Precision by camera: real alarms of those decided in the last {PRECISION_DAYS} days",
    }


def _by_state(counted: Counter[State]) -> list[dict[str, Any]]:
    address = reverse("admin:cameras_camera_changelist")
    return [
        {"label": label(state, colour), "count": counted[state], "link": f"{address}?state={state}"}
        for state, colour in COLOURS.items()
        if counted[state]
    ]


def _in_trouble(healths: list[tuple[Camera, CameraHealth]]) -> dict[str, Any]:
    """Those that somebody should look at, with why."""
    rows = [
        [_link("admin:cameras_camera_change", camera), camera.site.name, label(health.state, colour), health.detail]
        for camera, health in healths
        if (colour := COLOURS[health.state]) in ("warning", "danger")
    ]
    return {"headers": ["camera", "site", "state", "why"], "rows": rows[:MOST_ROWS]}


def _by_day(events: QuerySet[Event]) -> dict[str, Any]:
    """For the chart: a bar a day (UTC), the severities upon one another."""
    today = timezone.now().date()
    days = [today - timedelta(days=ago) for ago in reversed(range(DAYS))]
    begin = datetime.combine(days[0], time.min, UTC)
    rows = events.filter(started_at__gte=begin).annotate(day=TruncDate("started_at", tzinfo=UTC))
    counted = {(row["day"], row["severity"]): row["count"] for row in _counts(rows)}
    sets = [
        {
            "label": severity.label,
            "data": [counted.get((day, severity.value), 0) for day in days],
            "backgroundColor": _BARS[severity.value],
            "stack": "events",
        }
        for severity in Severity
    ]
    return {"labels": [f"{day:%d %b}" for day in days], "datasets": sets}


def _counts(rows: QuerySet[Any]) -> Any:
    return rows.order_by().values("day", "severity").annotate(count=Count("pk"))


def _precision(events: QuerySet[Event]) -> list[Precision]:
    """Of the cameras with decided events, the least precise first."""
    recent = events.filter(started_at__gte=timezone.now() - timedelta(days=PRECISION_DAYS))
    decided = recent.filter(status__in=(Status.RESOLVED, Status.DISMISSED)).order_by()
    counted = decided.values("camera__name", "site__name").annotate(
        confirmed=Count("pk", filter=Q(status=Status.RESOLVED)),
        dismissed=Count("pk", filter=Q(status=Status.DISMISSED)),
    )
    rows = [Precision(row["camera__name"], row["site__name"], row["confirmed"], row["dismissed"]) for row in counted]
    return sorted(rows, key=lambda row: (row.percent, -row.dismissed))


def _table(rows: list[Precision]) -> dict[str, Any]:
    shown = [[row.camera, row.site, f"{row.percent} %", row.confirmed, row.dismissed] for row in rows[:MOST_ROWS]]
    return {"headers": ["camera", "site", "precision", "real", "false alarms"], "rows": shown}


def _link(name: str, camera: Camera) -> SafeString:
    return format_html(
        '<a class="font-semibold hover:underline" href="{}">{}</a>', reverse(name, args=[camera.pk]), camera
    )
