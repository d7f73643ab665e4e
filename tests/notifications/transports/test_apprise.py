"""Apprise in its confined process: what a service gets, which services are refused, and where none may go."""

from __future__ import annotations

import logging
import subprocess
import sys
import zlib
from typing import Any

import pytest

from notifications.transports import apprise
from notifications.transports.apprise import Apprise
from notifications.transports.protocol import TransportError
from project.errors import Invalid
from tests.notifications.transports.messages import JPEG, MESSAGE
from tests.support.listeners import listener
from tests.support.sinks import http_sink


@pytest.mark.usefixtures("local_targets")
def test_the_service_gets_the_text_the_link_and_the_picture() -> None:
    with http_sink() as sink:
        target = Apprise().check({"url": f"ntfy://127.0.0.1:{sink.port}/gate"})
        Apprise().send(MESSAGE, target)
        sent = b"".join(
            str(request.headers).encode() + request.path.encode() + request.body for request in sink.requests
        )
    assert JPEG in sent
    assert "picture.jpg" in str(sent)
    with http_sink() as sink:
        Apprise().send(MESSAGE, Apprise().check({"url": f"gotify://127.0.0.1:{sink.port}/A123456789bcdef"}))
        (request,) = sink.requests
    assert b"events/7f3c" in request.body


@pytest.mark.parametrize(
    ("url", "hint"),
    [
        ("json://example.org/", "webhook"),
        ("mqtts://example.org/topic", "MQTT"),
        ("syslog://", "own machine"),
        ("exec://true", "knows"),
        ("gotifys://example.org/A123456789bcdef?verify=no", "certificate"),
        ("gotify://127.0.0.1/A123456789bcdef", "VIGIL_ALLOWED_TARGET_NETWORKS"),
        ("ntfys://[::ffff:10.0.0.1]/gate", "not a public"),
        ("gotify://169.254.169.254/A123456789bcdef", "metadata"),
    ],
)
def test_what_no_channel_may_be_is_refused_with_what_to_do(url: str, hint: str) -> None:
    with pytest.raises(Invalid, match=hint) as caught:
        Apprise().check({"url": url})
    assert list(caught.value.fields) == ["url"]


def test_a_service_of_a_fixed_place_is_taken() -> None:
    Apprise().check({"url": "tgram://123456789:abcdefg_hijklmnopqrstuvwxyz0123456789/12315544/"})


def test_production_wants_an_encrypted_service(settings: Any) -> None:
    settings.PRODUCTION = True
    with pytest.raises(Invalid, match="encrypted"):
        Apprise().check({"url": "gotify://example.org/A123456789bcdef"})


def test_a_redirect_to_inside_is_not_reached(settings: Any) -> None:
    settings.VIGIL_ALLOWED_TARGET_NETWORKS = ["127.0.0.1/32"]
    with listener(host="127.0.0.2") as inside, http_sink() as sink:
        sink.answer(307, headers={"Location": f"http://127.0.0.2:{inside.port}/"})
        with pytest.raises(TransportError, match="not a public address"):
            Apprise().send(MESSAGE, {"url": f"gotify://127.0.0.1:{sink.port}/A123456789bcdef"})
        assert (len(sink.requests), inside.connections) == (1, 0)


@pytest.mark.usefixtures("local_targets")
def test_an_answer_that_unpacks_without_measure_fills_no_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apprise, "SECONDS", 90.0)  # on a busy machine it would else be time that ends it
    packer = zlib.compressobj(wbits=31)
    bomb = b"".join(packer.compress(bytes(1 << 20)) for _ in range(320)) + packer.flush()
    with http_sink() as sink:
        sink.answer(200, headers={"Content-Encoding": "gzip"}, body=bomb)
        with pytest.raises(TransportError, match="did not take"):
            Apprise().send(MESSAGE, {"url": f"gotify://127.0.0.1:{sink.port}/A123456789bcdef"})


@pytest.mark.usefixtures("local_targets")
def test_a_service_that_does_not_take_it_or_hangs_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    with http_sink() as sink:
        sink.answer(401, body=b"hunter2")
        url = f"gotify://127.0.0.1:{sink.port}/hunter23456789a"
        with pytest.raises(TransportError, match="did not take") as caught:
            Apprise().send(MESSAGE, {"url": url})
        assert not caught.value.permanent
        sink.dribble = True
        monkeypatch.setattr(apprise, "SECONDS", 3.0)
        with pytest.raises(TransportError, match="longer than 3 s"):
            Apprise().send(MESSAGE, {"url": url})


def test_apprise_is_not_loaded_here_and_its_address_is_in_no_log_and_no_process_title(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    commands: list[Any] = []
    run = subprocess.run

    def watched(command: Any, **options: Any) -> Any:
        commands.append((command, options["env"]))
        return run(command, **options)

    monkeypatch.setattr(subprocess, "run", watched)
    with caplog.at_level(logging.DEBUG), pytest.raises(Invalid):
        Apprise().check({"url": "gotify://127.0.0.1/hunter23456789a"})
    assert "apprise" not in sys.modules
    assert "hunter2" not in caplog.text + str(commands)
