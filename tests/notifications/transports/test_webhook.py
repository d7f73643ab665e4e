"""Webhooks: what arrives, how it is signed, what a refusal means, and where they may not go."""

from __future__ import annotations

import hashlib
import hmac
import json
import socket
import time
from email.utils import formatdate
from typing import Any

import pytest

from notifications.transports.protocol import TransportError
from notifications.transports.webhook import Webhook
from project.errors import Invalid
from tests.notifications.transports.messages import MESSAGE
from tests.support.listeners import listener
from tests.support.sinks import http_sink

SECRET = "a secret that both sides know"


@pytest.mark.usefixtures("local_targets")
def test_the_receiver_can_verify_what_it_gets_and_tell_a_repetition() -> None:
    with http_sink() as sink:
        target = Webhook().check({"url": f"{sink.url}/hook", "secret": SECRET})
        Webhook().send(MESSAGE, target)
        Webhook().send(MESSAGE, target)
        first, second = sink.requests
    timestamp = first.headers["X-Vigil-Timestamp"]
    mac = hmac.new(SECRET.encode(), f"{timestamp}.".encode() + first.body, hashlib.sha256).hexdigest()
    assert first.headers["X-Vigil-Signature"] == f"sha256={mac}"
    assert abs(int(timestamp) - time.time()) < 5
    assert first.headers["X-Vigil-Delivery"] == second.headers["X-Vigil-Delivery"] == "7f3c:1"
    assert first.headers["Content-Type"] == "application/json"
    body = json.loads(first.body)
    assert (body["title"], body["link"], body["facts"]["camera"]) == (MESSAGE.title, MESSAGE.link, 7)
    assert body["at"] == "2026-11-28T01:02:03+00:00"


@pytest.mark.usefixtures("local_targets")
@pytest.mark.parametrize(
    ("status", "permanent"),
    [(301, True), (302, False), (400, False), (401, True), (403, True), (404, True), (408, False), (410, True),
     (425, False), (429, False), (500, False), (503, False)],
)  # fmt: skip
def test_a_status_says_whether_another_try_is_worth_it(status: int, permanent: bool) -> None:
    with http_sink() as sink:
        sink.answer(status, headers={"Location": "http://127.0.0.1:1/"}, body=b"hunter2")
        with pytest.raises(TransportError, match=str(status)) as caught:
            Webhook().send(MESSAGE, {"url": sink.url, "secret": SECRET})
        assert caught.value.permanent == permanent
        assert "hunter2" not in str(caught.value)


@pytest.mark.usefixtures("local_targets")
def test_the_server_may_say_when_to_try_again() -> None:
    waits: list[float | None] = []
    with http_sink() as sink:
        for header in ("120", formatdate(time.time() + 60, usegmt=True), "999999999", "soon", "-5"):
            sink.answer(429, headers={"Retry-After": header})
            with pytest.raises(TransportError) as caught:
                Webhook().send(MESSAGE, {"url": sink.url, "secret": SECRET})
            waits.append(caught.value.retry_after)
    assert waits[0] == 120
    assert waits[1] == pytest.approx(60, abs=3)
    assert waits[2:] == [3600, None, None]


@pytest.mark.usefixtures("local_targets")
def test_a_server_that_is_down_is_tried_again() -> None:
    with listener() as gone:
        url = f"http://127.0.0.1:{gone.port}/"
    with pytest.raises(TransportError, match="Nobody answers") as caught:
        Webhook().send(MESSAGE, {"url": url, "secret": SECRET})
    assert not caught.value.permanent


@pytest.mark.parametrize(
    ("field", "target"),
    [
        ("url", {"secret": SECRET}),
        ("url", {"url": "http://127.0.0.1/", "secret": SECRET}),
        ("url", {"url": "https://example.org/\r\nX: y", "secret": SECRET}),
        ("secret", {"url": "https://example.org/"}),
        ("secret", {"url": "https://example.org/", "secret": "short"}),
        ("method", {"url": "https://example.org/", "secret": SECRET, "method": "DELETE"}),
    ],
)
def test_a_target_that_cannot_be_is_refused_by_field(field: str, target: dict[str, str]) -> None:
    with pytest.raises(Invalid) as caught:
        Webhook().check(target)
    assert list(caught.value.fields) == [field]


def test_production_wants_https(settings: Any) -> None:
    Webhook().check({"url": "http://example.org/", "secret": SECRET})
    settings.PRODUCTION = True
    with pytest.raises(Invalid, match="https"):
        Webhook().check({"url": "http://example.org/", "secret": SECRET})


def test_a_name_that_leads_inside_when_it_is_sent_is_not_reached(
    monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    answers = iter(["127.0.0.2", "127.0.0.1"])
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [(2, 1, 6, "", (next(answers), 0))])
    settings.VIGIL_ALLOWED_TARGET_NETWORKS = ["127.0.0.1/32"]
    with listener() as inside:
        with pytest.raises(TransportError, match="leads where it may not"):
            Webhook().send(MESSAGE, {"url": f"http://evil.example:{inside.port}/", "secret": SECRET})
        assert inside.connections == 0
    assert next(answers) == "127.0.0.1"
