"""Who works at a site, and in which role. The only writer of `Membership` beside the admin."""

from __future__ import annotations

from django.db import IntegrityError, transaction

from project.accounts.models import Membership, Role, Site, User
from project.errors import Conflict, Invalid, NotFound

NOT_TO_BE_ADDED = "Nobody with this name can be added."


def add_member(*, site: Site, username: str, role: Role) -> Membership:
    """Let somebody work at the site.

    Raises Conflict for a member, who is no secret, and Invalid with one and the same text for all who cannot be added,
    whether or not they exist.
    """
    user = User.objects.filter(username=username, is_active=True).first()
    if user is None:
        raise Invalid(NOT_TO_BE_ADDED, fields={"username": [NOT_TO_BE_ADDED]})
    try:
        with transaction.atomic():
            return Membership.objects.create(site=site, user=user, role=role)
    except IntegrityError:
        raise Conflict("This is a member already: change the role instead.") from None


def add_or_raise(*, site: Site, user: User, role: Role) -> Membership:
    """The user's membership, in this role or the higher one that it had."""
    membership, made = Membership.objects.get_or_create(site=site, user=user, defaults={"role": role})
    if not made and Membership.objects.filter(pk=membership.pk, role__lt=role).update(role=role):
        membership.role = role
    return membership


def change_role(*, membership: Membership, role: Role) -> None:
    """It counts with the next request, and within a second on open sockets. Raises NotFound for who has left."""
    if not Membership.objects.filter(pk=membership.pk).update(role=role):
        raise NotFound("This is no member any more.")
    membership.role = role


def remove_member(*, membership: Membership) -> None:
    """The last manager may go too: superusers manage every site."""
    Membership.objects.filter(pk=membership.pk).delete()
