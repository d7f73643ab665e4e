"""What people are told within Vigil. The only writer of `InboxItem`."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from events import broadcast
from notifications.composing import link_of
from notifications.message import Message
from notifications.models import Delivery, InboxItem
from project.accounts.models import User
from project.accounts.rights import sites_of

LOUD = frozenset({Delivery.Reason.FIRST, Delivery.Reason.WORSE, Delivery.Reason.ESCALATION, Delivery.Reason.OFFLINE})
"""What makes an item that was read unread again; a count does not."""


def put_into_inbox(delivery: Delivery, message: Message, now: datetime) -> None:
    """Show it, in place of what was shown of the same notice. A second call changes nothing more."""
    values: dict[str, Any] = {
        "site_id": delivery.site_id,
        "severity": message.severity,
        "title": message.title,
        "body": message.body,
        "link": link_of(delivery),
        "at": message.at,
        "created_at": now,
    }
    if delivery.reason in LOUD:
        values["read_at"] = None
    if delivery.notice_id is None:
        InboxItem.objects.update_or_create(pk=delivery.pk, defaults=values, create_defaults=values | _whose(delivery))
    else:
        InboxItem.objects.update_or_create(**_whose(delivery), defaults=values)


def inbox_of(user: User) -> QuerySet[InboxItem]:
    """What may be seen of it: a site that was left takes its items along."""
    return InboxItem.objects.filter(Q(site=None) | Q(site__in=sites_of(user)), user=user)


def mark_read(*, user: User, ids: Collection[UUID] | None = None) -> int:
    """These items are read, or all of them; returns how many were not before. Other open pages of theirs are told."""
    items = inbox_of(user).filter(read_at=None)
    if ids is not None:
        items = items.filter(pk__in=ids)
    marked = items.update(read_at=timezone.now())
    if marked:
        transaction.on_commit(partial(broadcast.inbox_changed, user_id=user.pk))
    return marked


def _whose(delivery: Delivery) -> dict[str, Any]:
    return {"user_id": delivery.recipient_id, "notice_id": delivery.notice_id}
