"""Forgets what was told longer ago than an instance keeps, in writes that hold nobody up."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from notifications.models import Attempt, Delivery, Escalation, InboxItem, Notice, Outage, Snooze

STEP = 200
"""Rows in one write; some milliseconds."""


def retire(*, now: datetime | None = None) -> int:
    """Remove what is older than VIGIL_RETENTION_DAYS and over; returns how many deliveries."""
    now = now or timezone.now()
    before = now - timedelta(days=settings.VIGIL_RETENTION_DAYS)
    deliveries = Delivery.objects.filter(created_at__lt=before)
    _remove(Attempt.objects.filter(delivery__in=deliveries))
    removed = _remove(deliveries)
    _remove(InboxItem.objects.filter(created_at__lt=before))
    notices = Notice.objects.filter(created_at__lt=before, closed_at__lt=before)
    _remove(Escalation.objects.filter(notice__in=notices))
    told = Outage.objects.exclude(notice=None).values("notice")
    empty = notices.exclude(pk__in=told).filter(deliveries=None)
    _remove(empty.exclude(pk__in=InboxItem.objects.exclude(notice=None).values("notice")))
    _remove(Snooze.objects.filter(until__lt=now - timedelta(days=1)))
    return removed


def _remove(rows: QuerySet[Any]) -> int:
    """Delete the rows, to which no others belong any more."""
    removed = 0
    while ids := list(rows.order_by().values_list("pk", flat=True)[:STEP]):
        removed += rows.model._base_manager.filter(pk__in=ids)._raw_delete(rows.db)
    return removed
