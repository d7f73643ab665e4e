"""What a list of events can be narrowed to, and its two orders."""

from __future__ import annotations

from itertools import product
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import QuerySet
from django_filters import rest_framework as filters
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from cameras.models import Camera
from events.models import Event, Severity, Status
from events.moments import MOMENTS
from project.accounts.rights import sees_every_site, sites_of
from project.pagination import LARGEST, NewestFirst, is_number

MOST_PARTS = 40
"""Above so many, asking for each takes longer than a planner's worst guess."""


class WholeNumberFilter(filters.Filter):
    """A number from 0 that a database column can hold: a larger one would overflow in SQLite."""

    field_class = forms.IntegerField

    def __init__(self, **options: Any) -> None:
        super().__init__(min_value=0, max_value=LARGEST, **options)


class EventFilter(filters.FilterSet):
    """All that is given must hold; a status or severity given several times means any of them."""

    camera = filters.UUIDFilter(method="of_camera")
    site = WholeNumberFilter(field_name="site_id")
    status = filters.MultipleChoiceFilter(choices=Status.choices)
    severity = filters.MultipleChoiceFilter(choices=Severity.choices)
    category = filters.CharFilter(max_length=40)
    started_after = filters.IsoDateTimeFilter(field_name="started_at", lookup_expr="gte", validators=MOMENTS)
    started_before = filters.IsoDateTimeFilter(field_name="started_at", lookup_expr="lt", validators=MOMENTS)
    since = WholeNumberFilter(
        method="changed_since",
        help_text="Events of one `site` that changed after this sequence number, in the order of their last change.",
    )

    class Meta:
        model = Event
        fields: tuple[str, ...] = ()

    def of_camera(self, queryset: QuerySet[Event], name: str, value: UUID) -> QuerySet[Event]:
        """None of a foreign camera: without asking first, all its events would be read to show none."""
        if self.request and not Camera.with_removed.for_user(self.request.user).filter(pk=value).exists():
            return queryset.none()
        return queryset.filter(camera_id=value)

    def changed_since(self, queryset: QuerySet[Event], name: str, value: int) -> QuerySet[Event]:
        """Numbers count per site, so one must be named."""
        if self.form.cleaned_data.get("site") is None:
            raise ValidationError({"since": ["Name the site as well: its changes are numbered on their own."]})
        return queryset.filter(sequence__gt=value)


class EventPages(NewestFirst):
    """The newest event first; with `since`, the oldest change first."""

    ordering = ("-started_at", "-id")

    def get_ordering(self, request: Request, queryset: Any, view: Any) -> tuple[str, ...]:
        """By change where changes are asked for: then the last one seen is the next `since`."""
        return ("sequence",) if "since" in request.query_params else self.ordering

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any] | None:
        """A page, merged from those of its parts: one site, one status and one severity each.

        An index has the newest events of a part in order, but of no two parts together, and a planner that guesses
        wrong sorts a million rows.
        """
        parts = [] if "since" in request.query_params else _parts(request)
        if 1 < len(parts) <= MOST_PARTS:
            queryset = queryset.filter(pk__in=self._candidates(queryset, request, parts))
        return super().paginate_queryset(queryset, request, view)

    def _candidates(self, queryset: QuerySet[Event], request: Request, parts: list[dict[str, Any]]) -> list[UUID]:
        """The events of each part that could be on the page the cursor speaks of."""
        cursor = self.decode_cursor(request)
        offset, backwards, position = cursor or (0, False, None)
        order = ("started_at", "id") if backwards else self.ordering
        queryset = queryset.order_by(*order).prefetch_related(None)
        if position is not None:
            queryset = queryset.filter(**{"started_at__gt" if backwards else "started_at__lt": position})
        wanted = offset + (self.get_page_size(request) or 0) + 1
        pages = (queryset.filter(**part).values_list("pk", flat=True)[:wanted] for part in parts)
        return [pk for page in pages for pk in page]

    def is_position(self, text: str, request: Request) -> bool:
        """A number of a change, or a moment."""
        return is_number(text) if "since" in request.query_params else super().is_position(text, request)


def _parts(request: Request) -> list[dict[str, Any]]:
    """What is asked for as conditions of which each is a prefix of an index; together they leave nothing out."""
    params = request.query_params
    statuses = [{"status": status} for status in sorted(set(params.getlist("status")))]
    severities = [{"severity": severity} for severity in sorted(set(params.getlist("severity")))]
    narrow = statuses or severities or params.get("category")
    sites: list[dict[str, Any]] = []
    if not ("site" in params or "camera" in params) and (narrow or not sees_every_site(request.user)):
        sites = [{"site_id": pk} for pk in sites_of(request.user).values_list("pk", flat=True)]
    chosen = product(sites or [{}], statuses or [{}], severities or [{}])
    return [site | status | severity for site, status, severity in chosen]
