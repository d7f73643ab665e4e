"""The one rule of who may see and do what, for REST, sockets, media, exports and admin alike.

* A superuser is manager of every site; everybody else is in a site what their membership says; the rest is nobody.
* A request made with an API key can do no more than its `Grant` says, whoever's key it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from django.db import models

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from project.accounts.models import Site, User


@dataclass(frozen=True, slots=True)
class Grant:
    """What an API key lets through of its user's rights."""

    role: int
    """The highest role it acts in, comparable with `Role`."""
    site_id: int | None = None
    """The only site it opens; None for all of its user's."""

    def opens(self, site_id: int) -> bool:
        """Whether it is good for this site."""
        return self.site_id in (None, site_id)


def sites_of(user: User | AnonymousUser, *, at_least: int = 0) -> models.QuerySet[Site]:
    """The sites in which the user has this role or a higher one; all of them for a superuser, none for a stranger."""
    from project.accounts.models import Site

    grant = _grant_of(user)
    if not user.is_authenticated or not user.is_active or (grant and grant.role < at_least):
        return Site.objects.none()
    sites = Site.objects.all()
    if not user.is_superuser:
        sites = sites.filter(memberships__user=user, memberships__role__gte=at_least)
    return sites.filter(pk=grant.site_id) if grant and grant.site_id is not None else sites


def role_in(site_id: int, user: User | AnonymousUser) -> int:
    """The user's role in the site, comparable with `Role`; 0 for a stranger, the highest for a superuser."""
    from project.accounts.models import Membership, Role

    if not user.is_authenticated or not user.is_active:
        return 0
    role: int = Role.MANAGER
    if not user.is_superuser:
        role = Membership.objects.filter(user=user, site=site_id).values_list("role", flat=True).first() or 0
    return _within(role, _grant_of(user), site_id)


def roles_of(user: User | AnonymousUser) -> dict[int, int]:
    """Site id -> role, for all sites of the user."""
    from project.accounts.models import Membership, Role, Site

    if not user.is_authenticated or not user.is_active:
        return {}
    if user.is_superuser:
        roles = dict.fromkeys(Site.objects.values_list("pk", flat=True), int(Role.MANAGER))
    else:
        roles = dict(Membership.objects.filter(user=user).values_list("site_id", "role"))
    within = {site_id: _within(role, _grant_of(user), site_id) for site_id, role in roles.items()}
    return {site_id: role for site_id, role in within.items() if role}


def sees_every_site(user: User | AnonymousUser, *, at_least: int = 0) -> bool:
    """Whether nothing is hidden from the user, so that no query need ask for sites."""
    if not user.is_active or not user.is_superuser:
        return False
    grant = _grant_of(user)
    return grant is None or (grant.site_id is None and grant.role >= at_least)


def _grant_of(user: User | AnonymousUser) -> Grant | None:
    grant: Grant | None = getattr(user, "grant", None)  # AnonymousUser has none
    return grant


def _within(role: int, grant: Grant | None, site_id: int) -> int:
    if grant is None:
        return role
    return min(role, grant.role) if grant.opens(site_id) else 0


class SiteOwnedQuerySet(models.QuerySet[Any]):
    """Rows that belong to a site. Whatever a person is shown or may change comes through `for_user`."""

    site_lookup = "site"

    def for_user(self, user: User | AnonymousUser, *, at_least: int = 0) -> Self:
        """The rows of the sites in which the user has this role or a higher one."""
        return self.filter(**{f"{self.site_lookup}__in": sites_of(user, at_least=at_least)})
