"""States of cameras in the administration: their colours, and a filter by them."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from cameras.health import STATES, State, health_of
from cameras.models import Camera

COLOURS: dict[State, str] = {
    "watching": "success",
    "learning": "info",
    "connecting": "info",
    "waiting": "warning",
    "stalled": "danger",
    "offline": "danger",
    "failed": "danger",
    "stopped": "",
}
"""Of states, as `project.administration.label` knows them."""


class StateFilter(admin.SimpleListFilter):
    """How they are now, which no column says."""

    title, parameter_name = "state", "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """All there are."""
        return [(state, state) for state in STATES]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Camera]) -> QuerySet[Camera]:
        """Each of them asked."""
        if self.value() is None:
            return queryset
        cameras: Any = queryset
        found = [camera.pk for camera in cameras if health_of(camera, now=camera.database_now).state == self.value()]
        return queryset.filter(pk__in=found)
