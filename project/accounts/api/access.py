"""Who may manage accounts over REST."""

from __future__ import annotations

from typing import Any, ClassVar, cast

from django.shortcuts import get_object_or_404
from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.views import APIView

from project.accounts.models import Role, Site, Token, User
from project.accounts.rights import role_in, sites_of


class NotByKey(BasePermission):
    """An API key is for what Vigil watches, never for accounts: a stolen one could make itself another, or an owner."""

    message = "An API key cannot manage accounts: log in with a password."

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Whoever shows a session or an access token."""
        return not (isinstance(request.auth, Token) and request.auth.kind == Token.Kind.API_KEY)


class ManagesAccount:
    """A view that somebody manages their own account with, or those of others."""

    permission_classes: ClassVar[Any] = (IsAuthenticated, NotByKey)


def person(request: Request) -> User:
    """Who asks: somebody logged in, as the permission classes saw to."""
    return cast(User, request.user)


def session_key(request: Request) -> str | None:
    """Of the session that the request was made with; None for a token."""
    return request.session.session_key if request.auth is None else None


def managed_site(request: Request, site_id: str) -> Site:
    """The site whose members the asker manages. Raises Http404 for a stranger, PermissionDenied for a lower role."""
    site: Site = get_object_or_404(sites_of(request.user), pk=site_id)
    if role_in(site.pk, request.user) < Role.MANAGER:
        raise PermissionDenied("Your role in this site does not allow this.")
    return site
