"""What leaves Vigil, over REST: for managers, and never before the audit trail has it."""

from __future__ import annotations

from collections import Counter
from typing import cast

from django.db.models import Prefetch, QuerySet
from django.http import StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import PermissionDenied
from rest_framework.generics import GenericAPIView
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request

from events.exports import export_event, folder_of
from events.exports_csv import events_to_export, export_csv
from events.filters import EventFilter
from events.models import Event, EventTransition
from events.views import AnyAccept
from project.accounts.models import Role, User
from project.accounts.permissions import ManagersChange, ManagersSomewhere
from project.accounts.rights import role_in
from project.audit import trail
from project.streaming import stream


class EventExportView(GenericAPIView[Event]):
    """An event as a package of evidence."""

    http_method_names = ("get", "options")
    content_negotiation_class = AnyAccept
    pagination_class = None
    queryset = Event.objects.none()

    @extend_schema(
        summary="The clip, the pictures and all that is known of an event, with SHA-256 sums, as a ZIP",
        operation_id="events_export",
        responses={(200, "application/zip"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, pk: str) -> StreamingHttpResponse:
        """For managers of its site. `sha256sum -c SHA256SUMS` checks it; the README.txt in it says more."""
        timeline = EventTransition.objects.select_related("by").order_by("sequence")
        events = Event.objects.for_user(request.user).select_related("camera", "site", "acknowledged_by")
        event: Event = get_object_or_404(events.prefetch_related(Prefetch("transitions", timeline)), pk=pk)
        if role_in(event.site_id, request.user) < Role.MANAGER:
            raise PermissionDenied(ManagersChange.message)
        pieces = export_event(event=event, by=cast(User, request.user))
        filename = f"{folder_of(event)}.zip"
        return stream(request._request, pieces, content_type="application/zip", filename=filename)


class EventCsvView(GenericAPIView[Event]):
    """The list of events as a table."""

    http_method_names = ("get", "options")
    permission_classes = (IsAuthenticated, ManagersSomewhere)
    content_negotiation_class = AnyAccept
    filterset_class = EventFilter
    pagination_class = None
    queryset = Event.objects.none()

    def get_queryset(self) -> QuerySet[Event]:
        """Those of the sites that the asker manages."""
        return Event.objects.for_user(self.request.user, at_least=Role.MANAGER)

    @extend_schema(
        summary="The events of the sites I manage as CSV, the newest first, 100,000 at most",
        operation_id="events_export_csv",
        filters=True,
        responses={(200, "text/csv"): OpenApiTypes.STR},
    )
    def get(self, request: Request) -> StreamingHttpResponse:
        """Filtered like the list. UTF-8 with a byte order mark; the header X-Truncated says whether there are more."""
        sites, more = events_to_export(self.filter_queryset(self.get_queryset()))
        filters = {name: request.query_params.getlist(name) for name in request.query_params}
        for site_id, rows in (Counter(sites.values()) or {None: 0}).items():
            trail.record(
                "events.exported", by=cast(User, request.user), site=site_id, details={"rows": rows, "filters": filters}
            )
        filename = f"vigil-events-{timezone.now():%Y%m%dT%H%M%SZ}.csv"
        response = stream(
            request._request,
            export_csv(list(sites), self.get_queryset),
            content_type="text/csv; charset=utf-8; header=present",
            filename=filename,
        )
        response["X-Truncated"] = str(more).lower()
        return response
