"""Who may see and do what: people, sites, and the role of a person in a site."""

from __future__ import annotations

import uuid
import zoneinfo
from typing import ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.db import models

from project.accounts.rights import Grant
from project.encryption import EncryptedTextField


class User(AbstractUser):
    """Somebody who logs in."""

    grant: Grant | None = None
    """Set on the user of one request: what the API key that it was made with lets through. No column."""

    language = models.CharField(max_length=8, default="en", choices=[("en", "English"), ("ko", "한국어")])


def check_time_zone(name: str) -> None:
    """Raises ValidationError unless the name is one of the IANA's, such as Asia/Seoul."""
    if name not in zoneinfo.available_timezones():
        raise ValidationError("There is no such time zone: give a name such as Europe/Berlin, Asia/Seoul or UTC.")


class Site(models.Model):
    """A place with cameras; rights are given per site."""

    name = models.CharField(max_length=120, unique=True)
    time_zone = models.CharField(max_length=64, default="UTC", validators=[check_time_zone])
    """An IANA name, such as Asia/Seoul."""
    event_sequence = models.PositiveBigIntegerField(default=0, editable=False)
    """The number of the last change of an event here. Counted in the row, under its lock: a database sequence commits
    out of order and leaves holes, and a client could not tell a hole from a change it missed."""

    members: models.ManyToManyField[User, Membership] = models.ManyToManyField(
        settings.AUTH_USER_MODEL, through="Membership", related_name="sites"
    )

    class Meta:
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name


class Role(models.IntegerChoices):
    """What a member may do; each role may do all that a lower one may."""

    VIEWER = 10, "viewer"
    OPERATOR = 20, "operator"
    MANAGER = 30, "manager"


class Membership(models.Model):
    """A person's role in a site."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="memberships")
    role = models.PositiveSmallIntegerField(choices=Role, default=Role.VIEWER)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "site"], name="one_role_per_site")]

    def __str__(self) -> str:
        return f"{self.user} in {self.site}: {self.get_role_display()}"


class Token(models.Model):
    """A secret that a script shows instead of a password. Only its hash is kept."""

    class Kind(models.TextChoices):
        ACCESS = "access"
        REFRESH = "refresh"
        API_KEY = "api_key"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tokens")
    kind = models.CharField(max_length=8, choices=Kind)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    """SHA-256 of the secret, in hexadecimal: the secret is random, so a slow hash would add nothing."""
    family = models.UUIDField(default=uuid.uuid4, db_index=True, editable=False)
    """All tokens that came from one log-in; a refresh token used twice revokes them all."""
    auth_hash = models.CharField(max_length=128, editable=False)
    """Of the user's password as it was: a new password ends every token, as it ends every session."""
    name = models.CharField(max_length=80, blank=True, default="")
    """What its user calls an API key."""
    role = models.PositiveSmallIntegerField(choices=Role, null=True, blank=True)
    """The highest role that it acts in; null for all that its user may."""
    site = models.ForeignKey(Site, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    """The only site that it opens; null for all of its user's."""
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    """To the minute."""
    expires_at = models.DateTimeField(null=True, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)
    """When a refresh token was exchanged."""
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.kind} token of {self.user}"

    @property
    def grant(self) -> Grant | None:
        """What it lets through of its user's rights; None for all."""
        if self.role is None and self.site_id is None:
            return None
        return Grant(role=Role.MANAGER if self.role is None else self.role, site_id=self.site_id)


class LogInAttempt(models.Model):
    """A try to log in that has not succeeded. Kept in the database, so that a restart forgives nothing."""

    account = models.CharField(max_length=64, db_index=True)
    """SHA-256 of the name that was typed: people type their passwords there too."""
    address = models.GenericIPAddressField(db_index=True)
    device = models.CharField(max_length=32, blank=True)
    """The browser, where it has logged in to this account before; else empty."""
    known = models.BooleanField(default=False)
    """Whether the account was logged in to from this browser or address before."""
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"from {self.address} at {self.at:%Y-%m-%d %H:%M:%S}"


class KnownAddress(models.Model):
    """An address from which somebody has logged in: what strangers try elsewhere does not lock it out."""

    account = models.CharField(max_length=64)
    """As in LogInAttempt."""
    address = models.GenericIPAddressField()
    last_success_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["account", "address"], name="known_once")]

    def __str__(self) -> str:
        return f"{self.address}, last used {self.last_success_at:%Y-%m-%d}"


class LogIn(models.Model):
    """Where somebody is logged in: a browser's session, or the tokens that a script got for a password.

    The row of a session goes with it. That of a script has the id of its tokens' family.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="log_ins")
    session = models.OneToOneField(
        "sessions.Session", on_delete=models.CASCADE, null=True, blank=True, related_name="log_in"
    )
    """None for a script."""
    address = models.GenericIPAddressField()
    user_agent = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    """Of a session, to the minute."""

    def __str__(self) -> str:
        return f"{self.user} from {self.address}"


class Invitation(models.Model):
    """A link that makes somebody a user, and a member of a site. Only the hash of its secret is kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    site = models.ForeignKey(Site, on_delete=models.CASCADE, null=True, blank=True, related_name="invitations")
    """None where somebody registered by themselves: that gives an account and no rights."""
    role = models.PositiveSmallIntegerField(choices=Role, default=Role.VIEWER)
    email = models.EmailField(blank=True)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    """When it was accepted or taken back: it works once."""

    def __str__(self) -> str:
        return f"to {self.site or 'Vigil'} as {self.get_role_display()}"


class SecondFactor(models.Model):
    """An app that shows codes (TOTP, RFC 6238: SHA-1, six digits, thirty seconds)."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, primary_key=True, related_name="second_factor")
    secret = EncryptedTextField()
    """In Base32."""
    confirmed_at = models.DateTimeField(null=True, blank=True)
    """When the first code was right; before that it is not asked for."""
    last_step = models.BigIntegerField(default=0)
    """The number of the time step whose code was accepted last: each is accepted once."""

    def __str__(self) -> str:
        return f"of {self.user}"


class RecoveryCode(models.Model):
    """What opens the account once where the app is lost. Only its hash is kept."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="recovery_codes")
    digest = models.CharField(max_length=64, unique=True, editable=False)

    def __str__(self) -> str:
        return f"of {self.user}"
