"""Cameras over REST: who may see a camera is decided by `for_user`, who may change it by the role."""

from __future__ import annotations

from typing import Any, ClassVar

import django_filters
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request as HttpRequest
from rest_framework.response import Response

from cameras import requests, services
from cameras.health import with_health
from cameras.models import Camera, Request
from cameras.serializers import CameraSerializer, RequestSerializer, TestSerializer
from project.accounts.models import Role, Site
from project.accounts.permissions import ManagersChange
from project.accounts.rights import role_in
from project.pagination import ByName

UUID = "[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"


class CameraFilter(django_filters.FilterSet):
    """By site or wanted state. A site that is not the asker's has no cameras, like one that does not exist."""

    site = django_filters.NumberFilter(field_name="site_id", max_value=2**63 - 1)

    class Meta:
        model = Camera
        fields: ClassVar = ["site", "desired_state"]


class CameraViewSet(viewsets.ModelViewSet[Camera]):
    """The cameras of my sites."""

    serializer_class = CameraSerializer
    permission_classes = (IsAuthenticated, ManagersChange)
    pagination_class = ByName
    filterset_class = CameraFilter
    lookup_value_regex = UUID
    queryset = Camera.objects.none()

    def get_queryset(self) -> QuerySet[Camera]:
        """With what their health is derived from."""
        return with_health(Camera.objects.for_user(self.request.user))

    def perform_create(self, serializer: Any) -> None:
        """Add a camera; it is watched as soon as a worker has a free place."""
        _require_manager(serializer.validated_data["site"], self.request)
        camera = services.register_camera(**serializer.validated_data, by=self.request.user)
        serializer.instance = self.get_queryset().get(pk=camera.pk)

    def perform_update(self, serializer: Any) -> None:
        """Change a camera; the worker that runs it hears of it within a second or two."""
        changes = {name: value for name, value in serializer.validated_data.items() if name != "site"}
        services.change_camera(camera=serializer.instance, **changes, by=self.request.user)
        serializer.instance = self.get_queryset().get(pk=serializer.instance.pk)

    def perform_destroy(self, instance: Camera) -> None:
        """Remove a camera; its events stay until their time is over."""
        services.remove_camera(camera=instance, by=self.request.user)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def start(self, request: HttpRequest, pk: str) -> Response:
        """Watch it. Nothing changes where it is watched already."""
        services.start_camera(camera=self.get_object(), by=request.user)
        return Response(self.get_serializer(self.get_object()).data)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def stop(self, request: HttpRequest, pk: str) -> Response:
        """Watch it no longer. Nothing changes where it is stopped already."""
        services.stop_camera(camera=self.get_object(), by=request.user)
        return Response(self.get_serializer(self.get_object()).data)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def relearn(self, request: HttpRequest, pk: str) -> Response:
        """Forget what is normal here and learn it anew, as after the camera was moved. Its events stay."""
        services.relearn_camera(camera=self.get_object(), by=request.user)
        return Response(self.get_serializer(self.get_object()).data)

    @extend_schema(request=TestSerializer, responses={202: RequestSerializer})
    @action(detail=False, methods=["post"])
    def test(self, request: HttpRequest) -> Response:
        """Try to open a source and take a picture; the answer is at `cameras/requests/{id}`."""
        asked = TestSerializer(data=request.data, context=self.get_serializer_context())
        asked.is_valid(raise_exception=True)
        site, source, camera_id = (asked.validated_data.get(name) for name in ("site", "source", "camera"))
        _require_manager(site, request)
        camera = get_object_or_404(self.get_queryset(), pk=camera_id, site=site) if camera_id else None
        row = requests.request_test(site=site, source=source, camera=camera, by=request.user)
        return Response(RequestSerializer(row).data, status=202)


class OfCameraViewSet(viewsets.GenericViewSet[Camera]):
    """What lies below the address of a camera, for whoever may see the camera."""

    permission_classes: Any = (IsAuthenticated,)
    lookup_value_regex = UUID
    pagination_class = None
    queryset = Camera.objects.none()

    def get_queryset(self) -> QuerySet[Camera]:
        """The cameras of my sites."""
        cameras: QuerySet[Camera] = Camera.objects.for_user(self.request.user)
        return cameras


class RequestViewSet(mixins.RetrieveModelMixin, viewsets.GenericViewSet[Request]):
    """Answers to connection tests and to learning from recordings, for an hour."""

    serializer_class = RequestSerializer
    lookup_value_regex = UUID
    queryset = Request.objects.none()

    def get_queryset(self) -> QuerySet[Request]:
        """Those of sites that I manage: a preview shows what a camera sees, before it is one."""
        requests_: QuerySet[Request] = Request.objects.for_user(self.request.user, at_least=Role.MANAGER)
        return requests_


def _require_manager(site: Site, request: HttpRequest) -> None:
    if role_in(site.pk, request.user) < Role.MANAGER:
        raise PermissionDenied(ManagersChange.message)
