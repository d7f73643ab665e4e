"""What every transport keeps to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from notifications.message import Message

Target = Mapping[str, str]
"""Where to: the settings of one channel, by name; some of them secret."""


class TransportError(Exception):
    """The message did not get there. The text is for people and holds no secret."""

    def __init__(self, message: str, *, permanent: bool = False, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.permanent = permanent
        """Another try would fail as well: an address that does not exist, a subscription that was ended."""
        self.retry_after = retry_after
        """Seconds, where the other side said when to try again; at most an hour."""


class Transport(Protocol):
    """A way to reach somebody. It keeps no state between messages that could not be lost."""

    secrets: frozenset[str]
    """The names in a target that are never shown."""

    def check(self, target: Target) -> Target:
        """The target as it is to be stored. Raises Invalid, which names the field and the fix."""

    def send(self, message: Message, target: Target) -> None:
        """Deliver it, within 10 seconds. Raises TransportError."""
