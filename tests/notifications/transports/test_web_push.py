"""Web Push to an endpoint of the tests' own, which opens what it gets as a browser would and checks who sent it."""

from __future__ import annotations

import base64
import json
import time
from pathlib import Path
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from django.core.exceptions import ImproperlyConfigured
from http_ece import ECEException

from notifications.transports import vapid
from notifications.transports.protocol import TransportError
from notifications.transports.web_push import MAX_PAYLOAD, WebPush, payload
from project.errors import Invalid
from tests.notifications.transports.messages import MESSAGE, make_message
from tests.support.push_sink import Subscription, base64url
from tests.support.sinks import http_sink


@pytest.fixture(autouse=True)
def home(settings: Any, tmp_path: Path, local_targets: None) -> Path:
    settings.VIGIL_HOME = tmp_path
    return tmp_path


def decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def claims_of(header: str) -> dict[str, Any]:
    """The claims in a VAPID header, if its signature is good. Raises InvalidSignature."""
    scheme, _, parameters = header.partition(" ")
    given = dict(part.strip().split("=", 1) for part in parameters.split(","))
    assert scheme == "vapid"
    assert given["k"].rstrip("=") == vapid.public_key()
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), decoded(given["k"]))
    signed, _, signature = given["t"].rpartition(".")
    r, s = (int.from_bytes(half, "big") for half in (decoded(signature)[:32], decoded(signature)[32:]))
    key.verify(encode_dss_signature(r, s), signed.encode(), ec.ECDSA(hashes.SHA256()))
    head, claims = (json.loads(decoded(part)) for part in signed.split("."))
    assert head == {"typ": "JWT", "alg": "ES256"}
    return dict(claims)


def test_only_the_browser_can_read_it_and_the_service_knows_who_sends(settings: Any) -> None:
    settings.VIGIL_BASE_URL = "https://vigil.example.org"
    with http_sink() as sink:
        sink.answer(201)
        browser = Subscription(f"{sink.url}/push/abc")
        WebPush().send(MESSAGE, WebPush().check(browser.target))
        (request,) = sink.requests
    shown = json.loads(browser.decrypt(request.body))
    assert (shown["title"], shown["body"], shown["link"]) == (MESSAGE.title, MESSAGE.body, MESSAGE.link)
    with pytest.raises(ECEException):
        Subscription(sink.url).decrypt(request.body)
    claims = claims_of(request.headers["Authorization"])
    assert (claims["aud"], claims["sub"]) == (sink.url, "https://vigil.example.org")
    assert time.time() < claims["exp"] <= time.time() + 24 * 3600
    assert request.headers["Content-Encoding"] == "aes128gcm"
    tampered = request.headers["Authorization"].replace("t=", "t=x", 1)
    with pytest.raises((InvalidSignature, ValueError)):
        claims_of(tampered)


def test_urgency_follows_severity_and_an_update_replaces_what_waits() -> None:
    with http_sink() as sink:
        browser = Subscription(sink.url)
        for severity, key in (("low", "a"), ("medium", "b"), ("high", "c"), ("critical", "d")):
            WebPush().send(make_message(severity=severity, key=key), browser.target)
        headers = [request.headers for request in sink.requests]
    assert [each["Urgency"] for each in headers] == ["low", "normal", "high", "high"]
    assert [each["TTL"] for each in headers] == ["3600", "14400", "86400", "86400"]
    assert len({each["Topic"] for each in headers}) == 1
    assert len(headers[0]["Topic"]) == 32


@pytest.mark.parametrize("body", ["x" * 9000, "침입 " * 3000, '\x00"\\' * 3000, "🐈" * 5000, "short"])
def test_a_payload_always_fits(body: str) -> None:
    encoded = payload(make_message(body=body, title=body[:120], link="https://vigil.example.org/" + "y" * 900))
    assert len(encoded) <= MAX_PAYLOAD
    assert json.loads(encoded)["title"]


@pytest.mark.parametrize(("status", "permanent"), [(404, True), (410, True), (403, True), (429, False), (500, False)])
def test_a_subscription_that_was_ended_is_not_tried_again(status: int, permanent: bool) -> None:
    with http_sink() as sink:
        sink.answer(status)
        with pytest.raises(TransportError) as caught:
            WebPush().send(MESSAGE, Subscription(sink.url).target)
        assert caught.value.permanent == permanent


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("endpoint", "https://10.0.0.1/push"),
        ("endpoint", "https://[::1]/push"),
        ("p256dh", "AAAA"),
        ("p256dh", base64url(b"\x04" + b"\x01" * 64)),
        ("p256dh", "é"),
        ("auth", base64url(b"short")),
        ("auth", "*"),
    ],
)
def test_what_is_no_subscription_is_refused_by_field(field: str, value: str) -> None:
    with pytest.raises(Invalid) as caught:
        WebPush().check({**Subscription("https://push.example.org/x").target, field: value})
    assert list(caught.value.fields) == [field]


def test_the_key_is_made_once_and_kept_for_its_owner_alone(home: Path) -> None:
    assert vapid.public_key() == vapid.public_key()
    assert len(decoded(vapid.public_key())) == 65
    assert (home / "keys" / "vigil_vapid_key").stat().st_mode & 0o777 == 0o600


def test_a_key_that_is_none_names_the_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIGIL_VAPID_KEY", "nonsense")
    with pytest.raises(ImproperlyConfigured, match="VIGIL_VAPID_KEY"):
        vapid.public_key()
