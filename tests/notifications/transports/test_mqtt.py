"""MQTT through a real Mosquitto: what a subscriber gets, and what a refusal means."""

from __future__ import annotations

import json
import socket
import time
from pathlib import Path
from typing import Any

import pytest

from notifications.transports import mqtt_session
from notifications.transports.mqtt import Mqtt
from notifications.transports.protocol import TransportError
from project.errors import Invalid
from tests.notifications.transports.messages import JPEG, MESSAGE, make_message
from tests.support.broker import broker
from tests.support.certificates import make_certificate
from tests.support.listeners import listener

pytestmark = pytest.mark.usefixtures("local_targets")


@pytest.mark.parametrize("version", ["5", "3.1.1"])
def test_the_event_and_its_picture_arrive_within_a_second(version: str) -> None:
    with broker() as server:
        target = Mqtt().check({**server.target, "version": version})
        began = time.monotonic()
        Mqtt().send(MESSAGE, target)
        assert time.monotonic() - began < 1
        (event,) = server.wait_for("vigil/3/7/event")
        assert server.wait_for("vigil/3/7/snapshot") == [JPEG]
        assert server.retained() == {}
    told = json.loads(event)
    assert (told["key"], told["title"], told["facts"]) == (MESSAGE.key, MESSAGE.title, dict(MESSAGE.facts))


def test_a_camera_that_is_away_or_back_is_so_for_who_subscribes_later() -> None:
    with broker() as server:
        target = Mqtt().check({**server.target, "prefix": "house/vigil"})
        for kind in ("offline", "back", "offline"):
            Mqtt().send(make_message(facts={**MESSAGE.facts, "kind": kind}, picture=None), target)
        assert server.wait_for("house/vigil/3/7/availability", count=3) == [b"offline", b"online", b"offline"]
        assert server.retained() == {"house/vigil/3/7/availability": b"offline"}


def test_what_is_about_no_camera_has_a_topic_and_names_cannot_change_it() -> None:
    with broker() as server:
        target = Mqtt().check(server.target)
        Mqtt().send(make_message(facts={"kind": "test"}), target)
        Mqtt().send(make_message(facts={"site": "#/+", "camera": "../$SYS"}), target)
        server.wait_for("vigil/all/vigil/event")
        server.wait_for("vigil/___/____SYS/event")


def test_a_large_picture_arrives() -> None:
    picture = JPEG + b"x" * 2_000_000
    with broker() as server:
        Mqtt().send(make_message(picture=picture), Mqtt().check(server.target))
        assert server.wait_for("vigil/3/7/snapshot") == [picture]


def test_a_wrong_password_and_a_forbidden_topic_are_not_tried_again() -> None:
    with broker() as server:
        target = Mqtt().check(server.target)
        with pytest.raises(TransportError, match="user name or password") as caught:
            Mqtt().send(MESSAGE, {**target, "password": "hunter2"})
        assert caught.value.permanent
        with pytest.raises(TransportError, match="did not take") as caught:
            Mqtt().send(MESSAGE, {**target, "prefix": "forbidden"})
        assert caught.value.permanent


def test_the_brokers_certificate_must_be_for_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    certificate = make_certificate(tmp_path, "localhost")
    with broker(certificate) as server:
        target = Mqtt().check({**server.target, "host": "localhost", "tls": "yes"})
        with pytest.raises(TransportError, match="certificate"):
            Mqtt().send(MESSAGE, target)
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate.authority))
        with pytest.raises(TransportError, match="certificate"):
            Mqtt().send(MESSAGE, {**target, "host": "127.0.0.1"})
        Mqtt().send(MESSAGE, target)
        server.wait_for("vigil/3/7/event")


def test_a_broker_that_is_down_or_something_else_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    with listener() as gone:
        port = gone.port
    target = Mqtt().check({"host": "127.0.0.1", "port": str(port), "tls": "no"})
    with pytest.raises(TransportError, match="Nobody answers") as caught:
        Mqtt().send(MESSAGE, target)
    assert not caught.value.permanent
    monkeypatch.setattr(mqtt_session, "SECONDS", 0.5)
    with listener(b"HTTP/1.1 400 Bad Request\r\n\r\n") as server, pytest.raises(TransportError) as caught:
        Mqtt().send(MESSAGE, {**target, "port": str(server.port)})
    assert not caught.value.permanent


def test_a_name_that_leads_inside_is_not_reached(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    asked: list[str] = []

    def rebinding(host: str, *_: object, **__: object) -> list[Any]:
        asked.append(host)
        return [(2, 1, 6, "", ("127.0.0.2" if len(asked) == 1 else "127.0.0.1", 0))]

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    settings.VIGIL_ALLOWED_TARGET_NETWORKS = ["127.0.0.1/32"]
    with listener() as inside:
        target = Mqtt().check({"host": "evil.example", "port": str(inside.port), "tls": "no"})
        with pytest.raises(TransportError, match="leads where it may not"):
            Mqtt().send(MESSAGE, target)
        assert (inside.connections, asked) == (0, ["evil.example"])


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        *(("host", {"host": host}) for host in ("", "10.0.0.1", "169.254.169.254", "a b", "mqtt://broker")),
        *(("port", {"port": port}) for port in ("0", "x", "99999", "１883")),
        *(("prefix", {"prefix": prefix}) for prefix in ("a/#", "+", "/a", "a//b", "$SYS", "a" * 101)),
        *((("discovery", {"discovery": "#"})), ("tls", {"tls": "maybe"}), ("version", {"version": "4"})),
        ("username", {"password": "hunter2"}),
    ],
)
def test_a_target_that_cannot_be_is_refused_by_field(field: str, changes: dict[str, str]) -> None:
    with pytest.raises(Invalid) as caught:
        Mqtt().check({"host": "broker.example.org", **changes})
    assert list(caught.value.fields) == [field]


def test_production_wants_tls(settings: Any) -> None:
    settings.PRODUCTION = True
    with pytest.raises(Invalid) as caught:
        Mqtt().check({"host": "broker.example.org", "tls": "no"})
    assert list(caught.value.fields) == ["tls"]
