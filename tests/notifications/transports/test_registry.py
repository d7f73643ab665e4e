"""What holds for every transport: it is found by its kind, and tells no secret of its target in an error or a log."""

from __future__ import annotations

import logging
import secrets
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from notifications.transports import mqtt_session
from notifications.transports.protocol import TransportError
from notifications.transports.registry import PLACES, transport_of
from project.errors import Invalid
from tests.notifications.transports.messages import MESSAGE
from tests.support.listeners import listener
from tests.support.push_sink import Subscription

IN_PROCESS = ("email", "mqtt", "web_push", "webhook")
CANARY = "cAnArY" + secrets.token_hex(4)

REFUSAL = f"HTTP/1.1 500 {CANARY}\r\nContent-Length: 0\r\n\r\n".encode()


def good_target(kind: str, port: int) -> dict[str, str]:
    """One that passes the check and leads to this port of 127.0.0.1, with the canary where a secret may be."""
    url = f"http://127.0.0.1:{port}/{CANARY}?token={CANARY}"
    server = {"host": "127.0.0.1", "port": str(port), "username": "omar", "password": CANARY}
    return {
        "apprise": {"url": f"gotify://127.0.0.1:{port}/{CANARY:A<15.15}"},
        "email": {"address": "omar@example.org", **server},
        "mqtt": {**server, "tls": "no"},
        "web_push": Subscription(url).target,
        "webhook": {"url": url, "secret": CANARY * 2},
    }[kind]


@pytest.mark.parametrize("kind", PLACES)
def test_a_transport_knows_which_of_its_fields_are_secret(kind: str) -> None:
    transport = transport_of(kind)
    assert transport is transport_of(kind)
    assert transport.secrets <= set(good_target(kind, 80))


@pytest.mark.usefixtures("local_targets")
@pytest.mark.parametrize(
    ("kind", "answer"),
    [("apprise", REFUSAL), *((kind, answer) for kind in IN_PROCESS for answer in (None, b"", REFUSAL, b"535 x\r\n"))],
)
def test_no_failure_tells_a_secret(
    kind: str, answer: bytes | None, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mqtt_session, "SECONDS", 1.0)  # paho waits for more of what is no MQTT
    with listener(answer or b"") as server:
        target = transport_of(kind).check(good_target(kind, server.port))
        if answer is not None:
            with caplog.at_level(logging.DEBUG), pytest.raises(TransportError) as caught:
                transport_of(kind).send(MESSAGE, target)
    if answer is None:
        with caplog.at_level(logging.DEBUG), pytest.raises(TransportError) as caught:
            transport_of(kind).send(MESSAGE, target)
    assert CANARY.lower() not in f"{caught.value} {caught.value.__cause__} {caplog.text}".lower()


@pytest.mark.parametrize("kind", IN_PROCESS)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_no_refusal_tells_what_was_given(kind: str, caplog: pytest.LogCaptureFixture, data: Any) -> None:
    target = good_target(kind, 443)
    names = st.sampled_from(
        sorted({*target, "prefix", "sender", "version", "security", "port", "discovery", "address"})
    )
    for name in data.draw(st.lists(names, min_size=1, max_size=3)):
        before, after = data.draw(st.text(max_size=12)), data.draw(st.sampled_from(["", "@", " ", "\n", "://x", "#"]))
        target[name] = (
            data.draw(st.sampled_from(["", "https://", "https://u:", "smtp://", "[", "1"])) + before + CANARY + after
        )
    with caplog.at_level(logging.DEBUG):
        try:
            transport_of(kind).check(target)
        except Invalid as refusal:
            said = f"{refusal} {dict(refusal.fields)} {refusal.__cause__}"
            assert CANARY.lower() not in said.lower()
    assert CANARY.lower() not in caplog.text.lower()
