"""`/ws/live` while Redis is killed or hangs."""

from __future__ import annotations

import asyncio
import signal
import time
from typing import Any

import pytest
import redis

from cameras.models import Camera
from events.live_frames import DEMAND, Demand
from project.accounts.models import User
from tests.events.showing import listening, show, showing, subscribed
from tests.support import redis_settings
from tests.support.sockets import open_socket
from tests.support.valkey import run_server

pytestmark = pytest.mark.django_db(transaction=True)


async def test_live_view_comes_back_after_redis_was_killed_and_is_empty(
    viewer: User, camera: Camera, settings: Any
) -> None:
    with run_server() as server:
        redis_settings.use(settings, server)
        async with open_socket("/ws/live", viewer) as socket:
            await subscribed(socket, camera)
            await listening()
            async with showing(camera.pk, fps=10):
                await socket.next("frame")
                await asyncio.to_thread(server.kill)
                await socket.next("stale")
                await socket.send(type="ack", camera=str(camera.pk))
                await asyncio.to_thread(server.start)
                began = time.monotonic()
                await socket.next("frame")
            with redis.Redis.from_url(server.url) as client, client.pubsub(ignore_subscribe_messages=True) as channel:
                channel.subscribe(DEMAND)
                left = 5 - (time.monotonic() - began)
                demands = [await asyncio.to_thread(channel.get_message, timeout=left) for _ in range(2)]
            heard = [Demand.from_bytes(message["data"]) for message in demands if message]
            assert heard[-1].cameras == {camera.pk: camera.live_fps}


async def test_frozen_redis_shows_no_old_picture(viewer: User, camera: Camera, settings: Any) -> None:
    with run_server() as server:
        redis_settings.use(settings, server)
        async with open_socket("/ws/live", viewer) as socket:
            await subscribed(socket, camera)
            await listening()
            await asyncio.to_thread(show, camera.pk, 1)
            await socket.next("frame")
            assert server.process is not None
            server.process.send_signal(signal.SIGSTOP)
            try:
                await socket.next("stale")
            finally:
                server.process.send_signal(signal.SIGCONT)
            await listening()
            await asyncio.to_thread(show, camera.pk, 2)
            frame = await socket.next("frame")
            assert frame["header"].sequence == 2
