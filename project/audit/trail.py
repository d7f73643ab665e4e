"""The only writer of the audit trail: `record` adds one entry in the caller's transaction.

* What is recorded happened, and what happened was recorded: both are in one transaction.
* Record last: the trail's head stays locked until the transaction ends, so whoever then waits for another row could
  be waiting for somebody who waits for the head.
* Values are never secret. Addresses of cameras are masked all the same, and so is what is named like a secret.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db import models, transaction
from django.utils import timezone

from project.accounts.models import Site
from project.audit import chain, heads, origin
from project.audit.models import AuditEntry, AuditHead
from project.logs import without_secrets
from project.masking import masked

Person = AbstractBaseUser | AnonymousUser
Changes = Mapping[str, tuple[Any, Any]]
"""Field -> what it was, what it is now."""
ADDRESSES = frozenset({"source", "analysis_source"})


def record(
    action: str,
    *,
    by: Person | None = None,
    site: Site | int | None = None,
    target: models.Model | None = None,
    changes: Changes | None = None,
    details: Mapping[str, Any] | None = None,
) -> None:
    """Add an entry; `by` None is Vigil itself, a site that is not said is the target's.

    Raises django.db.Error where it cannot be written: then the action must not happen either.
    """
    fields = {
        "at": timezone.now(),
        "action": action,
        **_person(by),
        **_site(getattr(target, "site_id", None) if site is None else site),
        **_target(target),
        "changes": _shown(changes),
        "details": _shown(details),
    }
    _append(fields)


def record_once(action: str, *, by: Person, target: models.Model, within: timedelta, **more: Any) -> bool:
    """Add an entry unless this person did this with the target a short while ago; whether one was added."""
    now = timezone.now()
    recent = AuditEntry.objects.filter(at__gt=now - within, at__lte=now)  # later ones: the clock was set back since
    known = recent.filter(target_id=str(target.pk), action=action, user_id=by.pk)
    if known.exists():
        return False
    record(action, by=by, target=target, **more)
    return True


def was_recorded(action: str, *, address: str, since: datetime) -> bool:
    """Whether somebody at this address did this since then."""
    recent = AuditEntry.objects.filter(at__gt=since, at__lte=timezone.now())
    return recent.filter(action=action, address=address).exists()


@transaction.atomic
def _append(fields: dict[str, Any]) -> None:
    head, _ = AuditHead.objects.select_for_update().get_or_create(pk=1)
    here = origin.current()
    fields = {
        "number": head.number + 1,
        **fields,
        "address": here.address[:64],
        "way": here.way,
        "request_id": here.request_id[:64],
    }
    digest = chain.digest_of(fields, previous=head.digest)
    AuditEntry(**fields, previous=head.digest, digest=digest).save(force_insert=True)
    AuditHead.objects.filter(pk=1).update(number=fields["number"], digest=digest)
    transaction.on_commit(lambda: heads.send(fields["number"], digest), robust=True)


def _shown(values: Mapping[str, Any] | None) -> str:
    """As JSON; addresses of cameras as people are shown them, and nothing else that is named like a secret."""
    if not values:
        return ""
    addresses = {name: [masked(str(value)) for value in values[name]] for name in ADDRESSES & values.keys()}
    return chain.to_json({**without_secrets(dict(values)), **addresses})


def _person(by: Person | None) -> dict[str, Any]:
    if by is None or by.pk is None:
        return {"user_id": None, "user_name": ""}
    return {"user_id": by.pk, "user_name": by.get_username()[:150]}


def _site(site: Site | int | None) -> dict[str, Any]:
    if isinstance(site, Site):
        return {"site_id": site.pk, "site_name": site.name}
    name = Site.objects.filter(pk=site).values_list("name", flat=True).first() if site else None
    return {"site_id": site, "site_name": name or ""}


def _target(target: models.Model | None) -> dict[str, str]:
    if target is None:
        return {"target_kind": "", "target_id": "", "target_name": ""}
    return {
        "target_kind": target._meta.model_name or "",
        "target_id": str(target.pk)[:64],
        "target_name": str(target)[:200],
    }
