"""What people say of a camera's judgement, and what its worker learns from that.

A false alarm teaches: while it is not undone, things like those of the event do not alarm again on that camera. What
was missed is kept and counted; it lowers no threshold, since one miss says nothing about how many alarms it would cost.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from cameras.models import Camera
from cameras.services import renew_settings
from events.models import Event, EventAlias, Feedback
from events.records import FEATURES, features_name
from project.accounts.models import User
from project.audit import trail
from project.errors import Invalid

MOST_TAUGHT = 100
"""False alarms that a camera's worker is told of, the newest: many take time wherever something surprises."""


def teach_false_alarm(*, event: Event, by: User, note: str = "") -> Feedback:
    """Have the event's worker forgive its like from its next heartbeat on. To be called where the event is locked."""
    taught = Feedback.objects.create(
        camera_id=event.camera_id, event=event, kind=Feedback.Kind.FALSE_ALARM, by=by, note=note
    )
    renew_settings(camera_id=event.camera_id)
    return taught


def undo_false_alarm(*, event: Event) -> bool:
    """Have it alarm again; False where the event taught nothing. To be called where the event is locked."""
    undone = _taught().filter(event=event).update(undone_at=timezone.now())
    if undone:
        renew_settings(camera_id=event.camera_id)
    return bool(undone)


def features_kept(*, event_ids: Collection[UUID]) -> None:
    """Have the worker hear of what events teach that were called false alarms before their features were kept."""
    late = _taught().filter(Q(event__in=event_ids) | Q(event__aliases__in=event_ids))
    for camera_id in set(late.values_list("camera_id", flat=True)):
        renew_settings(camera_id=camera_id)


def report_missed(*, camera: Camera, by: User, moment: datetime, note: str = "") -> Feedback:
    """Keep that there should have been an alarm. Raises Invalid where the moment is still to come."""
    if moment > timezone.now():
        sentence = "This moment is still to come: give the time at which something was missed."
        raise Invalid("Nothing can have been missed yet.", fields={"moment": [sentence]})
    with transaction.atomic():
        row = Feedback.objects.create(camera=camera, kind=Feedback.Kind.MISSED, by=by, moment=moment, note=note)
        trail.record("camera.missed", by=by, target=camera, details={"moment": moment.isoformat(), "note": note})
    return row


def patterns_of(camera_id: UUID) -> list[bytes]:
    """What the events were scored from that count as false alarms on this camera, oldest first."""
    newest = _taught().filter(camera_id=camera_id).order_by("-at")[:MOST_TAUGHT]
    contents = [bytes(row.pattern) if row.pattern else features_of(row.event_id) for row in newest]
    return [content for content in reversed(contents) if content]


def features_of(event_id: UUID | None) -> bytes | None:
    """What a worker scored the event from; None where nothing is kept of that."""
    if event_id is None:
        return None
    evidence = Event.objects.filter(pk=event_id).values_list("evidence", flat=True).first() or {}
    aliases = EventAlias.objects.filter(event_id=event_id).values_list("pk", flat=True)
    for name in [evidence.get(FEATURES, ""), *map(features_name, [event_id, *aliases])]:
        if name and default_storage.exists(name):
            with default_storage.open(name) as file:
                content: bytes = file.read()
            return content
    return None


def keep_patterns(event_ids: Sequence[UUID]) -> None:
    """Note what these events teach, so that it stays when they are removed."""
    for row in _taught().filter(event_id__in=event_ids):
        Feedback.objects.filter(pk=row.pk).update(pattern=features_of(row.event_id))


def _taught() -> QuerySet[Feedback]:
    return Feedback.objects.filter(kind=Feedback.Kind.FALSE_ALARM, undone_at=None)
