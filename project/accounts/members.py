"""Who works at a site, and in which role. The only writer of `Membership` beside the admin."""

from __future__ import annotations

from django.db import IntegrityError, transaction

from project.accounts.models import Membership, Role, Site, User
from project.audit import trail
from project.errors import Conflict, Invalid, NotFound

NOT_TO_BE_ADDED = "Nobody with this name can be added."


def add_member(*, site: Site, username: str, role: Role, by: User) -> Membership:
    """Let somebody work at the site.

    Raises Conflict for a member, who is no secret, and Invalid with one and the same text for all who cannot be added,
    whether or not they exist.
    """
    user = User.objects.filter(username=username, is_active=True).first()
    if user is None:
        raise Invalid(NOT_TO_BE_ADDED, fields={"username": [NOT_TO_BE_ADDED]})
    try:
        with transaction.atomic():
            membership = Membership.objects.create(site=site, user=user, role=role)
            trail.record("member.added", by=by, target=user, site=site, changes={"role": (None, role.label)})
    except IntegrityError:
        raise Conflict("This is a member already: change the role instead.") from None
    return membership


@transaction.atomic
def join(*, site: Site, user: User, role: Role) -> None:
    """The user, who was invited, works at the site in this role, or the higher one that they had."""
    membership, made = Membership.objects.get_or_create(site=site, user=user, defaults={"role": role})
    before = None if made else membership.get_role_display()
    if made or Membership.objects.filter(pk=membership.pk, role__lt=role).update(role=role):
        trail.record("member.joined", by=user, target=user, site=site, changes={"role": (before, role.label)})


@transaction.atomic
def change_role(*, membership: Membership, role: Role, by: User) -> None:
    """It counts with the next request, and within a second on open sockets. Raises NotFound for who has left."""
    before = membership.get_role_display()
    if not Membership.objects.filter(pk=membership.pk).update(role=role):
        raise NotFound("This is no member any more.")
    membership.role = role
    changes = {"role": (before, role.label)}
    trail.record("member.changed", by=by, target=membership.user, site=membership.site_id, changes=changes)


@transaction.atomic
def remove_member(*, membership: Membership, by: User) -> None:
    """The last manager may go too: superusers manage every site."""
    deleted, _ = Membership.objects.filter(pk=membership.pk).delete()
    if deleted:
        changes = {"role": (membership.get_role_display(), None)}
        trail.record("member.removed", by=by, target=membership.user, site=membership.site_id, changes=changes)
