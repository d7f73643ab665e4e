"""Where each address leads."""

from __future__ import annotations

from django.contrib import admin
from django.urls import include, path, re_path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from project.health import health, ready
from project.index import IndexView
from project.metrics import metrics
from project.pages import ui

api = [
    path("", include("project.accounts.urls")),
    path("", include("project.audit.urls")),
    path("", include("cameras.urls")),
    path("", include("events.urls")),
    path("", include("notifications.urls")),
]

urlpatterns = [
    path("health", health, name="health"),
    path("ready", ready, name="ready"),
    path("metrics", metrics, name="metrics"),
    path("admin/", admin.site.urls),
    re_path(r"^api/v1/?$", IndexView.as_view(), name="index"),
    path("api/v1/", include(api)),
    path("api/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("api/docs/", SpectacularSwaggerSplitView.as_view(url_name="schema"), name="docs"),
    re_path(r"^(?!api/|static/|ws/|media/).*$", ui, name="ui"),
]
handler404 = "project.pages.not_found"
handler500 = "project.pages.failed"
