"""The one way in which entries leave the trail: the oldest first, and the trail says so itself.

An entry `audit.pruned` names the last entry that goes and its digest: from there on the chain is verified as before.
"""

from __future__ import annotations

import time
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from project.audit import trail
from project.audit.models import AuditEntry, AuditHead, AuditQuerySet

PRUNED = "audit.pruned"
STEP = 200
PAUSE = 0.01
"""Seconds between two steps, so that others write in between."""


def prune(*, before: datetime, by: trail.Person | None = None) -> int:
    """Delete the oldest entries up to the first that is not older than that, in short transactions; returns how many.

    What an interrupted run left goes with the next one.
    """
    # Not by time alone: a clock that was wrong for a moment dates an entry years back, or ahead.
    young = AuditEntry.objects.filter(at__gte=before, at__lte=timezone.now()).order_by("number").first()
    old = AuditEntry.objects.filter(number__lt=young.number) if young else AuditEntry.objects.all()
    newest = old.order_by("-number").first()
    if newest is None:
        return 0
    if newest.number > _pruned_through():
        with transaction.atomic():
            details = {"through": newest.number, "digest": newest.digest, "before": before.isoformat()}
            trail.record(PRUNED, by=by, details=details)
            AuditHead.objects.filter(pk=1).update(pruned_through=newest.number)
    pruned = 0
    while numbers := list(_old().values_list("number", flat=True)[:STEP]):
        AuditEntry.objects.filter(number__in=numbers)._raw_delete("default")
        pruned += len(numbers)
        time.sleep(PAUSE)
    return pruned


def _pruned_through() -> int:
    return AuditHead.objects.values_list("pruned_through", flat=True).first() or 0


def _old() -> AuditQuerySet:
    return AuditEntry.objects.filter(number__lte=_pruned_through()).order_by("number")
