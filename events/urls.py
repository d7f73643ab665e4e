"""Addresses of events."""

from __future__ import annotations

from events.views import EventViewSet
from project.routing import Router

router = Router()
router.register("events", EventViewSet, basename="event")

urlpatterns = router.urls
