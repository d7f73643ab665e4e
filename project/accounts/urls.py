"""Addresses of log-in and sites."""

from __future__ import annotations

from django.urls import re_path

from project.accounts import views
from project.routing import Router

router = Router()
router.register("sites", views.SiteViewSet, basename="site")

urlpatterns = [
    re_path(r"^auth/login/?$", views.LogInView.as_view(), name="login"),
    re_path(r"^auth/refresh/?$", views.RefreshView.as_view(), name="refresh"),
    re_path(r"^auth/logout/?$", views.LogOutView.as_view(), name="logout"),
    re_path(r"^auth/session/?$", views.SessionView.as_view(), name="session"),
    re_path(r"^auth/csrf/?$", views.CsrfView.as_view(), name="csrf"),
    *router.urls,
]
