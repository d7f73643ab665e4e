"""Who may open a socket, and for how long it stays open."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from channels.db import database_sync_to_async
from django.contrib.sessions.models import Session
from django.utils import timezone

from project.accounts import socket_rights
from project.accounts.models import Site, Token, User
from project.accounts.rights import sites_of
from project.accounts.socket_rights import RightsWatch, Visitor, standing_of
from project.accounts.tokens import issue_tokens, revoke_log_in
from tests.support import redis_settings
from tests.support.sockets import SocketClient, cookie_headers, log_in, open_socket
from tests.support.valkey import ValkeyServer

pytestmark = pytest.mark.django_db(transaction=True)

PATHS = ["/ws/events", "/ws/live"]
HOST = (b"host", b"testserver")
FOREIGN = [
    None,
    b"null",
    b"http://elsewhere.example",
    b"http://testserver.elsewhere.example",
    b"http://testserver:8001",
    b"http://elsewhere.example@testserver",
    b"file://testserver",
    b"http://[testserver",
]


@pytest.fixture(autouse=True)
def _redis(settings: Any, valkey: ValkeyServer) -> None:
    redis_settings.use(settings, valkey)


@pytest.mark.parametrize("path", PATHS)
async def test_cookie_without_our_origin_is_refused(path: str, viewer: User) -> None:
    key = await database_sync_to_async(log_in)(viewer)
    for origin in FOREIGN:
        assert await refusal(SocketClient(path, cookie_headers(key, origin=origin))) == 4401, origin


@pytest.mark.parametrize("origin", [b"http://testserver", b"HTTP://TestServer", b"https://testserver"])
async def test_page_of_this_host_is_let_in(origin: bytes, viewer: User) -> None:
    key = await database_sync_to_async(log_in)(viewer)
    assert await refusal(SocketClient("/ws/events", cookie_headers(key, origin=origin))) is None


async def test_trusted_origin_is_let_in(viewer: User, settings: Any) -> None:
    settings.CSRF_TRUSTED_ORIGINS = ["https://vigil.example"]
    key = await database_sync_to_async(log_in)(viewer)
    assert await refusal(SocketClient("/ws/events", cookie_headers(key, origin=b"https://vigil.example"))) is None


async def test_host_that_is_not_ours_is_refused_though_the_origin_matches(viewer: User, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["vigil.example"]  # or a name rebound to this address would do
    key = await database_sync_to_async(log_in)(viewer)
    assert await refusal(SocketClient("/ws/events", cookie_headers(key))) == 4401


async def test_plain_page_is_refused_where_cookies_need_https(viewer: User, settings: Any) -> None:
    settings.SESSION_COOKIE_SECURE = True
    key = await database_sync_to_async(log_in)(viewer)
    assert await refusal(SocketClient("/ws/events", cookie_headers(key))) == 4401
    assert await refusal(SocketClient("/ws/events", cookie_headers(key, origin=b"https://testserver"))) is None


@pytest.mark.parametrize("path", PATHS)
async def test_nobody_is_refused(path: str, db: None) -> None:
    assert await refusal(SocketClient(path, [HOST, (b"origin", b"http://testserver")])) == 4401
    assert await refusal(SocketClient(path, cookie_headers("no-such-session"))) == 4401
    assert await refusal(SocketClient(path, [HOST, (b"authorization", b"Bearer no-such-token")])) == 4401


async def test_unknown_path_is_refused(viewer: User) -> None:
    key = await database_sync_to_async(log_in)(viewer)
    assert await refusal(SocketClient("/ws/nowhere", cookie_headers(key))) is not None


@pytest.mark.parametrize("path", PATHS)
async def test_access_token_opens_a_socket_from_anywhere(path: str, viewer: User) -> None:
    pair = await database_sync_to_async(issue_tokens)(user=viewer)
    bearer = (b"authorization", f"Bearer {pair.access}".encode())
    assert await refusal(SocketClient(path, [HOST, bearer])) is None
    refresh = (b"authorization", f"Bearer {pair.refresh}".encode())
    assert await refusal(SocketClient(path, [HOST, refresh])) == 4401


async def test_token_may_come_as_a_subprotocol_and_need_not_be_said_back(viewer: User) -> None:
    pair = await database_sync_to_async(issue_tokens)(user=viewer)
    for offered, taken in (([f"vigil.token.{pair.access}", "vigil"], "vigil"), ([f"vigil.token.{pair.access}"], None)):
        socket = SocketClient("/ws/events", [HOST], offered)
        assert await refusal(socket) is None
        assert socket.subprotocol == (taken or offered[0])


async def test_token_in_the_address_is_ignored(viewer: User) -> None:
    pair = await database_sync_to_async(issue_tokens)(user=viewer)
    socket = SocketClient("/ws/events", [HOST], query=f"token={pair.access}&access_token={pair.access}".encode())
    assert await refusal(socket) == 4401


def log_out(user: User) -> None:
    Session.objects.all().delete()


def switch_off(user: User) -> None:
    User.objects.filter(pk=user.pk).update(is_active=False)


def delete(user: User) -> None:
    User.objects.filter(pk=user.pk).delete()


def change_password(user: User) -> None:
    user.set_password("another horse")
    user.save()


def expire_session(user: User) -> None:
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))


@pytest.mark.parametrize("happens", [log_out, switch_off, delete, change_password, expire_session])
async def test_sockets_of_a_session_close(happens: Callable[[User], None], viewer: User) -> None:
    async with open_socket("/ws/events", viewer) as events, open_socket("/ws/live", viewer) as live:
        await database_sync_to_async(happens)(viewer)
        for socket in (events, live):
            assert await socket.next("close") == {"type": "close", "code": 4401}
            assert await socket.any(0.05) is None


async def test_a_right_that_is_taken_away_works_no_longer_than_a_second(viewer: User) -> None:
    took = []
    for _ in range(3):
        async with open_socket("/ws/events", viewer) as socket:
            await socket.next("hello")
            await database_sync_to_async(log_out)(viewer)
            done = time.monotonic()
            await socket.next("close")
            took.append(time.monotonic() - done)
    assert min(took) < 1.0, "the best counts: the others tell what else this machine was busy with"


def revoke(secret: str) -> None:
    revoke_log_in(secret=secret)


def expire(secret: str) -> None:
    Token.objects.update(expires_at=timezone.now() - timedelta(seconds=1))


@pytest.mark.parametrize("happens", [revoke, expire])
async def test_socket_of_a_token_closes(happens: Callable[[str], None], viewer: User) -> None:
    pair = await database_sync_to_async(issue_tokens)(user=viewer)
    socket = SocketClient("/ws/events", [HOST, (b"authorization", f"Bearer {pair.access}".encode())])
    assert await socket.connect() is None
    await database_sync_to_async(happens)(pair.access)
    assert await socket.next("close") == {"type": "close", "code": 4401}
    await socket.close()


async def test_log_out_of_one_session_leaves_the_other_open(viewer: User) -> None:
    async with open_socket("/ws/events", viewer) as first, open_socket("/ws/events", viewer) as second:
        await first.next("hello")
        await second.next("hello")
        newest = await database_sync_to_async(lambda: Session.objects.order_by("expire_date").last())()
        assert newest is not None
        await database_sync_to_async(newest.delete)()
        assert await second.next("close") == {"type": "close", "code": 4401}
        assert "close" not in {message["type"] for message in await first.all(1.0)}


async def test_socket_that_comes_while_rights_are_read_stays_open(
    viewer: User, operator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    reading, read = threading.Event(), threading.Event()

    def slowly(visitors: Collection[Visitor]) -> dict[Visitor, frozenset[int]]:
        standing = standing_of(visitors)
        reading.set()
        read.wait(5)
        return standing

    async with open_socket("/ws/events", viewer) as socket:
        monkeypatch.setattr(socket_rights, "standing_of", slowly)
        await asyncio.to_thread(reading.wait, 5)
        newcomer = NewSocket(Visitor(operator.pk, "", session_key="not asked about yet"))
        RightsWatch.here().enter(newcomer)
        read.set()
        await socket.all(0.2)  # less than until the next look
        RightsWatch.here().leave(newcomer)
    assert not newcomer.ended


@dataclass(eq=False)
class NewSocket:
    """A socket that has entered and is not admitted yet."""

    visitor: Visitor
    sites: frozenset[int] = frozenset()
    ended: bool = False

    def sites_changed(self, sites: frozenset[int]) -> None:
        pass

    def end(self, code: int, reason: str) -> None:
        self.ended = True


async def test_sockets_outlive_a_short_outage_of_the_database_only(
    viewer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.db import OperationalError

    def away(visitors: object) -> None:
        raise OperationalError("the database is away")

    async with open_socket("/ws/events", viewer) as socket:
        await socket.next("hello")
        monkeypatch.setattr(socket_rights, "TRUST_SECONDS", 2.0)
        await socket.all(0.6)
        monkeypatch.setattr(socket_rights, "standing_of", away)
        assert "close" not in {message["type"] for message in await socket.all(1.4)}
        assert await socket.next("close") == {"type": "close", "code": 1013}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("x" * 1001, 1009),
        ('{"type": "subscribe", "camera": "' + "0" * 1_000_000 + '"}', 1009),
    ],
)
async def test_long_message_closes_the_socket(text: str, code: int, viewer: User) -> None:
    async with open_socket("/ws/live", viewer) as socket:
        await socket.send_text(text)
        assert await socket.next("close") == {"type": "close", "code": code}


async def test_too_many_messages_close_the_socket(viewer: User) -> None:
    async with open_socket("/ws/live", viewer) as socket:
        for _ in range(1000):
            await socket.send(type="ack", camera="00000000-0000-0000-0000-000000000000")
        assert await socket.next("close") == {"type": "close", "code": 1008}


@pytest.mark.parametrize("path", PATHS)
async def test_nonsense_is_answered_and_the_socket_stays_open(path: str, viewer: User) -> None:
    async with open_socket(path, viewer) as socket:
        for text in ("{", "[]", "5", "null", '"text"', "\ud800", "[" * 1000):
            await socket.send_text(text)
            assert (await socket.next("error"))["code"] == "not_json", text
        await socket.send(type="dance")
        assert (await socket.next("error"))["code"] == "unknown_type"


def test_standing_agrees_with_the_one_rule_and_costs_the_same_for_all(
    viewer: User, operator: User, stranger: User, superuser: User, site: Site, django_assert_max_num_queries: Any
) -> None:
    visitors = [
        Visitor(user.pk, user.get_session_auth_hash(), session_key=log_in(user))
        for user in (viewer, operator, stranger, superuser)
    ]
    with django_assert_max_num_queries(5):
        standing = standing_of(visitors)
    for visitor in visitors:
        user = User.objects.get(pk=visitor.user_id)
        assert standing[visitor] == frozenset(sites_of(user).values_list("pk", flat=True))


async def refusal(socket: SocketClient) -> int | None:
    """The code with which the connection is refused; None where it is accepted."""
    code = await socket.connect()
    await socket.close()
    return code
