"""Roles as the REST API asks for them. What somebody may not see at all is a 404 by `for_user`, long before."""

from __future__ import annotations

from typing import Any

from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from project.accounts.models import Role, Site
from project.accounts.rights import role_in


class ChangesNeed(BasePermission):
    """Members of the site read; a change needs the role that the subclass names."""

    role = Role.MANAGER
    message = "Your role in this site does not allow this."

    def has_object_permission(self, request: Request, view: APIView, obj: Any) -> bool:
        """`obj` is a site or has one."""
        if request.method in SAFE_METHODS:
            return True
        site_id = obj.pk if isinstance(obj, Site) else obj.site_id
        return role_in(site_id, request.user) >= self.role


class OperatorsChange(ChangesNeed):
    """Viewers read, operators change."""

    role = Role.OPERATOR


class ManagersChange(ChangesNeed):
    """Viewers and operators read, managers change."""

    role = Role.MANAGER


def require(role: Role, site_id: int, request: Request) -> None:
    """For what is made anew, and so is no object yet. Raises PermissionDenied for a lower role in the site."""
    if role_in(site_id, request.user) < role:
        raise PermissionDenied(ChangesNeed.message)
