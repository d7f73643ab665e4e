"""Recordings over REST: members of the site watch, operators flag."""

from __future__ import annotations

from datetime import timedelta
from typing import cast
from uuid import UUID as Uuid

from django.db.models import QuerySet
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import viewsets
from rest_framework.decorators import action
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from cameras.models import Camera
from cameras.views import UUID
from events import recordings
from events.media import serve
from events.models import Recording
from events.recorded import spans_of_day
from events.recording_serializers import (
    RecordingQuery,
    RecordingSerializer,
    TimelineQuery,
    TimelineSerializer,
)
from events.recordings import LONGEST_SEGMENT
from events.views import AnyAccept
from project.accounts.models import User
from project.accounts.permissions import OperatorsChange
from project.audit import trail
from project.pagination import NewestFirst

WATCHING = timedelta(minutes=10)
"""A player asks for many ranges of one file: that is one opening."""


class RecordingPages(NewestFirst):
    """The newest first."""

    ordering = ("-started_at", "-id")


@extend_schema_view(
    list=extend_schema(summary="The recordings of my sites, the newest first", parameters=[RecordingQuery]),
    retrieve=extend_schema(summary="A recording"),
)
class RecordingViewSet(viewsets.ReadOnlyModelViewSet[Recording]):
    """What the cameras of my sites sent, whether anything happened or not."""

    permission_classes = (IsAuthenticated, OperatorsChange)
    serializer_class = RecordingSerializer
    pagination_class = RecordingPages
    lookup_value_regex = UUID
    queryset = Recording.objects.none()

    def get_queryset(self) -> QuerySet[Recording]:
        """Those of my sites that the query is about."""
        rows: QuerySet[Recording] = Recording.objects.for_user(self.request.user)
        return rows if self.action != "list" else self._asked(rows)

    def _asked(self, rows: QuerySet[Recording]) -> QuerySet[Recording]:
        asked = RecordingQuery(data=self.request.query_params)
        asked.is_valid(raise_exception=True)
        said = asked.validated_data
        if "camera" in said:
            # None of a foreign one: without asking first, all its recordings would be read to show none.
            cameras = Camera.with_removed.for_user(self.request.user).filter(pk=said["camera"])
            rows = rows.filter(camera_id=said["camera"]) if cameras.exists() else rows.none()
        if "from" in said:
            rows = rows.filter(ended_at__gt=said["from"], started_at__gt=said["from"] - LONGEST_SEGMENT)
        if "to" in said:
            rows = rows.filter(started_at__lt=said["to"])
        return rows

    @extend_schema(parameters=[TimelineQuery], responses=TimelineSerializer, summary="What was recorded on a day")
    @action(detail=False, pagination_class=None, filter_backends=())
    def timeline(self, request: Request) -> Response:
        """Spans without a gap, oldest first; where something moved and where nothing did are told apart."""
        asked = TimelineQuery(data=request.query_params)
        asked.is_valid(raise_exception=True)
        said = asked.validated_data
        cameras = Camera.with_removed.for_user(request.user).select_related("site")
        camera = get_object_or_404(cameras, pk=said["camera"])
        spans = [{"from": s.start, "to": s.end, "moved": s.moved} for s in spans_of_day(camera, said["day"])]
        return Response(TimelineSerializer({"camera": camera.pk, "day": said["day"], "spans": spans}).data)

    @extend_schema(responses={(200, "video/mp4"): OpenApiTypes.BINARY})
    @action(detail=True, url_path=r"video\.mp4", content_negotiation_class=AnyAccept)
    def video(self, request: Request, pk: str) -> HttpResponseBase:
        """The recording, whole or in ranges."""
        recording: Recording = self.get_object()
        trail.record_once("recording.opened", by=cast(User, request.user), target=recording, within=WATCHING)
        filename = f"{recording.started_at:%Y-%m-%d_%H-%M-%S}_{Uuid(str(recording.pk)).hex[:8]}.mp4"
        return serve(request._request, recording.path, content_type="video/mp4", filename=filename)

    @extend_schema(request=None, responses=RecordingSerializer)
    @action(detail=True, methods=["post"])
    def flag(self, request: Request, pk: str) -> Response:
        """It is evidence: keep it for ever."""
        return self._flagged(request, flagged=True)

    @extend_schema(request=None, responses=RecordingSerializer)
    @action(detail=True, methods=["post"])
    def unflag(self, request: Request, pk: str) -> Response:
        """It is none any more: it goes when its time is over."""
        return self._flagged(request, flagged=False)

    def _flagged(self, request: Request, *, flagged: bool) -> Response:
        recording = recordings.flag_recording(
            recording_id=self.get_object().pk, flagged=flagged, by=cast(User, request.user)
        )
        return Response(self.get_serializer(recording).data)
