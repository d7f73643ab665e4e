"""Who watched what: the one thing done here that changes nothing, and is written down all the same.

Once an hour for a person and what they watch: a player asks for a clip in many ranges, a wall of tiles comes and goes.
"""

from __future__ import annotations

from datetime import timedelta

import structlog
from channels.db import database_sync_to_async
from django.db import DatabaseError

from cameras.models import Camera
from events.models import Event
from project.accounts.models import User
from project.accounts.socket_rights import Visitor
from project.audit import origin, trail

log = structlog.get_logger(__name__)

EACH = timedelta(hours=1)


def note_clip_opened(*, event: Event, by: User) -> None:
    """Raises django.db.Error where it cannot be written: evidence is not looked at unseen."""
    trail.record_once("clip.opened", by=by, target=event, within=EACH, details={"camera": event.camera.name})


@database_sync_to_async
def note_watched_live(camera: Camera, visitor: Visitor, address: str) -> None:
    """In a thread, beside the pictures. Never raises: a live view that the database holds up is no live view."""
    way = origin.TOKEN if visitor.token_digest else origin.SESSION
    try:
        with origin.coming_from(address=address, way=way):
            user = User.objects.filter(pk=visitor.user_id).first()
            if user is not None:
                trail.record_once("camera.watched", by=user, target=camera, within=EACH)
    except DatabaseError as error:
        log.error("watching not recorded", camera=str(camera.pk), reason=type(error).__name__)
