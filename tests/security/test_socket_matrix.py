"""Every socket and everything that can be said to it, by each of the cast."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from channels.db import database_sync_to_async
from django.urls import URLPattern

from events.routing import websocket_urlpatterns
from tests.security.cast import World
from tests.security.policies import LOCKED_OUT, OUTSIDE, Person
from tests.support import redis_settings
from tests.support.sockets import Headers, SocketClient, cookie_headers
from tests.support.valkey import ValkeyServer

pytestmark = pytest.mark.django_db(transaction=True)

INSIDE = frozenset(Person) - LOCKED_OUT - OUTSIDE
OPENED_BY = {"ws/events": INSIDE | OUTSIDE, "ws/live": INSIDE | OUTSIDE}
"""Socket -> who may open it; what strangers hear and see there is nothing of the site's."""
ACTIONS: dict[str, frozenset[Person]] = {
    "ws/live subscribe": INSIDE,
    "ws/live unsubscribe": INSIDE | OUTSIDE,  # of what was never subscribed to: nothing happens
    "ws/live ack": INSIDE | OUTSIDE,
}
"""Socket and type of message -> to whom it does not say that there is no such camera."""


@pytest.fixture(autouse=True)
def _redis(settings: Any, valkey: ValkeyServer, media: Path) -> None:
    redis_settings.use(settings, valkey)


def sockets() -> Iterator[tuple[str, Any]]:
    """Path and class of each socket."""
    for entry in websocket_urlpatterns:
        assert isinstance(entry, URLPattern)
        consumer = getattr(entry.callback, "consumer_class", None)
        if str(entry.pattern):
            yield str(entry.pattern), consumer


def test_every_socket_and_every_action_has_a_row() -> None:
    assert {path for path, _ in sockets()} == set(OPENED_BY)
    assert {f"{path} {kind}" for path, consumer in sockets() for kind in consumer.actions} == set(ACTIONS)


@pytest.mark.parametrize("path", OPENED_BY)
async def test_who_may_open_it(path: str) -> None:
    world = await database_sync_to_async(World)()
    opened = set()
    for person in Person:
        socket = _socket(path, person, world)
        if await socket.connect() is None:
            opened.add(person)
            if path == "ws/events":
                sites = set((await socket.next("hello"))["sites"])
                assert (str(world.site.pk) in sites) == (person in INSIDE), person
        await socket.close()
    assert opened == OPENED_BY[path]


@pytest.mark.parametrize("action", ACTIONS)
async def test_who_may_say_it(action: str) -> None:
    path, _, kind = action.partition(" ")
    world = await database_sync_to_async(World)()
    heeded = set()
    for person in INSIDE | OUTSIDE:
        socket = _socket(path, person, world)
        assert await socket.connect() is None
        await socket.send(type=kind, camera=str(world.camera.pk))
        await socket.send(type="what?")  # answered after whatever the first is answered
        said = await socket.next("error")
        if said["code"] == "unknown_type":
            heeded.add(person)
        else:
            assert said["code"] == "not_found", person
        await socket.close()
    assert heeded == ACTIONS[action]


def _socket(path: str, person: Person, world: World) -> SocketClient:
    headers = _headers(person, world)
    return SocketClient(f"/{path}", headers)


def _headers(person: Person, world: World) -> Headers:
    hand = world.hands[person]
    if hand.session:
        return cookie_headers(hand.session)
    shown = [(b"authorization", f"Bearer {hand.secret}".encode())] if hand.secret else []
    return [(b"host", b"testserver"), *shown]
