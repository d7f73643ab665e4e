"""How an entry's digest is made. Free of Django: whoever doubts the trail can compute it with this file alone."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

START = ""
"""What the first entry of all follows on."""


def to_json(value: object) -> str:
    """One text for one value: sorted keys, no blanks, ASCII; what JSON does not know becomes text."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), default=str)


def digest_of(fields: Mapping[str, Any], *, previous: str) -> str:
    """SHA-256, in hexadecimal, over all fields of an entry and the digest of the one before it."""
    plain = {name: _plain(value) for name, value in fields.items()}
    return hashlib.sha256(to_json({**plain, "previous": previous}).encode()).hexdigest()


def _plain(value: Any) -> Any:
    return value.astimezone(UTC).isoformat(timespec="microseconds") if isinstance(value, datetime) else value
