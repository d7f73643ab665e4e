"""How cameras are, as the live view tells it: what REST shows, in one query for all that are watched."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from channels.db import database_sync_to_async
from rest_framework.utils.encoders import JSONEncoder

from cameras.health import CameraHealth, health_of, with_health
from cameras.models import Camera


@dataclass(frozen=True, slots=True)
class Status:
    """A camera's site, by which it may be seen, and the message that tells how it is."""

    site_id: int
    message: Mapping[str, Any]
    """{"type": "camera.status", "camera": id} and the fields of `health` in REST."""


@database_sync_to_async
def statuses_of(camera_ids: Collection[UUID]) -> dict[UUID, Status]:
    """By camera id; a camera that does not exist is missing."""
    cameras = with_health(Camera.objects.filter(pk__in=camera_ids))
    return {camera.pk: Status(camera.site_id, _message(camera)) for camera in cameras}


def _message(camera: Camera) -> dict[str, Any]:
    now: float = camera.database_now  # type: ignore[attr-defined] # annotated by with_health
    return {"type": "camera.status", "camera": str(camera.pk)} | _represent(health_of(camera, now=now))


def _represent(health: CameraHealth) -> dict[str, Any]:
    values: dict[str, Any] = json.loads(json.dumps(asdict(health), cls=JSONEncoder))
    return values
