"""Evidence that is kept for ever: people flag an event, and retention leaves it alone. A writer as `services` is."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from events.changes import lock_event
from events.models import Event
from project.accounts.models import User
from project.audit import trail


def flag_event(*, event_id: UUID, by: User, note: str = "") -> Event:
    """Keep the event, its clip and its pictures for ever. Nothing changes where that is so already."""
    return _set(event_id, by, note, flagged=True)


def unflag_event(*, event_id: UUID, by: User, note: str = "") -> Event:
    """Let it go when its time is over. Nothing changes where that is so already."""
    return _set(event_id, by, note, flagged=False)


def _set(event_id: UUID, by: User, note: str, *, flagged: bool) -> Event:
    with transaction.atomic():
        event, changes = lock_event(event_id)
        if event.flagged == flagged:
            return event
        event.flagged = flagged
        kind = "flagged" if flagged else "unflagged"
        same = {"old_status": event.status, "new_status": event.status}
        changes.add(event, kind, at=timezone.now(), by=by, note=note, **same)
        event.save(update_fields=["flagged", "sequence"])
        changes.save()
        trail.record(f"event.{kind}", by=by, target=event, details={"note": note} if note else {})
    return event
