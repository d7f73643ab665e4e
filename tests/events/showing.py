"""What a worker does that shows pictures, and what a viewer's test waits for."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any
from uuid import UUID

import redis
from django.conf import settings

from cameras.models import Camera
from events.live_frames import KEPT_MILLISECONDS, NOTICE, LiveHeader, frame_key, pack
from tests.support.processes import wait_until
from tests.support.sockets import SocketClient


def show(camera_id: UUID, sequence: int, *, epoch: int = 1, age: float = 0.0, jpeg: bytes = b"picture") -> None:
    """What a worker does with a picture."""
    header = LiveHeader(camera=camera_id, epoch=epoch, sequence=sequence, at=1_700_000_000.0 + sequence)
    with redis.Redis.from_url(settings.REDIS_URL) as client:
        client.set(frame_key(camera_id), pack(header, jpeg, age=age), px=KEPT_MILLISECONDS)
        client.publish(NOTICE, str(camera_id))


@asynccontextmanager
async def showing(camera_id: UUID, *, fps: float, epoch: int = 1) -> AsyncIterator[None]:
    """A worker that shows a new picture all the time."""

    async def show_all() -> None:
        sequence = 0
        while True:
            with suppress(redis.RedisError):
                await asyncio.to_thread(show, camera_id, sequence, epoch=epoch)
            sequence += 1
            await asyncio.sleep(1 / fps)

    task = asyncio.create_task(show_all())
    try:
        yield
    finally:
        task.cancel()


async def subscribed(socket: SocketClient, camera: Camera, **more: Any) -> None:
    """Subscribes and waits for the camera's state, which is told to every new viewer."""
    await socket.send(type="subscribe", camera=str(camera.pk), **more)
    await socket.next("camera.status")


async def listening() -> None:
    """Waits until the hub of this process hears of pictures."""
    with redis.Redis.from_url(settings.REDIS_URL) as client:
        wanted = lambda: client.pubsub_numsub(NOTICE)[0][1] > 0  # noqa: E731
        await asyncio.to_thread(wait_until, wanted, seconds=5, what="the hub to listen")
