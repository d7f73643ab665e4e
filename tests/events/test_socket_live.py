"""`/ws/live`: who sees which picture when, against the real application and a real Valkey."""

from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any
from uuid import UUID, uuid4

import pytest
import redis
from channels.db import database_sync_to_async
from django.conf import settings

from cameras.models import Camera
from events import live_hub
from events.camera_status import statuses_of
from events.live_frames import DEMAND, KEPT_MILLISECONDS, NOTICE, Demand, LiveHeader, frame_key, pack
from events.live_hub import LiveHub
from inference.live import LivePublisher
from project.accounts.models import Membership, Site, User
from tests.factories import make_camera
from tests.support import redis_settings
from tests.support.processes import wait_until
from tests.support.sockets import SocketClient, open_socket
from tests.support.valkey import ValkeyServer, run_server

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _redis(settings: Any, valkey: ValkeyServer) -> None:
    redis_settings.use(settings, valkey)


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


async def test_picture_reaches_the_viewer_with_its_age(viewer: User, camera: Camera) -> None:
    async with open_socket("/ws/live", viewer) as socket:
        await subscribed(socket, camera)
        await listening()
        await asyncio.to_thread(show, camera.pk, 7, age=0.5, jpeg=b"\xff\xd8jpeg")
        frame = await socket.next("frame")
    assert frame["jpeg"] == b"\xff\xd8jpeg"
    assert frame["header"].sequence == 7
    assert 0.5 <= frame["age"] < 1.0


async def test_foreign_and_unknown_cameras_are_not_found(stranger: User, camera: Camera) -> None:
    async with open_socket("/ws/live", stranger) as socket:
        for wanted in (str(camera.pk), str(uuid4()), "no id", 5, None):
            await socket.send(type="subscribe", camera=wanted)
            assert (await socket.next("error"))["code"] == "not_found"
        async with showing(camera.pk, fps=20):
            assert await socket.all(0.5) == []


async def test_viewer_has_a_credit_of_two_and_gets_the_newest(viewer: User, camera: Camera) -> None:
    async with open_socket("/ws/live", viewer) as socket:
        await subscribed(socket, camera, fps=15)
        await listening()
        async with showing(camera.pk, fps=25):
            first = [message for message in await socket.all(1.5) if message["type"] == "frame"]
            assert len(first) == 2
            await socket.send(type="ack", camera=str(camera.pk))
            newest = await socket.next("frame")
            assert newest["header"].sequence > first[-1]["header"].sequence + 10
            assert newest["age"] < 0.5


async def test_slow_viewer_delays_nobody(viewer: User, operator: User, camera: Camera) -> None:
    async with open_socket("/ws/live", viewer) as slow, open_socket("/ws/live", operator) as quick:
        await subscribed(slow, camera, fps=15)
        await subscribed(quick, camera, fps=15)
        async with showing(camera.pk, fps=20):
            ages = []
            for _ in range(15):
                frame = await quick.next("frame")
                ages.append(frame["age"])
                await quick.send(type="ack", camera=str(camera.pk))
        assert max(ages) < 0.5
        assert sum(message["type"] == "frame" for message in await slow.all(0.2)) == 2


async def test_viewer_gets_no_more_pictures_than_wanted(viewer: User, camera: Camera) -> None:
    async with open_socket("/ws/live", viewer) as socket:
        await subscribed(socket, camera, fps=2)
        await listening()
        async with showing(camera.pk, fps=25):
            deadline, frames = time.monotonic() + 2.0, 0
            while (left := deadline - time.monotonic()) > 0:
                message = await socket.any(left)
                if message and message["type"] == "frame":
                    frames += 1
                    await socket.send(type="ack", camera=str(camera.pk))
    assert 3 <= frames <= 6


async def test_old_picture_is_never_sent_and_the_viewer_is_told(viewer: User, camera: Camera) -> None:
    async with open_socket("/ws/live", viewer) as socket:
        await subscribed(socket, camera)
        await listening()
        await asyncio.to_thread(show, camera.pk, 1)
        await socket.next("frame")
        shown = time.monotonic()
        stale = await socket.next("stale", seconds=3)
        assert 1.9 < time.monotonic() - shown < 2.8
        assert abs(stale["since"] - (time.time() - 2)) < 1
        await asyncio.to_thread(show, camera.pk, 2, age=2.5)
        assert not [message for message in await socket.all(0.5) if message["type"] in ("frame", "stale")]
        await asyncio.to_thread(show, camera.pk, 3)
        assert (await socket.next("frame"))["header"].sequence == 3


async def test_picture_of_a_superseded_worker_is_not_shown(viewer: User, camera: Camera) -> None:
    async with open_socket("/ws/live", viewer) as socket:
        await subscribed(socket, camera)
        await listening()
        for sequence, epoch in ((1, 2), (9, 1), (0, 3)):
            await asyncio.to_thread(show, camera.pk, sequence, epoch=epoch)
            await asyncio.sleep(0.3)
        frames = [message["header"] for message in await socket.all(0.3) if message["type"] == "frame"]
        assert [(header.epoch, header.sequence) for header in frames] == [(2, 1), (3, 0)]


async def test_camera_without_pictures_is_stale_since_ever(viewer: User, camera: Camera) -> None:
    async with open_socket("/ws/live", viewer) as socket:
        await subscribed(socket, camera)
        assert (await socket.next("stale", seconds=3))["since"] is None


