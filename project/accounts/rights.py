"""The one rule of who may see and do what, for REST, sockets, media and admin alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from project.accounts.models import Site, User


def sites_of(user: User | AnonymousUser, *, at_least: int = 0) -> models.QuerySet[Site]:
    """The sites in which the user has this role or a higher one; all of them for a superuser, none for a stranger."""
    from project.accounts.models import Site

    if not user.is_authenticated or not user.is_active:
        return Site.objects.none()
    if user.is_superuser:
        return Site.objects.all()
    return Site.objects.filter(memberships__user=user, memberships__role__gte=at_least)


def role_in(site_id: int, user: User | AnonymousUser) -> int:
    """The user's role in the site, comparable with `Role`; 0 for a stranger, the highest for a superuser."""
    from project.accounts.models import Membership, Role

    if not user.is_authenticated or not user.is_active:
        return 0
    if user.is_superuser:
        return Role.MANAGER
    return Membership.objects.filter(user=user, site=site_id).values_list("role", flat=True).first() or 0


def roles_of(user: User | AnonymousUser) -> dict[int, int]:
    """Site id -> role, for all sites of the user; a superuser, who is manager everywhere, need not be a member."""
    from project.accounts.models import Membership

    if not user.is_authenticated or user.is_superuser:
        return {}
    return dict(Membership.objects.filter(user=user).values_list("site_id", "role"))


class SiteOwnedQuerySet(models.QuerySet[Any]):
    """Rows that belong to a site. Whatever a person is shown or may change comes through `for_user`."""

    site_lookup = "site"

    def for_user(self, user: User | AnonymousUser, *, at_least: int = 0) -> Self:
        """The rows of the sites in which the user has this role or a higher one."""
        return self.filter(**{f"{self.site_lookup}__in": sites_of(user, at_least=at_least)})
