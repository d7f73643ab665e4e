"""Tells all web processes what changed. The only module that speaks to the channel layer.

What is told is a hint and the database the record: a client that sees a gap in a site's numbers fetches what it
missed. So telling never fails and never makes anybody wait.
"""

from __future__ import annotations

import asyncio
import atexit
import json
import logging
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from concurrent.futures import Future, wait
from contextlib import asynccontextmanager
from typing import Any, Literal, NotRequired, TypedDict, cast

from channels.layers import get_channel_layer
from rest_framework.utils.encoders import JSONEncoder

from project.outage import Outage

log = logging.getLogger(__name__)

GROUP = "events"
"""One for all sites: each process listens once, and gives each socket only what its sites let it see."""
WAITING = 1_000
TIMEOUT_SECONDS = 1.0


class EventChanged(TypedDict):
    """An event is new or not what it was; the client puts it in place of what it has under that id."""

    type: Literal["event.changed"]
    site: int
    sequence: int
    """The site's number of this change; a hole before it means that something was missed."""
    event: Mapping[str, Any]
    """As in REST."""


class Hello(TypedDict):
    """The first message, and once more when the visitor may see other sites than before."""

    type: Literal["hello"]
    sites: Mapping[str, int]
    """Site id -> number of its last change. The sites not named may not be seen (any more)."""


class Sequence(TypedDict):
    """The numbers once more, every two seconds: so the last change cannot be missed either."""

    type: Literal["sequence"]
    sites: Mapping[str, int]


class InboxChanged(TypedDict):
    """The visitor's inbox is not what it was, or may not be; what it is, REST tells."""

    type: Literal["inbox.changed"]


class Change(TypedDict):
    """What travels through the channel layer: encoded once, not once per socket. It is of a site or for a user."""

    type: Literal["events.change"]
    site: NotRequired[int]
    user: NotRequired[int]
    text: str


def event_changed(*, site_id: int, sequence: int, event: Mapping[str, Any]) -> None:
    """Tell everybody who may see the site that this event changed; to be called after commit. Never raises.

    `event` is what REST answers for it.
    """
    message: EventChanged = {"type": "event.changed", "site": site_id, "sequence": sequence, "event": event}
    courier.send({"type": "events.change", "site": site_id, "text": encode(message)})


def inbox_changed(*, user_id: int) -> None:
    """Tell the open sockets of this user alone; to be called after commit. Never raises."""
    courier.send({"type": "events.change", "user": user_id, "text": encode(InboxChanged(type="inbox.changed"))})


def encode(message: EventChanged | Hello | Sequence | InboxChanged) -> str:
    """JSON, with REST's own spelling of times and ids."""
    return json.dumps(message, cls=JSONEncoder, separators=(",", ":"))


@asynccontextmanager
async def listening() -> AsyncIterator[Callable[[], Awaitable[Change]]]:
    """Gives a function that waits for the next thing told, by any process.

    Raises what the channel layer raises when it cannot be reached.
    """
    layer = get_channel_layer()
    if layer is None:
        raise RuntimeError("CHANNEL_LAYERS names no default layer")
    channel = await layer.new_channel()
    await layer.group_add(GROUP, channel)

    async def next_change() -> Change:
        return cast("Change", await layer.receive(channel))

    try:
        yield next_change
    finally:
        await layer.group_discard(GROUP, channel)


class Courier:
    """Carries messages to the channel layer in a thread of its own.

    From a thread with no event loop, `async_to_sync` would open a new connection for every message, and wait for it.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._waiting: set[Future[None]] = set()
        self._outage = Outage(log, "telling open sockets what changed")
        self.dropped = 0
        """Messages that could not be told, because Redis was away or too many waited."""

    def send(self, message: Change) -> None:
        """Tell this soon, after what was given before. Returns at once."""
        if len(self._waiting) >= WAITING:
            self.dropped += 1
            return
        future = asyncio.run_coroutine_threadsafe(self._carry(message), self._running_loop())
        self._waiting.add(future)
        future.add_done_callback(self._waiting.discard)

    def flush(self, seconds: float = TIMEOUT_SECONDS) -> None:
        """Waits until all is told, but no longer than this."""
        wait(list(self._waiting), seconds)

    def _running_loop(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                threading.Thread(target=self._loop.run_forever, name="broadcast", daemon=True).start()
                atexit.register(self.flush)
            return self._loop

    async def _carry(self, message: Change) -> None:
        layer = get_channel_layer()
        if layer is None:
            return
        try:
            await asyncio.wait_for(layer.group_send(GROUP, dict(message)), TIMEOUT_SECONDS)
            self._outage.over()
        except Exception as error:  # whatever layer is configured: a hint is not worth an error
            self.dropped += 1
            self._outage.met(error)


courier = Courier()
