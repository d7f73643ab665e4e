"""The rows of the audit trail: each holds the digest of the one before it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, NoReturn, Self

from django.db import models

from project.accounts.rights import SiteOwnedQuerySet, sees_every_site

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from project.accounts.models import User


class AppendOnlyError(RuntimeError):
    """Entries are added by `project.audit.trail` and never changed."""

    def __init__(self) -> None:
        super().__init__("The audit trail is append-only.")


class AuditQuerySet(SiteOwnedQuerySet):
    """Entries to read. A site is kept by its number, so that an entry outlives it."""

    site_lookup = "site_id"

    def for_user(self, user: User | AnonymousUser, *, at_least: int = 0) -> Self:
        """Also what belongs to no site, or to one that is gone, where nothing is hidden from the user."""
        return self if sees_every_site(user, at_least=at_least) else super().for_user(user, at_least=at_least)

    def update(self, **_: Any) -> NoReturn:
        """Never."""
        raise AppendOnlyError

    def delete(self) -> NoReturn:
        """Never: see `project.audit.pruning`."""
        raise AppendOnlyError


class AuditEntry(models.Model):
    """Somebody did something. No foreign keys: what is deleted elsewhere changes nothing here."""

    number = models.PositiveBigIntegerField(primary_key=True)
    """Consecutive from 1, without holes."""
    at = models.DateTimeField(db_index=True)
    action = models.CharField(max_length=64, db_index=True)
    """Such as camera.changed: the thing, then what was done."""
    user_id = models.BigIntegerField(null=True)
    """Null: nobody who was logged in, or Vigil itself."""
    user_name = models.CharField(max_length=150, blank=True)
    site_id = models.BigIntegerField(null=True)
    site_name = models.CharField(max_length=120, blank=True)
    target_kind = models.CharField(max_length=64, blank=True)
    target_id = models.CharField(max_length=64, blank=True)
    target_name = models.CharField(max_length=200, blank=True)
    changes = models.TextField(blank=True)
    """JSON as text, since a database may write JSON differently from how it came: {field: [old, new]}."""
    details = models.TextField(blank=True)
    """JSON as text."""
    address = models.CharField(max_length=64, blank=True)
    """The IP address that asked."""
    way = models.CharField(max_length=16)
    """session, token, admin, or system: nobody asked over the network."""
    request_id = models.CharField(max_length=64, blank=True)
    """As in the logs."""
    previous = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64)

    objects = AuditQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-number"]
        verbose_name_plural = "audit entries"
        indexes: ClassVar = [
            models.Index(fields=["site_id", "-number"], name="audit_newest_in_site"),
            models.Index(fields=["user_id", "-number"], name="audit_newest_of_user"),
            models.Index(fields=["target_id", "action", "-at"], name="audit_of_target"),
        ]

    def __str__(self) -> str:
        return f"#{self.number} {self.action}"

    def save(self, *, force_insert: Any = False, using: str | None = None, **_: Any) -> None:
        """Once."""
        if not (force_insert and self._state.adding):
            raise AppendOnlyError
        super().save(force_insert=True, using=using)

    def delete(self, *_: Any, **__: Any) -> NoReturn:
        """Never."""
        raise AppendOnlyError


class AuditHead(models.Model):
    """The one row that says where the trail ends; whoever appends holds its lock until the end of the transaction."""

    number = models.PositiveBigIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True, default="")
    pruned_through = models.PositiveBigIntegerField(default=0)
    """Entries up to this one may be deleted: an entry of the trail itself says so."""
    told = models.PositiveBigIntegerField(default=0)
    """The number that the webhook has heard of."""

    def __str__(self) -> str:
        return f"#{self.number}"
