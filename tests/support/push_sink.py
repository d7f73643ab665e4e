"""A browser's subscription for tests, which reads what a push service was given for it."""

from __future__ import annotations

import base64
import os
from dataclasses import dataclass, field

import http_ece
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec


def base64url(data: bytes) -> str:
    """Without padding, as browsers write it."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


@dataclass(frozen=True)
class Subscription:
    """One browser, with keys of its own. Its endpoint is any tests.support.sinks.http_sink."""

    endpoint: str
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    secret: bytes = field(default_factory=lambda: os.urandom(16))

    @property
    def target(self) -> dict[str, str]:
        """What the browser would hand to Vigil."""
        point = self.key.public_key().public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        )
        return {"endpoint": self.endpoint, "p256dh": base64url(point), "auth": base64url(self.secret)}

    def decrypt(self, body: bytes) -> bytes:
        """The payload of a request. Raises http_ece.ECEException where it is not for this browser."""
        opened: bytes = http_ece.decrypt(body, private_key=self.key, auth_secret=self.secret, version="aes128gcm")
        return opened
