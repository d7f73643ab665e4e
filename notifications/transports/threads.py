"""Which messages are about the same thing: where a channel can, the newer one replaces or follows the older."""

from __future__ import annotations

import hashlib

from notifications.message import Message


def thread_of(message: Message) -> str:
    """The same for all messages about one event, or about one camera's state; 32 characters, not to be read."""
    facts = message.facts
    about = f"event {facts['event']}" if facts.get("event") else f"camera {facts.get('camera')} {facts.get('kind')}"
    return hashlib.sha256(about.encode()).hexdigest()[:32]
