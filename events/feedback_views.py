"""What people say of a camera's judgement, over REST: below the camera's own address."""

from __future__ import annotations

from typing import cast

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from cameras.requests import request_backtest
from cameras.serializers import RequestSerializer
from cameras.views import OfCameraViewSet
from events import services
from events.models import Event, Feedback
from events.serializers import BacktestSerializer, CameraFeedbackSerializer, FeedbackSerializer, MissedSerializer
from project.accounts.models import User
from project.accounts.permissions import ManagersChange, OperatorsChange

NEWEST = 100


class CameraFeedbackViewSet(OfCameraViewSet):
    """Feedback on the cameras of my sites. Dismissing an event is feedback too: see the events."""

    permission_classes = (IsAuthenticated, OperatorsChange)

    @extend_schema(responses=CameraFeedbackSerializer)
    @action(detail=True)
    def feedback(self, request: Request, pk: str) -> Response:
        """How many false alarms this camera was told of, and how much people say it missed."""
        rows = Feedback.objects.for_user(request.user).filter(camera=self.get_object())
        counted = {kind: rows.filter(kind=kind, undone_at=None).count() for kind in Feedback.Kind.values}
        body = {
            "false_alarms": counted[Feedback.Kind.FALSE_ALARM],
            "missed": counted[Feedback.Kind.MISSED],
            "newest": rows.defer("pattern").select_related("by")[:NEWEST],
        }
        return Response(CameraFeedbackSerializer(body).data)

    @extend_schema(request=MissedSerializer, responses={201: FeedbackSerializer})
    @action(detail=True, methods=["post"])
    def missed(self, request: Request, pk: str) -> Response:
        """There should have been an alarm at that moment. It is kept and counted; no threshold falls because of it."""
        camera = self.get_object()
        said = MissedSerializer(data=request.data)
        said.is_valid(raise_exception=True)
        row = services.report_missed(camera=camera, by=cast(User, request.user), **said.validated_data)
        return Response(FeedbackSerializer(row).data, status=201)

    @extend_schema(request=BacktestSerializer, responses={202: RequestSerializer})
    @action(detail=True, methods=["post"], permission_classes=(IsAuthenticated, ManagersChange))
    def backtest(self, request: Request, pk: str) -> Response:
        """What a budget, or dismissing an event, would have changed; the answer is at `cameras/requests/{id}`."""
        camera = self.get_object()
        asked = BacktestSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        dismiss = asked.validated_data.get("dismiss")
        if dismiss is not None:
            get_object_or_404(Event.objects.for_user(request.user), pk=dismiss, camera=camera)
        row = request_backtest(camera=camera, by=request.user, **asked.validated_data)
        return Response(RequestSerializer(row).data, status=202)