async def test_status_is_told_when_it_changes(viewer: User, camera: Camera) -> None:
    async with open_socket("/ws/live", viewer) as socket:
        await socket.send(type="subscribe", camera=str(camera.pk))
        status = await socket.next("camera.status", seconds=1)
        assert (status["camera"], status["state"]) == (str(camera.pk), "waiting")
        stop = database_sync_to_async(Camera.objects.filter(pk=camera.pk).update)
        await stop(desired_state=Camera.DesiredState.STOPPED)
        assert (await socket.next("camera.status", seconds=1.6))["state"] == "stopped"
        assert not [message for message in await socket.all(1.2) if message["type"] == "camera.status"]


async def test_viewer_who_comes_while_the_states_are_read_keeps_the_camera(
    viewer: User, camera: Camera, monkeypatch: pytest.MonkeyPatch
) -> None:
    reading, read = asyncio.Event(), asyncio.Event()

    async def slowly(camera_ids: Any) -> Any:
        reading.set()
        await read.wait()
        return await statuses_of(camera_ids)

    second = await database_sync_to_async(make_camera)(site=camera.site)
    monkeypatch.setattr(live_hub, "statuses_of", slowly)
    async with open_socket("/ws/live", viewer) as socket:
        await socket.send(type="subscribe", camera=str(camera.pk))
        await reading.wait()
        await socket.send(type="subscribe", camera=str(second.pk))
        assert await socket.any(0.3) is None
        read.set()
        told = [await socket.next_where(lambda message: message["type"] != "stale") for _ in range(2)]
        assert {message["camera"] for message in told} == {str(camera.pk), str(second.pk)}
        assert {message["type"] for message in told} == {"camera.status"}


async def test_right_taken_away_ends_the_pictures_within_a_second(viewer: User, camera: Camera, site: Site) -> None:
    async with open_socket("/ws/live", viewer) as socket:
        await subscribed(socket, camera)
        await listening()
        async with showing(camera.pk, fps=10):
            await socket.next("frame")
            await database_sync_to_async(Membership.objects.filter(user=viewer).delete)()
            error = await socket.next("error", seconds=1.0)
            assert (error["code"], error["camera"]) == ("not_found", str(camera.pk))
            await socket.send(type="ack", camera=str(camera.pk))
            assert await socket.all(0.5) == []


async def test_camera_that_is_deleted_or_moved_is_lost(viewer: User, camera: Camera, other_site: Site) -> None:
    moved = await database_sync_to_async(make_camera)(site=camera.site)
    async with open_socket("/ws/live", viewer) as socket:
        for each in (camera, moved):
            await subscribed(socket, each)
        await database_sync_to_async(camera.delete)()
        await database_sync_to_async(Camera.objects.filter(pk=moved.pk).update)(site=other_site)
        lost = {(await socket.next("error", seconds=2))["camera"] for _ in range(2)}
        assert len(lost) == 2
        assert not LiveHub.here().members


async def test_workers_hear_what_is_watched_and_when_it_is_not_any_more(viewer: User, camera: Camera) -> None:
    publisher = LivePublisher(settings.REDIS_URL)

    async def wanted(fps: float) -> None:
        what = f"{fps:g} pictures a second to be wanted"
        await asyncio.to_thread(wait_until, lambda: publisher.wanted(camera.pk) == fps, seconds=2, what=what)

    async with open_socket("/ws/live", viewer) as socket:
        await subscribed(socket, camera)
        await wanted(camera.live_fps)
        await socket.send(type="subscribe", camera=str(camera.pk), fps=15)
        await wanted(15.0)
        await socket.send(type="subscribe", camera=str(camera.pk), fps=1000)
        await asyncio.sleep(0.2)
        await wanted(15.0)
        await asyncio.sleep(3.5)  # longer than a wish is held: it is renewed
        await wanted(15.0)
        await socket.send(type="unsubscribe", camera=str(camera.pk))
        await wanted(0.0)
        await subscribed(socket, camera)
        await wanted(camera.live_fps)
    await wanted(0.0)
    publisher.close()


async def test_picture_from_worker_to_viewer(viewer: User, camera: Camera) -> None:
    publisher = LivePublisher(settings.REDIS_URL)
    async with open_socket("/ws/live", viewer) as socket:
        await subscribed(socket, camera)
        await listening()
        header = LiveHeader(camera=camera.pk, epoch=1, sequence=1, at=time.time(), score=1.5, threshold=2.0)
        began = time.monotonic()
        publisher.publish(header, b"jpeg", monotonic=began - 0.1)
        frame = await socket.next("frame")
        assert frame["header"] == header
        assert 0.1 <= frame["age"] <= 0.1 + time.monotonic() - began + 0.01
    publisher.close()


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
                await socket.next("stale", seconds=4)
                await socket.send(type="ack", camera=str(camera.pk))
                await asyncio.to_thread(server.start)
                began = time.monotonic()
                await socket.next("frame", seconds=5)
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
                await socket.next("stale", seconds=3)
            finally:
                server.process.send_signal(signal.SIGCONT)
            await listening()
            await asyncio.to_thread(show, camera.pk, 2)
            frame = await socket.next("frame", seconds=5)
            assert frame["header"].sequence == 2
