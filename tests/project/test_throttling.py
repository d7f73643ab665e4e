"""How much one may ask in a minute."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from typing import Any

import pytest

from project import throttling
from project.accounts.models import User
from project.throttling import Counters, kind_of, seconds_to_wait
from tests.support.valkey import ValkeyServer

Api = Callable[..., Any]
URL = "/api/v1/sites/"


@pytest.fixture
def limits(db: None, settings: Any, valkey: ValkeyServer, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Three of each kind, counted anew, in a minute that does not end meanwhile."""
    settings.REDIS_URL = valkey.url
    settings.VIGIL_RATE_LIMITS = True
    settings.VIGIL_RATES = dict.fromkeys(settings.VIGIL_RATES, 3)
    valkey_client = throttling.counters()._redis
    valkey_client.flushdb()
    monkeypatch.setattr("project.throttling.time.time", lambda: 600_000_030.0)
    return settings


def statuses(client: Any, path: str, times: int, method: str = "get", **more: Any) -> list[int]:
    return [getattr(client, method)(path, **more).status_code for _ in range(times)]


def test_above_the_limit_it_is_429_and_says_when_to_ask_again(limits: Any, api: Api, viewer: User) -> None:
    client = api(viewer)
    assert statuses(client, URL, 3) == [200] * 3
    answer = client.get(URL)
    assert (answer.status_code, answer.json()["code"], answer.json()["fields"]) == (429, "throttled", {})
    assert 1 <= int(answer["Retry-After"]) <= 60


def test_everybody_is_counted_alone_and_so_is_each_kind(
    limits: Any, api: Api, viewer: User, operator: User, camera: Any
) -> None:
    assert statuses(api(viewer), URL, 4)[-1] == 429
    assert statuses(api(operator), URL, 1) == [200]
    assert statuses(api(viewer), f"/api/v1/cameras/{camera.pk}/stop", 4, "post") == [403, 403, 403, 429]
    assert statuses(api(viewer), "/api/v1/events/0f8fad5b-d9cb-469f-a165-70867728950e/clip.mp4", 1) == [404]


def test_strangers_are_counted_by_address_whatever_tokens_they_make_up(limits: Any, api: Api) -> None:
    found = [
        api().get(URL, headers={"Authorization": f"Bearer vga_{n}"}, REMOTE_ADDR="192.0.2.1").status_code
        for n in range(4)
    ]
    assert found == [401, 401, 401, 429]
    assert api().get(URL, REMOTE_ADDR="192.0.2.1").status_code == 429
    assert api().get(URL, REMOTE_ADDR="192.0.2.2").status_code == 401
    spoofed = api().get(URL, REMOTE_ADDR="192.0.2.1", headers={"X-Forwarded-For": "192.0.2.9"})
    assert spoofed.status_code == 429


def test_a_stranger_with_a_network_of_addresses_counts_as_one(limits: Any, api: Api) -> None:
    found = [api().get(URL, REMOTE_ADDR=f"2001:db8::{n}").status_code for n in range(1, 5)]
    assert found == [401, 401, 401, 429]
    assert api().get(URL, REMOTE_ADDR="2001:db8:0:1::1").status_code == 401


def test_who_is_known_is_not_held_up_by_strangers_at_the_same_address(limits: Any, api: Api, viewer: User) -> None:
    statuses(api(), URL, 5)
    assert statuses(api(viewer), URL, 1) == [200]


def test_what_was_refused_does_not_count(limits: Any, api: Api, viewer: User, monkeypatch: pytest.MonkeyPatch) -> None:
    statuses(api(viewer), URL, 50)
    monkeypatch.setattr("project.throttling.time.time", lambda: 600_000_030.0 + 60)
    assert statuses(api(viewer), URL, 1) == [200], "half of three still counts, and not half of fifty"


def test_no_limit_where_redis_is_away_and_nobody_waits_for_it(limits: Any, api: Api, viewer: User) -> None:
    limits.REDIS_URL = "redis://127.0.0.1:1/0"
    began = time.monotonic()
    assert statuses(api(viewer), URL, 10) == [200] * 10
    assert time.monotonic() - began < 2


def test_a_redis_that_does_not_answer_holds_up_one_request_for_a_moment(limits: Any, api: Api, viewer: User) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        limits.REDIS_URL = f"redis://127.0.0.1:{silent.getsockname()[1]}/0"
        began = time.monotonic()
        assert statuses(api(viewer), URL, 10) == [200] * 10
        assert time.monotonic() - began < 2


def test_zero_is_no_limit(limits: Any, api: Api, viewer: User) -> None:
    limits.VIGIL_RATES = dict.fromkeys(limits.VIGIL_RATES, 0)
    assert statuses(api(viewer), URL, 10) == [200] * 10


def test_keys_in_redis_name_nobody_and_end(limits: Any, api: Api, viewer: User, valkey: ValkeyServer) -> None:
    statuses(api(viewer), URL, 1)
    api().get(URL, REMOTE_ADDR="192.0.2.1")
    client = Counters(valkey.url)._redis
    keys = client.keys("vigil:rate:*")
    assert len(keys) == 2
    assert all(0 < client.ttl(key) <= 120 and b"192.0.2" not in key and b"vera" not in key for key in keys)


@pytest.mark.parametrize(
    ("now", "before", "into", "expected"),
    [(10, 0, 0, 0), (11, 0, 0, 66), (1, 10, 0, 6), (6, 10, 30, 6), (5, 10, 30, 0), (10, 10, 59.9, 1)],
)
def test_the_last_minute_counts_as_far_as_it_lies_in_the_last_60_seconds(
    now: int, before: int, into: float, expected: float
) -> None:
    assert seconds_to_wait(now=now, before=before, into=into, limit=10) == pytest.approx(expected, abs=0.1)


@pytest.mark.parametrize(
    ("method", "path", "kind"),
    [
        ("GET", "/api/v1/events/", "reads"),
        ("POST", "/api/v1/events/x/acknowledge", "writes"),
        ("GET", "/api/v1/events/x/clip.mp4", "media"),
        ("GET", "/api/v1/events/x/usual-1.jpg", "media"),
        ("GET", "/api/v1/events/x/export", "exports"),
        ("GET", "/api/v1/events/export.csv", "exports"),
    ],
)
def test_kinds(method: str, path: str, kind: str) -> None:
    assert kind_of(method, path) == kind
