"""Events over REST: who may see one is decided by `for_user`, who may change it by the role."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast
from uuid import UUID

from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import viewsets
from rest_framework.decorators import action
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from events import flags, services
from events.curve import curve_of
from events.filters import EventFilter, EventPages
from events.media import serve
from events.models import Event, EventTransition
from events.records import HEAT, USUAL
from events.serializers import (
    ActionSerializer,
    EventDetailSerializer,
    EventSerializer,
    NoteSerializer,
    ScoresSerializer,
)
from events.watching import note_clip_opened
from project.accounts.models import User
from project.accounts.permissions import OperatorsChange


class AnyAccept(BaseContentNegotiation):
    """For media, whose type is what it is, whatever a player says it accepts."""

    def select_renderer(self, request: Request, renderers: Any, format_suffix: str | None = None) -> Any:
        """The first, for errors."""
        return renderers[0], renderers[0].media_type

    def select_parser(self, request: Request, parsers: Any) -> Any:
        """The first: nothing is sent here."""
        return parsers[0]


def _change(serializer: type[Any] = ActionSerializer) -> Callable[..., Any]:
    """What all changes that a person makes have in common."""
    schema = extend_schema(request=serializer, responses={200: EventDetailSerializer})
    return lambda method: schema(action(detail=True, methods=["post"], serializer_class=serializer)(method))


@extend_schema_view(
    list=extend_schema(summary="The events of my sites, the newest first"),
    retrieve=extend_schema(summary="An event and its timeline"),
)
class EventViewSet(viewsets.ReadOnlyModelViewSet[Event]):
    """What the cameras of my sites saw that was not normal."""

    permission_classes = (IsAuthenticated, OperatorsChange)
    filterset_class = EventFilter
    pagination_class = EventPages
    lookup_value_regex = "[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
    queryset = Event.objects.none()

    def get_serializer_class(self) -> type[Any]:
        """One event comes with its timeline."""
        return EventDetailSerializer if self.action == "retrieve" else self.serializer_class or EventSerializer

    def get_queryset(self) -> QuerySet[Event]:
        """With what their representation shows."""
        # Not joined: a planner may begin with the cameras and sort all their events.
        events = Event.objects.for_user(self.request.user).prefetch_related("camera", "acknowledged_by")
        if self.action == "retrieve":
            timeline = EventTransition.objects.select_related("by").order_by("sequence")
            events = events.prefetch_related(Prefetch("transitions", timeline))
        return events

    @_change()
    def acknowledge(self, request: Request, pk: str) -> Response:
        """Take a new event on."""
        return self._changed(services.acknowledge_event)

    @_change()
    def resolve(self, request: Request, pk: str) -> Response:
        """It was real and is dealt with."""
        return self._changed(services.resolve_event)

    @_change()
    def dismiss(self, request: Request, pk: str) -> Response:
        """It was a false alarm."""
        return self._changed(services.dismiss_event)

    @_change()
    def reopen(self, request: Request, pk: str) -> Response:
        """It is not over after all: new again."""
        return self._changed(services.reopen_event)

    @_change(NoteSerializer)
    def note(self, request: Request, pk: str) -> Response:
        """Add a remark."""
        return self._changed(services.note_event)

    @_change()
    def flag(self, request: Request, pk: str) -> Response:
        """It is evidence: keep it, its clip and its pictures for ever."""
        return self._changed(flags.flag_event)

    @_change()
    def unflag(self, request: Request, pk: str) -> Response:
        """It is no evidence any more: it goes when its time is over."""
        return self._changed(flags.unflag_event)

    @extend_schema(responses={200: ScoresSerializer})
    @action(detail=True, filterset_class=None, pagination_class=None)
    def scores(self, request: Request, pk: str) -> Response:
        """The surprise of each second, from a minute before the event to a minute after it, two hours at most."""
        return Response(ScoresSerializer(curve_of(self.get_object())).data)

    @extend_schema(responses={(200, "image/jpeg"): OpenApiTypes.BINARY})
    @action(detail=True, url_path=r"snapshot\.jpg", content_negotiation_class=AnyAccept)
    def snapshot(self, request: Request, pk: str) -> HttpResponseBase:
        """The picture of the peak."""
        event: Event = self.get_object()
        return self._file(event, event.snapshot_path, "image/jpeg", "jpg")

    @extend_schema(responses={(200, "image/jpeg"): OpenApiTypes.BINARY})
    @action(detail=True, url_path=r"heat\.jpg", content_negotiation_class=AnyAccept)
    def heat(self, request: Request, pk: str) -> HttpResponseBase:
        """The picture of the peak with its unusual places coloured, from red to yellow."""
        event: Event = self.get_object()
        return self._file(event, event.evidence.get(HEAT), "image/jpeg", "jpg")

    @extend_schema(
        parameters=[OpenApiParameter("number", int, OpenApiParameter.PATH, enum=range(1, len(USUAL) + 1))],
        responses={(200, "image/jpeg"): OpenApiTypes.BINARY},
    )
    @action(detail=True, url_path=r"usual-(?P<number>[1-3])\.jpg", content_negotiation_class=AnyAccept)
    def usual(self, request: Request, pk: str, number: str) -> HttpResponseBase:
        """What the camera usually looks like; 1 is the most similar to the picture of the event."""
        event: Event = self.get_object()
        return self._file(event, event.evidence.get(USUAL[int(number) - 1]), "image/jpeg", "jpg")

    @extend_schema(responses={(200, "video/mp4"): OpenApiTypes.BINARY})
    @action(detail=True, url_path=r"clip\.mp4", content_negotiation_class=AnyAccept)
    def clip(self, request: Request, pk: str) -> HttpResponseBase:
        """The clip, whole or in ranges."""
        event: Event = self.get_object()
        if event.clip_path:
            note_clip_opened(event=event, by=cast(User, request.user))
        return self._file(event, event.clip_path, "video/mp4", "mp4")

    def _changed(self, service: Callable[..., Event]) -> Response:
        event = self.get_object()
        said = self.get_serializer(data=self.request.data)
        said.is_valid(raise_exception=True)
        try:
            service(event_id=event.pk, by=cast(User, self.request.user), note=said.validated_data["note"])
        except Event.DoesNotExist:  # its time was over a moment ago
            raise Http404 from None
        self.action = "retrieve"
        return Response(EventDetailSerializer(self.get_object()).data)

    def _file(self, event: Event, name: str | None, content_type: str, suffix: str) -> HttpResponseBase:
        if not name:
            raise Http404
        filename = f"{event.started_at:%Y-%m-%d_%H-%M-%S}_{UUID(str(event.pk)).hex[:8]}.{suffix}"
        return serve(self.request._request, name, content_type=content_type, filename=filename)
