"""The key by which push services know this Vigil (RFC 8292), made once and kept beside the instance's other secrets."""

from __future__ import annotations

import base64
import time
from email.utils import parseaddr
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from py_vapid import Vapid02

from project.environment import kept_secret

KEY_BYTES = 32
LIFETIME = 12 * 3600
"""Seconds that a signature is good for; services take at most 24 hours."""


def public_key() -> str:
    """What a browser subscribes with (`applicationServerKey`): base64url without padding."""
    point = _key().public_key.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
    return base64.urlsafe_b64encode(point).rstrip(b"=").decode()


def authorization(endpoint: str) -> str:
    """The header that shows a push service who sends."""
    parts = urlsplit(endpoint)
    base = settings.VIGIL_BASE_URL
    claims = {
        "aud": f"{parts.scheme}://{parts.netloc}",
        "exp": int(time.time()) + LIFETIME,
        "sub": base if base.startswith("https://") else f"mailto:{parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}",
    }
    header: str = _key().sign(claims)["Authorization"]
    return header


def new_private_key() -> str:
    """32 bytes in base64url."""
    number = ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value
    return base64.urlsafe_b64encode(number.to_bytes(KEY_BYTES, "big")).rstrip(b"=").decode()


def _key() -> Vapid02:
    text = kept_secret("VIGIL_VAPID_KEY", folder=settings.VIGIL_HOME / "keys", make=new_private_key)
    try:
        if len(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))) != KEY_BYTES:
            raise ValueError("too short or too long")
        return Vapid02.from_raw(text.encode())
    except ValueError:
        raise ImproperlyConfigured(
            "VIGIL_VAPID_KEY must be the 32 bytes of a P-256 private key in base64url."
        ) from None
