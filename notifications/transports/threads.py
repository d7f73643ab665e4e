"""Which messages are about the same thing: where a channel can, the newer one replaces or follows the older."""

from __future__ import annotations

import hashlib

from notifications.message import Message


def thread_of(message: Message) -> str:
    """The same for all messages about one notice, else event, camera or channel, else for this one; 32 characters."""
    facts = message.facts
    about = next(
        (f"{name} {facts[name]}" for name in ("notice", "event", "camera", "channel") if facts.get(name)), message.key
    )
    return hashlib.sha256(about.encode()).hexdigest()[:32]
