"""What was held back, over REST: for whoever may see the camera."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, viewsets
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from cameras.models import Camera
from events.held_back import LONGEST, find_held_back

HOURS = int(LONGEST / timedelta(hours=1))


class HeldBackQuery(serializers.Serializer[Any]):
    """Which camera, and how far back."""

    camera = serializers.UUIDField()
    hours = serializers.FloatField(default=24.0, min_value=0.01, max_value=HOURS, help_text="Up to now.")


class HeldBackSerializer(serializers.Serializer[Any]):
    """An unusual moment that did not alarm."""

    at = serializers.DateTimeField()
    surprise = serializers.FloatField()
    threshold = serializers.FloatField(
        help_text="As it held then. A surprise above it was too short, outside the zones, or the camera was learning."
    )


class HeldBackViewSet(viewsets.GenericViewSet[Any]):
    """What the alarm budget, the zones or a provisional threshold held back."""

    permission_classes = (IsAuthenticated,)
    serializer_class = HeldBackSerializer
    pagination_class = None
    queryset = Camera.objects.none()

    @extend_schema(
        summary="Unusual moments of a camera that did not alarm, the most surprising first, 100 at most",
        parameters=[HeldBackQuery],
        responses={200: HeldBackSerializer(many=True)},
    )
    def list(self, request: Request) -> Response:
        """Of the last hours."""
        asked = HeldBackQuery(data=request.query_params)
        asked.is_valid(raise_exception=True)
        camera = get_object_or_404(Camera.objects.for_user(request.user), pk=asked.validated_data["camera"])
        end = timezone.now()
        moments = find_held_back(camera.pk, end - timedelta(hours=asked.validated_data["hours"]), end)
        return Response(HeldBackSerializer(moments, many=True).data)
