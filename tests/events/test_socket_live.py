"""`/ws/live`: who sees which picture when, against the real application and a real Valkey."""

from __future__ import annotations

import asyncio
import time
from statistics import median
from typing import Any
from uuid import uuid4

import pytest
from channels.db import database_sync_to_async
from django.conf import settings
from django.db import OperationalError

from cameras.models import Camera
from events import live_hub
from events.camera_status import statuses_of
from events.live_frames import STALE_SECONDS, LiveHeader
from events.live_hub import LiveHub
from inference.live import LivePublisher
from project.accounts.models import Membership, Site, User
from project.accounts.socket_rights import RightsWatch
from project.hubs import all_at_rest
from tests.events.showing import listening, show, showing, subscribed
from tests.factories import make_camera
from tests.support import redis_settings
from tests.support.processes import wait_until
from tests.support.sockets import SocketClient, cookie_headers, log_in, open_socket
from tests.support.valkey import ValkeyServer

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _redis(settings: Any, valkey: ValkeyServer) -> None:
    redis_settings.use(settings, valkey)


async def test_picture_reaches_the_viewer_with_its_age(viewer: User, camera: Camera) -> None:
    async with open_socket("/ws/live", viewer) as socket:
        await subscribed(socket, camera)
        await listening()
        began = time.monotonic()
        await asyncio.to_thread(show, camera.pk, 7, age=0.5, jpeg=b"\xff\xd8jpeg")
        frame = await socket.next("frame")
        took = time.monotonic() - began
    assert frame["jpeg"] == b"\xff\xd8jpeg"
    assert frame["header"].sequence == 7
    assert 0.5 <= frame["age"] <= 0.5 + took + 0.01


async def test_foreign_and_unknown_cameras_are_not_found(stranger: User, camera: Camera) -> None:
    async with open_socket("/ws/live", stranger) as socket:
        for wanted in (str(camera.pk), str(uuid4()), "no id", 5, None):
            await socket.send(type="subscribe", camera=wanted)
            assert (await socket.next("error"))["code"] == "not_found"
        async with showing(camera.pk, fps=20):
            assert await socket.all(0.5) == []


async def test_a_rate_that_no_float_holds_is_the_highest(viewer: User, camera: Camera) -> None:
    async with open_socket("/ws/live", viewer) as socket:
        await subscribed(socket, camera, fps=10**400)
        assert [subscription.fps for subscription in LiveHub.here().members] == [15.0]


async def test_a_socket_that_fails_leaves_no_wish_behind(
    viewer: User, camera: Camera, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: object) -> None:
        raise OperationalError("the database is away")

    socket = SocketClient("/ws/live", cookie_headers(await database_sync_to_async(log_in)(viewer)))
    assert await socket.connect() is None
    await subscribed(socket, camera)
    monkeypatch.setattr("events.consumers._find", away)
    await socket.send(type="subscribe", camera=str(uuid4()))
    with pytest.raises(OperationalError):
        await socket.close()
    assert not LiveHub.here().members
    assert not RightsWatch.here().members
    await all_at_rest()


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
            assert newest["age"] < 1.0, "the third picture waited all the time"


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
        assert median(ages) < 0.5
        assert sum(message["type"] == "frame" for message in await slow.all(0.2)) == 2


async def test_viewer_gets_no_more_pictures_than_wanted(viewer: User, camera: Camera) -> None:
    async with open_socket("/ws/live", viewer) as socket:
        await subscribed(socket, camera, fps=2)
        await listening()
        async with showing(camera.pk, fps=25):
            arrived = []
            for _ in range(5):
                await socket.next("frame")
                arrived.append(time.monotonic())
                await socket.send(type="ack", camera=str(camera.pk))
    assert arrived[-1] - arrived[0] > 1.2, "four pauses of about half a second"


async def test_old_picture_is_never_sent_and_the_viewer_is_told(viewer: User, camera: Camera) -> None:
    async with open_socket("/ws/live", viewer) as socket:
        await subscribed(socket, camera)
        await listening()
        began = time.time()
        await asyncio.to_thread(show, camera.pk, 1)
        await socket.next("frame")
        shown = time.time()
        stale = await socket.next("stale")
        assert time.time() > began + STALE_SECONDS
        assert began - 0.01 <= stale["since"] <= shown + 0.01
        await asyncio.to_thread(show, camera.pk, 2, age=2.5)
        assert not [message for message in await socket.all(0.5) if message["type"] in ("frame", "stale")]
        await asyncio.to_thread(show, camera.pk, 3)
        assert (await socket.next("frame"))["header"].sequence == 3


async def test_picture_of_a_superseded_worker_is_not_shown(viewer: User, camera: Camera) -> None:
    async with open_socket("/ws/live", viewer) as socket:
        await subscribed(socket, camera)
        await listening()
        await asyncio.to_thread(show, camera.pk, 1, epoch=2)
        assert (await socket.next("frame"))["header"].epoch == 2
        await asyncio.to_thread(show, camera.pk, 9, epoch=1)
        assert "frame" not in {message["type"] for message in await socket.all(0.5)}
        await asyncio.to_thread(show, camera.pk, 0, epoch=3)
        assert (await socket.next("frame"))["header"].epoch == 3


async def test_camera_without_pictures_is_stale_since_ever(viewer: User, camera: Camera) -> None:
    async with open_socket("/ws/live", viewer) as socket:
        await subscribed(socket, camera)
        assert (await socket.next("stale"))["since"] is None


async def test_status_is_told_when_it_changes(viewer: User, camera: Camera) -> None:
    async with open_socket("/ws/live", viewer) as socket:
        await socket.send(type="subscribe", camera=str(camera.pk))
        status = await socket.next("camera.status")
        assert (status["camera"], status["state"]) == (str(camera.pk), "waiting")
        stop = database_sync_to_async(Camera.objects.filter(pk=camera.pk).update)
        await stop(desired_state=Camera.DesiredState.STOPPED)
        assert (await socket.next("camera.status"))["state"] == "stopped"
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


async def test_right_taken_away_ends_the_pictures(viewer: User, camera: Camera, site: Site) -> None:
    async with open_socket("/ws/live", viewer) as socket:
        await subscribed(socket, camera)
        await listening()
        async with showing(camera.pk, fps=10):
            await socket.next("frame")
            await database_sync_to_async(Membership.objects.filter(user=viewer).delete)()
            error = await socket.next("error")
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
        lost = {(await socket.next("error"))["camera"] for _ in range(2)}
        assert len(lost) == 2
        assert not LiveHub.here().members


async def test_workers_hear_what_is_watched_and_when_it_is_not_any_more(viewer: User, camera: Camera) -> None:
    publisher = LivePublisher(settings.REDIS_URL)

    async def wanted(fps: float) -> None:
        what = f"{fps:g} pictures a second to be wanted"
        await asyncio.to_thread(wait_until, lambda: publisher.wanted(camera.pk) == fps, seconds=5, what=what)

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
