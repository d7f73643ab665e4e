"""`/ws/events`: what an open socket hears of its sites, against the real application and a real Valkey."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Any

import pytest
import redis
from channels.db import database_sync_to_async
from django.conf import settings

from events.broadcast import GROUP, event_changed, inbox_changed
from events.event_hub import EventHub
from project.accounts.models import Membership, Role, Site, User
from tests.support import redis_settings
from tests.support.processes import wait_until
from tests.support.sockets import open_socket
from tests.support.valkey import ValkeyServer, run_server

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _redis(settings: Any, valkey: ValkeyServer) -> None:
    redis_settings.use(settings, valkey)


async def listening() -> None:
    """Waits until the hub of this process hears what is told."""
    channel = f"asgi__group__{GROUP}"
    with redis.Redis.from_url(settings.REDIS_URL) as client:
        heard = partial(client.pubsub_numsub, channel)
        await asyncio.to_thread(wait_until, lambda: heard()[0][1] > 0, seconds=5, what="the hub to listen")


def tell(site: Site, sequence: int) -> None:
    event_changed(site_id=site.pk, sequence=sequence, event={"id": f"event-{sequence}", "score": 2.5})


def count_to(site: Site, sequence: int) -> None:
    Site.objects.filter(pk=site.pk).update(event_sequence=sequence)


async def test_hello_names_the_visitors_sites_and_their_numbers(viewer: User, site: Site, other_site: Site) -> None:
    await database_sync_to_async(count_to)(site, 41)
    async with open_socket("/ws/events", viewer) as socket:
        assert await socket.any(2) == {"type": "hello", "sites": {str(site.pk): 41}}


async def test_change_reaches_the_socket_as_rest_shows_it(viewer: User, site: Site) -> None:
    async with open_socket("/ws/events", viewer) as socket:
        await socket.next("hello")
        await listening()
        tell(site, 7)
        assert await socket.next("event.changed") == {
            "type": "event.changed",
            "site": site.pk,
            "sequence": 7,
            "event": {"id": "event-7", "score": 2.5},
        }


async def test_stranger_hears_nothing_of_the_site(viewer: User, stranger: User, site: Site, other_site: Site) -> None:
    async with open_socket("/ws/events", viewer) as socket, open_socket("/ws/events", stranger) as other:
        await listening()
        tell(site, 1)
        tell(other_site, 5)
        assert (await other.next("event.changed"))["sequence"] == 5
        assert (await socket.next("event.changed"))["sequence"] == 1
        assert not [heard for heard in await other.all(0.3) if heard["type"] == "event.changed"]


async def test_superuser_hears_of_every_site(superuser: User, site: Site, other_site: Site) -> None:
    async with open_socket("/ws/events", superuser) as socket:
        assert set((await socket.next("hello"))["sites"]) == {str(site.pk), str(other_site.pk)}
        await listening()
        tell(other_site, 3)
        assert (await socket.next("event.changed"))["site"] == other_site.pk


async def test_numbers_are_told_every_two_seconds(viewer: User, site: Site, django_assert_max_num_queries: Any) -> None:
    async with open_socket("/ws/events", viewer) as socket, open_socket("/ws/events", viewer) as second:
        await database_sync_to_async(count_to)(site, 12)
        expected = {"type": "sequence", "sites": {str(site.pk): 12}}
        assert await socket.next("sequence") == expected
        assert await second.next("sequence") == expected


async def test_new_right_is_greeted_and_heard(viewer: User, site: Site, other_site: Site) -> None:
    async with open_socket("/ws/events", viewer) as socket:
        await socket.next("hello")
        await database_sync_to_async(Membership.objects.create)(user=viewer, site=other_site, role=Role.VIEWER)
        hello = await socket.next("hello")
        assert set(hello["sites"]) == {str(site.pk), str(other_site.pk)}
        await listening()
        tell(other_site, 9)
        assert (await socket.next("event.changed"))["sequence"] == 9


async def test_client_that_does_not_read_is_let_go(viewer: User, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    async with open_socket("/ws/events", viewer) as socket:
        await socket.next("hello")
        (slow,) = EventHub.here().members
        blocked = asyncio.Event()

        async def never(*arguments: Any, **more: Any) -> None:
            await blocked.wait()

        monkeypatch.setattr(slow, "send", never)
        async with open_socket("/ws/events", viewer) as healthy:
            await listening()
            for last in range(49, 600, 50):
                for sequence in range(last - 49, last + 1):
                    tell(site, sequence)
                await healthy.next_where(lambda message: message.get("sequence") == last)  # noqa: B023 - awaited at once
            assert await socket.next("close") == {"type": "close", "code": 1013}
            assert slow not in EventHub.here().members
            assert len(EventHub.here().members) == 1


async def test_sockets_do_without_redis_and_hear_again_after(viewer: User, site: Site, settings: Any) -> None:
    with run_server() as server:
        redis_settings.use(settings, server)
        async with open_socket("/ws/events", viewer) as socket:
            await socket.next("hello")
            await listening()
            server.kill()
            tell(site, 1)  # lost: nobody raises, the numbers tell
            await database_sync_to_async(count_to)(site, 1)
            async with open_socket("/ws/events", viewer) as late:
                assert (await late.next("hello"))["sites"] == {str(site.pk): 1}
                assert (await socket.next("sequence"))["sites"] == {str(site.pk): 1}
                await asyncio.to_thread(server.start)

                async def told(sequence: int) -> None:
                    while True:
                        tell(site, sequence)
                        await asyncio.sleep(0.1)

                telling = asyncio.create_task(told(2))
                assert (await socket.next("event.changed"))["sequence"] == 2
                assert (await late.next("event.changed"))["sequence"] == 2
                telling.cancel()


async def test_what_is_new_in_an_inbox_is_told_to_its_owner_alone(viewer: User, operator: User, site: Site) -> None:
    async with open_socket("/ws/events", viewer) as mine, open_socket("/ws/events", operator) as other:
        await mine.next("hello")
        await other.next("hello")
        await listening()
        inbox_changed(user_id=viewer.pk)
        tell(site, 8)
        assert await mine.next("inbox.changed") == {"type": "inbox.changed"}
        heard = await other.next_where(lambda message: message["type"] in ("inbox.changed", "event.changed"))
        assert heard["type"] == "event.changed"
