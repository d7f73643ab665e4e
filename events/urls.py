"""Addresses of events."""

from __future__ import annotations

from django.urls import re_path

from events.bulk_view import BulkView
from events.exports_view import EventCsvView, EventExportView
from events.feedback_views import CameraFeedbackViewSet
from events.held_back_view import HeldBackViewSet
from events.views import EventViewSet
from project.routing import Router

router = Router()
router.register("events/held-back", HeldBackViewSet, basename="held-back")
router.register("events", EventViewSet, basename="event")
router.register("cameras", CameraFeedbackViewSet, basename="camera-feedback")

_EVENT = EventViewSet.lookup_value_regex
urlpatterns = [
    re_path(r"^events/bulk/?$", BulkView.as_view(), name="event-bulk"),
    re_path(r"^events/export\.csv/?$", EventCsvView.as_view(), name="event-export-csv"),
    re_path(rf"^events/(?P<pk>{_EVENT})/export/?$", EventExportView.as_view(), name="event-export"),
    *router.urls,
]
