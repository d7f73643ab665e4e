"""The worker's side of the live view, against a real Valkey."""

from __future__ import annotations

import logging
import signal
import time
from collections.abc import Iterator
from statistics import median
from uuid import UUID, uuid4

import pytest
import redis

from events.live_frames import DEMAND, NOTICE, Demand, LiveHeader, frame_key, unpack
from inference.live import Demands, LivePublisher
from tests.support.processes import wait_until
from tests.support.valkey import ValkeyServer, run_server

CAMERA = UUID("00000000-0000-0000-0000-0000000000c1")


@pytest.fixture
def publisher(valkey: ValkeyServer) -> Iterator[LivePublisher]:
    publisher = LivePublisher(valkey.url)
    yield publisher
    publisher.close()


@pytest.fixture
def client(valkey: ValkeyServer) -> Iterator[redis.Redis]:
    with redis.Redis.from_url(valkey.url) as client:
        yield client


def demand(client: redis.Redis, camera: UUID, fps: float, *, hub: str = "web-1") -> int:
    """How many workers heard it."""
    return int(client.publish(DEMAND, Demand(hub, {camera: fps} if fps else {}).to_bytes()))


def header(sequence: int, *, camera: UUID = CAMERA) -> LiveHeader:
    return LiveHeader(camera=camera, epoch=3, sequence=sequence, at=1_700_000_000.0)


def test_wish_is_heard_at_once(publisher: LivePublisher, client: redis.Redis) -> None:
    assert publisher.wanted(CAMERA) == 0.0
    wait_until(lambda: demand(client, CAMERA, 5.0) > 0, seconds=5, what="the publisher to listen")
    wait_until(lambda: publisher.wanted(CAMERA) == 5.0, seconds=0.5, what="the wish to be heard", every=0.005)
    demand(client, CAMERA, 0)
    wait_until(lambda: publisher.wanted(CAMERA) == 0.0, seconds=0.5, what="the end of the wish", every=0.005)


def test_highest_wish_of_all_web_processes_wins() -> None:
    demands = Demands(clock=lambda: 100.0)
    demands.hear(Demand("web-1", {CAMERA: 5.0}))
    demands.hear(Demand("web-2", {CAMERA: 15.0}))
    assert demands.wanted(CAMERA) == 15.0
    demands.hear(Demand("web-2", {}))
    assert demands.wanted(CAMERA) == 5.0


def test_wish_of_a_silent_web_process_ends() -> None:
    now = [100.0]
    demands = Demands(clock=lambda: now[0])
    demands.hear(Demand("web-1", {CAMERA: 5.0}))
    now[0] += 2.9
    assert demands.wanted(CAMERA) == 5.0
    now[0] += 0.2
    assert demands.wanted(CAMERA) == 0.0


def test_picture_reaches_redis_with_its_age_and_a_notice(publisher: LivePublisher, client: redis.Redis) -> None:
    with client.pubsub(ignore_subscribe_messages=True) as notices:  # type: ignore[no-untyped-call]
        notices.subscribe(NOTICE)
        assert notices.get_message(timeout=1) is None  # the subscription itself
        captured = time.monotonic() - 0.4
        publisher.publish(header(7), b"\xff\xd8picture", monotonic=captured)
        notice = notices.get_message(timeout=10)
    assert notice is not None
    assert notice["data"] == str(CAMERA).encode()
    value = client.get(frame_key(CAMERA))
    assert isinstance(value, bytes)
    found, jpeg, age = unpack(value)
    assert found == header(7)
    assert jpeg == b"\xff\xd8picture"
    assert 0.4 <= age <= time.monotonic() - captured
    assert 0 < client.pttl(frame_key(CAMERA)) <= 3000


def test_old_picture_is_not_published(publisher: LivePublisher, client: redis.Redis) -> None:
    camera, later = uuid4(), uuid4()
    publisher.publish(header(1, camera=camera), b"old", monotonic=time.monotonic() - 2.5)
    publisher.publish(header(2, camera=later), b"new", monotonic=time.monotonic())
    wait_until(lambda: bool(client.exists(frame_key(later))), seconds=10, what="the newer picture")
    assert not client.exists(frame_key(camera))


def test_loop_never_waits_for_redis(caplog: pytest.LogCaptureFixture) -> None:
    with run_server() as server:
        publisher = LivePublisher(server.url)
        assert server.process is not None
        server.process.send_signal(signal.SIGSTOP)
        try:
            with caplog.at_level(logging.INFO, logger="inference.live"):
                took = []
                for number in range(40):
                    began = time.monotonic()
                    publisher.publish(header(number), bytes(60_000), monotonic=began)
                    took.append(time.monotonic() - began)
                    time.sleep(0.05)
        finally:
            server.process.send_signal(signal.SIGCONT)
        assert median(took) < 0.01
        assert max(took) < 0.5, "whoever waits for Redis waits for a second"
        assert publisher.dropped > 30
        assert [record.message for record in caplog.records].count("showing live pictures: back") == 0
        assert sum("showing live pictures" in record.message for record in caplog.records) == 1
        publisher.close()


def test_publisher_recovers_from_a_redis_that_was_killed_and_is_empty() -> None:
    with run_server() as server:
        publisher = LivePublisher(server.url)
        with redis.Redis.from_url(server.url) as client:
            wait_until(lambda: demand(client, CAMERA, 5.0) > 0, seconds=5, what="the publisher to listen")
        server.kill()
        publisher.publish(header(1), b"lost", monotonic=time.monotonic())
        wait_until(lambda: publisher.dropped > 0, seconds=10, what="the picture to be dropped")
        server.start()
        with redis.Redis.from_url(server.url) as client:

            def shown() -> bool:
                publisher.publish(header(2), b"picture", monotonic=time.monotonic())
                return bool(client.exists(frame_key(CAMERA))) and demand(client, CAMERA, 5.0) > 0

            wait_until(shown, seconds=5, what="pictures and wishes to travel again")
        wait_until(lambda: publisher.wanted(CAMERA) == 5.0, seconds=1, what="the wish to be heard")
        publisher.close()


@pytest.mark.parametrize(
    "data", [b"", b"\x00", b"\x00\x00\x00\x02{}jpeg", b"\xff\xff\xff\xff{}", b"\x00\x00\x00\x02[]x"]
)
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - it is the contract
        unpack(data)


@pytest.mark.parametrize("data", [b"", b"5", b"{}", b'{"hub": 1, "cameras": [1]}', b'{"hub": 1, "cameras": {"x": 1}}'])
def test_what_is_no_demand_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - it is the contract
        Demand.from_bytes(data)
