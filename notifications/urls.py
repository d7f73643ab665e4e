"""Addresses of notifications."""

from __future__ import annotations

from django.urls import re_path

from notifications.personal_views import DeliveryViewSet, InboxViewSet, PreferenceView, WebPushKeyView
from notifications.views import ChannelViewSet, RuleViewSet, SnoozeViewSet
from project.routing import Router

router = Router()
router.register("notifications/inbox", InboxViewSet, basename="inbox")
router.register("notifications/channels", ChannelViewSet, basename="channel")
router.register("notifications/rules", RuleViewSet, basename="rule")
router.register("notifications/snoozes", SnoozeViewSet, basename="snooze")
router.register("notifications/deliveries", DeliveryViewSet, basename="delivery")

urlpatterns = [
    re_path("^notifications/web-push-key/?$", WebPushKeyView.as_view(), name="web-push-key"),
    re_path("^notifications/preferences/?$", PreferenceView.as_view(), name="preferences"),
    *router.urls,
]
