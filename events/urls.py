"""Addresses of events."""

from __future__ import annotations

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

urlpatterns = router.urls
