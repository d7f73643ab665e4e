"""For how long a site keeps what, and what recording a camera would take, over REST: below their own addresses."""

from __future__ import annotations

from typing import Any, cast

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import viewsets
from rest_framework.decorators import action
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from cameras.views import OfCameraViewSet
from events.models import RetentionPolicy
from events.policies import set_policy
from events.recorded import estimate
from events.recording_serializers import EstimateSerializer, RetentionSerializer
from project.accounts.models import Site, User
from project.accounts.permissions import ManagersChange
from project.accounts.rights import sites_of


class CameraEstimateViewSet(OfCameraViewSet):
    """What recording the cameras of my sites would take."""

    @extend_schema(responses=EstimateSerializer)
    @action(detail=True, url_path="recording-estimate")
    def recording_estimate(self, request: Request, pk: str) -> Response:
        """Disk space of a day, and for how many days there is room."""
        return Response(EstimateSerializer(estimate(self.get_object())).data)


class SiteRetentionViewSet(viewsets.GenericViewSet[Any]):
    """For how long my sites keep what."""

    permission_classes = (IsAuthenticated, ManagersChange)
    serializer_class = RetentionSerializer
    lookup_value_regex = "[0-9]{1,18}"
    pagination_class = None
    queryset = Site.objects.none()

    def get_queryset(self) -> QuerySet[Site]:
        """My sites."""
        return sites_of(self.request.user)

    @action(detail=True, methods=["get", "patch"])
    def retention(self, request: Request, pk: str) -> Response:
        """Days by kind; null: as long as the instance keeps it."""
        site = get_object_or_404(self.get_queryset(), pk=pk)
        self.check_object_permissions(request, site)
        policy = RetentionPolicy.objects.filter(site=site).first() or RetentionPolicy(site=site)
        if request.method == "PATCH":
            said = self.get_serializer(policy, data=request.data, partial=True)
            said.is_valid(raise_exception=True)
            policy = set_policy(site=site, by=cast(User, request.user), **said.validated_data)
        return Response(self.get_serializer(policy).data)
