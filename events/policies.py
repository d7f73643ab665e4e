"""For how long each site keeps what: its own rule or that of the instance."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from events.models import RetentionPolicy
from project.accounts.models import Site, User
from project.audit import trail
from project.errors import Invalid

INSTANCE: dict[str, Callable[[], int]] = {
    "recording_days": lambda: int(settings.VIGIL_RETENTION_RECORDING_DAYS),
    "media_days": lambda: int(settings.VIGIL_RETENTION_MEDIA_DAYS),
    "event_days": lambda: int(settings.VIGIL_RETENTION_DAYS),
}
"""What is kept -> for how many days, where a site does not say."""


def kept_days(site_id: int, kind: str) -> int:
    """For how many days this site keeps that kind, a key of INSTANCE."""
    own = RetentionPolicy.objects.filter(pk=site_id).values_list(kind, flat=True).first()
    return INSTANCE[kind]() if own is None else int(own)


def cutoffs(kind: str, now: datetime, *, site: str = "site") -> list[tuple[Q, datetime]]:
    """Which sites keep that kind since when; `site` is the lookup of a row's site."""
    own = dict(RetentionPolicy.objects.exclude(**{kind: None}).values_list("pk", kind))
    others = ~Q(**{f"{site}__in": list(own)}) if own else Q()
    chosen = [(Q(**{site: pk}), days) for pk, days in own.items()]
    return [(sites, now - timedelta(days=days)) for sites, days in [(others, INSTANCE[kind]()), *chosen]]


def set_policy(*, site: Site, by: User, **days: int | None) -> RetentionPolicy:
    """Change what is said, and keep the rest. Raises Invalid."""
    with transaction.atomic():
        policy: RetentionPolicy = RetentionPolicy.objects.select_for_update().get_or_create(site=site)[0]
        changes = {kind: (getattr(policy, kind), new) for kind, new in days.items() if getattr(policy, kind) != new}
        for kind, (_, new) in changes.items():
            setattr(policy, kind, new)
        try:
            policy.clean_fields()
        except ValidationError as error:
            raise Invalid("This cannot be kept so long.", fields=error.message_dict) from None
        if changes:
            policy.save(update_fields=list(changes))
            trail.record("retention.changed", by=by, target=site, site=site, changes=changes)
    return policy


def forget_policy(*, policy: RetentionPolicy, by: User) -> None:
    """Its site keeps everything as long as the instance does."""
    said = {kind: days for kind in INSTANCE if (days := getattr(policy, kind)) is not None}
    with transaction.atomic():
        RetentionPolicy.objects.filter(pk=policy.pk).delete()
        if said:
            changes = {kind: (days, None) for kind, days in said.items()}
            trail.record("retention.changed", by=by, target=policy.site, site=policy.site, changes=changes)
