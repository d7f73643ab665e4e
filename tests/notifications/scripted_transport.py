"""A transport that does as the test says, at the edge: what it was given is what would have left Vigil."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from notifications.message import Message
from notifications.transports import registry
from notifications.transports.protocol import TransportError

NAME = "tests.notifications.scripted_transport:Scripted"


@dataclass
class Sink:
    """What got there, in order, and what goes wrong next."""

    messages: list[Message] = field(default_factory=list)
    targets: list[dict[str, str]] = field(default_factory=list)
    failures: list[TransportError] = field(default_factory=list)
    takes_time: list[Callable[[], object]] = field(default_factory=list)
    """What happens while the next ones are under way."""

    @property
    def titles(self) -> list[str]:
        return [message.title for message in self.messages]

    @property
    def keys(self) -> list[str]:
        return [message.key for message in self.messages]


sink = Sink()


class Scripted:
    """Sends to the sink."""

    secrets = frozenset({"password"})

    def check(self, target: Mapping[str, str]) -> Mapping[str, str]:
        return target

    def send(self, message: Message, target: Mapping[str, str]) -> None:
        if sink.failures:
            raise sink.failures.pop(0)
        if sink.takes_time:
            sink.takes_time.pop(0)()
        sink.messages.append(message)
        sink.targets.append(dict(target))


def script_all() -> None:
    """Let every kind of channel lead to the sink, in this process."""
    for kind in registry.PLACES:
        registry.PLACES[kind] = NAME
    registry.transport_of.cache_clear()
