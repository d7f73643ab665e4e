"""Who watches live is in the trail, and a trail that cannot be written does not darken the picture."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from channels.db import database_sync_to_async
from django.db import DatabaseError

from cameras.models import Camera
from project.accounts.models import User
from project.audit import trail
from project.audit.models import AuditEntry
from tests.events.showing import listening, show, subscribed
from tests.support import redis_settings
from tests.support.sockets import open_socket
from tests.support.valkey import ValkeyServer

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _redis(settings: Any, valkey: ValkeyServer) -> None:
    redis_settings.use(settings, valkey)


@database_sync_to_async
def watched() -> list[tuple[str, ...]]:
    """Who, what, how; oldest first."""
    rows = AuditEntry.objects.filter(action="camera.watched").order_by("number")
    return list(rows.values_list("user_name", "target_name", "way"))


async def see(viewer: User, camera: Camera) -> None:
    """Subscribe and get a picture."""
    async with open_socket("/ws/live", viewer) as socket:
        await subscribed(socket, camera)
        await listening()
        await asyncio.to_thread(show, camera.pk, 7, age=0.1, jpeg=b"\xff\xd8jpeg")
        assert (await socket.next("frame"))["jpeg"] == b"\xff\xd8jpeg"


async def test_watching_is_recorded_once_an_hour(viewer: User, camera: Camera) -> None:
    for _ in range(2):
        await see(viewer, camera)
    assert await watched() == [("vera", "Gate", "session")]


async def test_pictures_come_though_nothing_can_be_recorded(
    viewer: User, camera: Camera, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise DatabaseError("read-only")

    monkeypatch.setattr(trail, "record_once", fail)
    await see(viewer, camera)
    assert await watched() == []
