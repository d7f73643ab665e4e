"""One POST: what is followed (nothing), what is waited for, how much is read, and whose certificate is believed."""

from __future__ import annotations

import time

import pytest

from project.outgoing.http import post
from project.outgoing.policy import Policy, Unreachable
from tests.support.certificates import make_certificate
from tests.support.listeners import listener
from tests.support.sinks import http_sink

LOCAL = Policy(allowed_networks=("127.0.0.0/8",), tls_only=False, resolve=lambda host: ["127.0.0.1"])


def test_the_body_and_the_headers_arrive() -> None:
    with http_sink() as sink:
        answer = post(f"{sink.url}/a?b=c", b"hello", headers={"X-Word": "yes"}, policy=LOCAL)
        assert answer.status == 200
        (request,) = sink.requests
        assert (request.path, request.body, request.headers["X-Word"]) == ("/a?b=c", b"hello", "yes")
        assert request.headers["Host"] == f"127.0.0.1:{sink.port}"


def test_a_redirect_is_an_answer_and_is_not_followed() -> None:
    with listener() as inside, http_sink() as sink:
        sink.answer(302, headers={"Location": f"http://127.0.0.1:{inside.port}/latest/meta-data/"})
        assert post(sink.url, b"", headers={}, policy=LOCAL).status == 302
        assert inside.connections == 0


def test_no_proxy_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    with listener() as proxy, http_sink() as sink:
        for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        assert post(sink.url, b"", headers={}, policy=LOCAL).status == 200
        assert proxy.connections == 0


def test_a_server_that_dribbles_is_cut_off_when_time_is_over() -> None:
    with http_sink() as sink:
        sink.dribble = True
        began = time.monotonic()
        with pytest.raises(Unreachable, match=r"longer than 0\.5 s"):
            post(sink.url, b"", headers={}, policy=LOCAL, seconds=0.5)
        assert time.monotonic() - began < 2


def test_a_slow_resolver_is_not_waited_for() -> None:
    def slow(host: str) -> list[str]:
        time.sleep(3)
        return ["1.1.1.1"]

    began = time.monotonic()
    with pytest.raises(Unreachable):
        post("https://slow.example/", b"", headers={}, policy=Policy(resolve=slow), seconds=0.3)
    assert time.monotonic() - began < 2


def test_a_body_that_does_not_end_is_not_waited_for() -> None:
    with listener(b"HTTP/1.1 202 Accepted\r\nRetry-After: 7\r\n\r\n" + b"x" * 100_000) as server:
        answer = post(f"http://127.0.0.1:{server.port}/", b"", headers={}, policy=LOCAL, seconds=5)
    assert (answer.status, answer.headers["Retry-After"]) == (202, "7")


@pytest.mark.parametrize("answer", [b"220 mail.example ESMTP\r\n", b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 500, b"\x00"])
def test_an_answer_that_is_not_http_is_an_error(answer: bytes) -> None:
    with listener(answer) as server, pytest.raises(Unreachable):
        post(f"http://127.0.0.1:{server.port}/", b"", headers={}, policy=LOCAL, seconds=1)


def test_a_certificate_must_be_for_the_name_and_of_a_known_authority(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = make_certificate(tmp_path_factory.mktemp("tls"), "hook.example")
    with http_sink(tls=certificate) as sink:
        with pytest.raises(Unreachable, match="certificate"):
            post(f"https://hook.example:{sink.port}/", b"", headers={}, policy=LOCAL)
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate.authority))
        assert post(f"https://hook.example:{sink.port}/", b"", headers={}, policy=LOCAL).status == 200
        with pytest.raises(Unreachable, match="certificate") as caught:
            post(f"https://secret-name.example:{sink.port}/", b"", headers={}, policy=LOCAL)
        assert "secret-name" not in str(caught.value)
        assert len(sink.requests) == 1
