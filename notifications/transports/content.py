"""The message for programs: the same in webhooks and over MQTT."""

from __future__ import annotations

import json

from notifications.message import Message


def as_json(message: Message) -> bytes:
    """All of it but the picture, in UTF-8."""
    content = {
        "key": message.key,
        "at": message.at.isoformat(),
        "severity": message.severity,
        "language": message.language,
        "title": message.title,
        "body": message.body,
        "link": message.link,
        "facts": dict(message.facts),
    }
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
