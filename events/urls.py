"""Addresses of events."""

from __future__ import annotations

from django.urls import re_path

from events.bulk_view import BulkView
from events.exports_view import EventCsvView, EventExportView
from events.feedback_views import CameraFeedbackViewSet
from events.held_back_view import HeldBackViewSet
from events.keeping_views import CameraEstimateViewSet, SiteRetentionViewSet
from events.recording_views import RecordingViewSet
from events.views import EventViewSet
from project.routing import Router

router = Router()
router.register("events/held-back", HeldBackViewSet, basename="held-back")
router.register("events", EventViewSet, basename="event")
router.register("cameras", CameraFeedbackViewSet, basename="camera-feedback")
router.register("cameras", CameraEstimateViewSet, basename="camera-estimate")
router.register("recordings", RecordingViewSet, basename="recording")
router.register("sites", SiteRetentionViewSet, basename="site-retention")

_EVENT = EventViewSet.lookup_value_regex
urlpatterns = [
    re_path(r"^events/bulk/?$", BulkView.as_view(), name="event-bulk"),
    re_path(r"^events/export\.csv/?$", EventCsvView.as_view(), name="event-export-csv"),
    re_path(rf"^events/(?P<pk>{_EVENT})/export/?$", EventExportView.as_view(), name="event-export"),
    *router.urls,
]
