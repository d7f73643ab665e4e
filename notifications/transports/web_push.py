"""A push message to a browser that subscribed (RFC 8030, encrypted by RFC 8291)."""

from __future__ import annotations

import base64
import binascii
import json

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec

from notifications.message import Message
from notifications.transports.failures import as_transport_errors, check_answer
from notifications.transports.protocol import Target
from notifications.transports.targets import allowed, fields_of, refuse
from notifications.transports.threads import thread_of
from notifications.transports.vapid import authorization
from project.outgoing.http import check_url, post
from project.outgoing.settings import policy

MAX_PAYLOAD = 3500
"""Bytes before encryption: services take 4096 after it."""
URGENCY = {"low": "low", "medium": "normal", "high": "high", "critical": "high"}
HOURS_TO_LIVE = {"low": 1, "medium": 4, "high": 24, "critical": 24}


class WebPush:
    """Fields: `endpoint`, `p256dh`, `auth`, as the browser's PushSubscription has them. No picture is sent."""

    secrets = frozenset({"endpoint", "p256dh", "auth"})

    def check(self, target: Target) -> Target:
        """As in the protocol."""
        fields = fields_of(target, required=("endpoint", "p256dh", "auth"))
        with allowed("endpoint"):
            check_url(fields["endpoint"], policy=policy())
        try:
            ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), _decoded(fields["p256dh"]))
        except ValueError:
            refuse("p256dh", "This is no key of a push subscription.")
        try:
            if len(_decoded(fields["auth"])) != 16:
                refuse("auth", "This is no secret of a push subscription.")
        except ValueError:
            refuse("auth", "This is no secret of a push subscription.")
        return fields

    def send(self, message: Message, target: Target) -> None:
        """As in the protocol."""
        body = http_ece.encrypt(
            payload(message),
            private_key=ec.generate_private_key(ec.SECP256R1()),
            dh=_decoded(target["p256dh"]),
            auth_secret=_decoded(target["auth"]),
            version="aes128gcm",
        )
        headers = {
            "Authorization": authorization(target["endpoint"]),
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(HOURS_TO_LIVE.get(message.severity, 4) * 3600),
            "Urgency": URGENCY.get(message.severity, "normal"),
            "Topic": thread_of(message),
        }
        with as_transport_errors():
            answer = post(target["endpoint"], body, headers=headers, policy=policy())
        check_answer(answer, whose="The push service")


def payload(message: Message) -> bytes:
    """What the browser shows, as JSON of at most MAX_PAYLOAD bytes: of a long text the end is left out."""
    shown = {
        "key": message.key,
        "thread": thread_of(message),
        "title": message.title[:200],
        "body": message.body[:MAX_PAYLOAD],
        "link": message.link[:1000],
        "severity": message.severity,
        "language": message.language,
        "at": message.at.isoformat(),
    }
    while len(encoded := json.dumps(shown, ensure_ascii=False).encode()) > MAX_PAYLOAD and shown["body"]:
        over = (len(encoded) - MAX_PAYLOAD) // 4 + 2  # a character is at most four bytes, or six when escaped
        shown["body"] = shown["body"][: -over - 1].rstrip() + "…" if len(shown["body"]) > over + 1 else ""
    return encoded


def _decoded(text: str) -> bytes:
    """Raises ValueError."""
    try:
        return base64.urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
    except binascii.Error:
        raise ValueError("no base64url") from None
