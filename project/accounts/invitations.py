"""Links that make somebody a user: sent by a manager for a site, or to whoever registers. The only writer of them.

* The secret is shown or mailed once; only its hash is kept. It works once, for a week (a registration: a day).
* That to a site works for as long as the one who sent it may send it.
* Whoever registers proves a mailbox, and the address is the user name: so nothing tells who has an account.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from project.accounts import mail
from project.accounts.members import join
from project.accounts.models import Invitation, Role, Site, User
from project.accounts.passwords import check_new_password
from project.accounts.rights import role_in
from project.audit import trail
from project.errors import Conflict, DomainError, Invalid

INVITATION_LIFE = timedelta(days=7)
REGISTRATION_LIFE = timedelta(days=1)
_PREFIX = "vgi_"


class RegistrationClosed(DomainError):
    """This instance does not let anybody become a user in this way."""

    code = "registration_closed"
    status_code = 403


class InvitationRefused(DomainError):
    """It is unknown, was used or taken back, or has expired."""

    code = "link_refused"


@dataclass(frozen=True, slots=True)
class Invited:
    """A new invitation with its link, which is shown once."""

    invitation: Invitation
    link: str
    mailed: bool
    """Whether the mail server took the mail; False where no address was given."""


def invite(*, site: Site, role: int, by: User, email: str = "", language: str = "en") -> Invited:
    """Invite somebody to a site. Raises RegistrationClosed where VIGIL_REGISTRATION does not allow it."""
    if settings.VIGIL_REGISTRATION == "closed":
        raise RegistrationClosed("Nobody can be invited here: VIGIL_REGISTRATION is closed.")
    with transaction.atomic():
        invitation, link = _make(INVITATION_LIFE, site=site, role=role, invited_by=by, email=email)
        trail.record("invitation.created", by=by, target=invitation, details={"role": invitation.get_role_display()})
    until = f"{invitation.expires_at:%Y-%m-%d %H:%M} UTC"
    mailed = bool(email) and mail.send(
        mail.INVITATION, to=email, language=language, site=site.name, link=link, until=until
    )
    return Invited(invitation, link, mailed)


def send_registration(*, email: str, language: str) -> None:
    """Mail whoever wants to register a link; who has an account is told so, there and nowhere else."""
    if settings.VIGIL_REGISTRATION != "open":
        return
    known = User.objects.filter(email__iexact=email).first() or User.objects.filter(username__iexact=email).first()
    if known is not None:
        page = mail.link_to("reset-password")
        mail.send(mail.HAS_ACCOUNT, to=email, language=known.language, username=known.username, link=page)
        return
    invitation, link = _make(REGISTRATION_LIFE, email=email)
    until = f"{invitation.expires_at:%Y-%m-%d %H:%M} UTC"
    mail.send(mail.REGISTRATION, to=email, language=language, link=link, until=until)


def find_invitation(*, secret: str) -> Invitation:
    """The invitation that waits for an answer. Raises InvitationRefused."""
    rows = Invitation.objects.select_related("site", "invited_by")
    digest = sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
    invitation = rows.filter(digest=digest, used_at=None, expires_at__gt=timezone.now()).first()
    if invitation is None or _now_closed(invitation) or not _inviter_still_may(invitation):
        raise InvitationRefused("This link is wrong, was used or has expired: ask for another one.")
    return invitation


def accept_as_new_user(*, secret: str, username: str, password: str, language: str) -> User:
    """A user, with the role in the site. Raises InvitationRefused, Invalid for a name or password that cannot be."""
    invitation = find_invitation(secret=secret)
    address = User.normalize_username(invitation.email)
    name = User.normalize_username(username) if invitation.site_id and username else address
    user = User(username=name, email=invitation.email, language=language)
    check_new_password(password, user, field="password")
    user.set_password(password)  # slow on purpose, so before the transaction
    try:
        if "@" in name and name != address:
            raise ValidationError("An address of somebody else would be taken for theirs.")
        user.clean_fields()
        with transaction.atomic():
            if User.objects.filter(username__iexact=name).exists():
                raise ValidationError("People would take it for the name of somebody else.")
            _use(invitation)
            user.save(force_insert=True)
            _join(invitation, user)
            trail.record("user.registered", by=user, target=user, site=invitation.site)
    except (ValidationError, IntegrityError):
        raise Invalid("Choose another user name.", fields={"username": ["This name cannot be used."]}) from None
    return user


@transaction.atomic
def accept_as(*, secret: str, user: User) -> Invitation:
    """The user becomes a member; a higher role that they have stays. Raises InvitationRefused, Conflict."""
    invitation = find_invitation(secret=secret)
    if invitation.site is None:
        raise Conflict("You have an account already.")
    _use(invitation)
    _join(invitation, user)
    return invitation


@transaction.atomic
def take_back(*, invitation: Invitation, by: User) -> None:
    """The link stops working. Nothing changes where it was used already."""
    if Invitation.objects.filter(pk=invitation.pk, used_at=None).update(used_at=timezone.now()):
        trail.record("invitation.revoked", by=by, target=invitation)


def _use(invitation: Invitation) -> None:
    if not Invitation.objects.filter(pk=invitation.pk, used_at=None).update(used_at=timezone.now()):
        raise InvitationRefused("This link was used already: ask for another one.")


def _join(invitation: Invitation, user: User) -> None:
    if invitation.site is not None:
        join(site=invitation.site, user=user, role=Role(invitation.role))


def _now_closed(invitation: Invitation) -> bool:
    """An instance that was closed since takes nobody in any more."""
    needed = ("open",) if invitation.site_id is None else ("open", "invitation")
    return settings.VIGIL_REGISTRATION not in needed


def _inviter_still_may(invitation: Invitation) -> bool:
    """Nobody gives a role in a site who could not give it now: who has left invites nobody."""
    if invitation.site_id is None:
        return True
    by = invitation.invited_by
    return by is not None and role_in(invitation.site_id, by) >= max(Role.MANAGER, invitation.role)


def _make(life: timedelta, **values: Any) -> tuple[Invitation, str]:
    secret = _PREFIX + secrets.token_urlsafe(32)
    now = timezone.now()
    digest = sha256(secret.encode()).hexdigest()
    invitation = Invitation(digest=digest, created_at=now, expires_at=now + life, **values)
    invitation.save(force_insert=True)
    return invitation, mail.link_to("invitation", secret)
