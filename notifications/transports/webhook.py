"""A signed POST to a program of the user's own."""

from __future__ import annotations

import hashlib
import hmac
import time
from urllib.parse import quote

from notifications.message import Message
from notifications.transports.content import as_json
from notifications.transports.failures import as_transport_errors, check_answer
from notifications.transports.protocol import Target
from notifications.transports.targets import allowed, fields_of, refuse
from project.outgoing.http import check_url, post
from project.outgoing.settings import policy

SHORTEST_SECRET = 16


class Webhook:
    """Fields: `url`; `secret`, which signs. The receiver's side is in docs/notifications.md."""

    secrets = frozenset({"url", "secret"})  # an address often holds a token

    def check(self, target: Target) -> Target:
        """As in the protocol."""
        fields = fields_of(target, required=("url", "secret"))
        with allowed("url"):
            check_url(fields["url"], policy=policy())
        if len(fields["secret"]) < SHORTEST_SECRET:
            refuse("secret", f"The secret must have at least {SHORTEST_SECRET} characters.")
        return fields

    def send(self, message: Message, target: Target) -> None:
        """As in the protocol."""
        body = as_json(message)
        timestamp = str(int(time.time()))
        headers = {
            "Content-Type": "application/json",
            "X-Vigil-Delivery": quote(message.key, safe=":._~-/"),
            "X-Vigil-Timestamp": timestamp,
            "X-Vigil-Signature": signature(target["secret"], timestamp, body),
        }
        with as_transport_errors():
            answer = post(target["url"], body, headers=headers, policy=policy())
        check_answer(answer, whose="The webhook's server")


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """The value of X-Vigil-Signature: HMAC-SHA256 over the timestamp, a full stop and the body."""
    signed = timestamp.encode() + b"." + body
    return f"sha256={hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()}"
