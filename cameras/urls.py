"""Addresses of cameras."""

from __future__ import annotations

from cameras.views import CameraViewSet, RequestViewSet
from project.routing import Router

router = Router()
router.register("cameras/requests", RequestViewSet, basename="camera-request")
router.register("cameras", CameraViewSet, basename="camera")

urlpatterns = router.urls
