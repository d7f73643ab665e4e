"""Addresses of log-in, accounts and sites."""

from __future__ import annotations

from typing import Any

from django.urls import re_path

from project.accounts import views
from project.accounts.api import invitations, keys, members, passwords, second_factor, sessions
from project.routing import Router

router = Router()
router.register("sites", views.SiteViewSet, basename="site")

UUID = "[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
SITE = r"^sites/(?P<site_id>\d{1,18})"
ROWS: dict[str, Any] = {"get": "list", "post": "create"}
ROW: dict[str, Any] = {"delete": "destroy"}
MEMBER: dict[str, Any] = {"patch": "partial_update", "delete": "destroy"}

log_in = [
    re_path(r"^auth/login/?$", views.LogInView.as_view(), name="login"),
    re_path(r"^auth/refresh/?$", views.RefreshView.as_view(), name="refresh"),
    re_path(r"^auth/logout/?$", views.LogOutView.as_view(), name="logout"),
    re_path(r"^auth/session/?$", views.SessionView.as_view(), name="session"),
    re_path(r"^auth/csrf/?$", views.CsrfView.as_view(), name="csrf"),
]
own_account = [
    re_path(r"^auth/password/?$", passwords.PasswordView.as_view(), name="password"),
    re_path(r"^auth/password-reset/?$", passwords.AskResetView.as_view(), name="ask-reset"),
    re_path(r"^auth/password-reset/confirm/?$", passwords.ResetView.as_view(), name="reset"),
    re_path(r"^auth/logout-everywhere/?$", sessions.LogOutEverywhereView.as_view(), name="logout-everywhere"),
    re_path(r"^auth/sessions/?$", sessions.PlaceViewSet.as_view({"get": "list"}), name="place-list"),
    re_path(rf"^auth/sessions/(?P<pk>{UUID})/?$", sessions.PlaceViewSet.as_view(ROW), name="place"),
    re_path(r"^auth/keys/?$", keys.KeyViewSet.as_view(ROWS), name="key-list"),
    re_path(rf"^auth/keys/(?P<pk>{UUID})/?$", keys.KeyViewSet.as_view(ROW), name="key"),
    re_path(r"^auth/second-factor/?$", second_factor.SecondFactorView.as_view(), name="second-factor"),
    re_path(r"^auth/second-factor/confirm/?$", second_factor.ConfirmView.as_view(), name="second-factor-confirm"),
    re_path(r"^auth/second-factor/recovery-codes/?$", second_factor.RecoveryCodesView.as_view(), name="recovery-codes"),
    re_path(r"^auth/second-factor/disable/?$", second_factor.DisableView.as_view(), name="second-factor-disable"),
]
becoming_a_user = [
    re_path(r"^auth/register/?$", invitations.RegisterView.as_view(), name="register"),
    re_path(r"^auth/invitation/?$", invitations.LookView.as_view(), name="invitation-look"),
    re_path(r"^auth/invitation/accept/?$", invitations.AcceptView.as_view(), name="invitation-accept"),
]
people_of_a_site = [
    re_path(rf"{SITE}/members/?$", members.MemberViewSet.as_view(ROWS), name="member-list"),
    re_path(
        rf"{SITE}/members/(?P<user_id>\d{{1,18}})/?$",
        members.MemberViewSet.as_view(MEMBER),
        name="member",
    ),
    re_path(rf"{SITE}/invitations/?$", invitations.InvitationViewSet.as_view(ROWS), name="invitation-list"),
    re_path(rf"{SITE}/invitations/(?P<pk>{UUID})/?$", invitations.InvitationViewSet.as_view(ROW), name="invitation"),
]
urlpatterns = [*log_in, *own_account, *becoming_a_user, *people_of_a_site, *router.urls]
