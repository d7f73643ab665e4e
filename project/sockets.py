"""What every WebSocket of Vigil has in common: who it is for, how much it may say, that nobody ever waits for it."""

from __future__ import annotations

import asyncio
import json
import time
from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, ClassVar, cast

from channels.generic.websocket import AsyncWebsocketConsumer
from django.db import Error as DatabaseError

from project.accounts.socket_rights import LOGGED_OUT, TRY_AGAIN_LATER, RightsWatch, Visitor

MESSAGE_CHARACTERS = 1_000
"""The longest message a client has reason to send is a tenth of that."""
MESSAGES_PER_SECOND = 400
"""64 tiles at 5 frames a second are 320 acknowledgements; twice the figure may come at once."""
WAITING_TEXTS = 256

POLICY_VIOLATION, TOO_BIG = 1008, 1009


class Mailbox:
    """What waits to be sent to one socket. Filling it never waits for the network."""

    def __init__(self) -> None:
        self.filled = asyncio.Event()
        self._texts: deque[str] = deque()

    def put(self, text: str, *, first: bool = False) -> bool:
        """False where too much waits already."""
        if len(self._texts) >= WAITING_TEXTS:
            return False
        if first:
            self._texts.appendleft(text)
        else:
            self._texts.append(text)
        self.filled.set()
        return True

    def take(self) -> str | bytes | None:
        """What to send next; None where nothing waits."""
        return self._texts.popleft() if self._texts else None

    def clear(self) -> None:
        """Forget what waits."""
        self._texts.clear()


class Allowance:
    """How many messages may still come: it grows by `rate` a second, up to twice that."""

    def __init__(self, rate: float) -> None:
        self._rate = rate
        self._left = 2 * rate
        self._at = time.monotonic()

    def spend(self) -> bool:
        """One message came; False where that is one too many."""
        now = time.monotonic()
        self._left = min(2 * self._rate, self._left + (now - self._at) * self._rate)
        self._at = now
        self._left -= 1
        return self._left >= 0


class Socket(AsyncWebsocketConsumer):
    """Checks and limits what comes in, sends what is in the mailbox, and ends at once when told to.

    It uses no channel layer of its own: hubs speak to Redis, so that a socket opens and stays open without it.
    """

    channel_layer_alias = ""
    actions: ClassVar[Mapping[str, str]] = {}
    """The type of a message that a client may send -> the method that takes it."""

    visitor: Visitor
    sites: frozenset[int] = frozenset()

    def __init__(self) -> None:
        super().__init__()
        self.mailbox = self.make_mailbox()
        self._allowance = Allowance(MESSAGES_PER_SECOND)
        self._task: asyncio.Task[None] | None = None
        self.ended = False

    # --- for subclasses -------------------------------------------------------------------------------------------
    def make_mailbox(self) -> Mailbox:
        """The socket's mailbox."""
        return Mailbox()

    async def opened(self) -> None:
        """The visitor is let in and `sites` is known; nothing is sent before this returns."""

    def closed(self) -> None:
        """The socket is gone, or about to be; called once."""

    def sites_changed(self, sites: frozenset[int]) -> None:
        """The visitor may see other sites than before."""

    # --- sending --------------------------------------------------------------------------------------------------
    def tell(self, message: Mapping[str, Any]) -> None:
        """Send this when its turn comes."""
        self.tell_text(json.dumps(message, separators=(",", ":")))

    def tell_text(self, text: str, *, first: bool = False) -> None:
        """Send this JSON when its turn comes. A client too slow to be told is let go: it will fetch what it missed."""
        if not self.ended and not self.mailbox.put(text, first=first):
            self.end(TRY_AGAIN_LATER, "Too slow; please connect again.")

    def tell_error(self, code: str, message: str) -> None:
        """Tell the client what was wrong with what it said."""
        self.tell({"type": "error", "code": code, "message": message})

    def end(self, code: int, reason: str) -> None:
        """Send nothing more, not even what waits already, and close."""
        if self.ended:
            return
        self._finish()
        self._task = asyncio.create_task(self._close(code, reason))

    # --- what Channels calls --------------------------------------------------------------------------------------
    async def dispatch(self, message: Any) -> None:
        """Without Channels' visit to a thread for each message: whoever makes a query looks after its connection."""
        try:
            match message["type"]:
                case "websocket.connect":
                    await self.websocket_connect(message)
                case "websocket.receive":
                    await self.websocket_receive(message)
                case "websocket.disconnect":
                    await self.websocket_disconnect(message)
        except BaseException:  # the server hangs up then, and tells us nothing any more
            if not self.ended:
                self._finish()
            raise

    async def connect(self) -> None:
        scope = cast("dict[str, Any]", self.scope)
        visitor: Visitor | None = scope["visitor"]
        if visitor is not None:
            self.visitor = visitor
        try:
            if visitor is None or not await RightsWatch.here().admit(self):
                await self.close(LOGGED_OUT)
                return
            await self.accept(scope["subprotocol"])
            await self.opened()
        except DatabaseError:
            self.end(TRY_AGAIN_LATER, "The database is away; please connect again.")
        if not self.ended:
            self._task = asyncio.create_task(self._write())

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        if self.ended:
            return
        if not self._allowance.spend():
            self.end(POLICY_VIOLATION, "Too many messages.")
        elif len(text_data or bytes_data or "") > MESSAGE_CHARACTERS:
            self.end(TOO_BIG, "The message is too long.")
        else:
            await self._hear(text_data)

    async def disconnect(self, code: int) -> None:
        if not self.ended:
            self._finish()

    # --- inside ---------------------------------------------------------------------------------------------------
    async def _hear(self, text: str | None) -> None:
        try:
            message = json.loads(text or "")
        except (ValueError, RecursionError):
            message = None
        if isinstance(message, dict):
            await self._act(message)
        else:
            self.tell_error("not_json", "A message must be a JSON object.")

    async def _act(self, message: Mapping[str, Any]) -> None:
        kind = message.get("type")
        action = self.actions.get(kind) if isinstance(kind, str) else None
        if action is None:
            self.tell_error("unknown_type", "This socket expects no messages of that type.")
        else:
            await getattr(self, action)(message)

    def _finish(self) -> None:
        self.ended = True
        self.mailbox.clear()
        if self._task is not None:
            self._task.cancel()
        RightsWatch.here().leave(self)
        self.closed()

    async def _write(self) -> None:
        with suppress(OSError):  # how a server says that the client is gone; `disconnect` follows
            while True:
                await self.mailbox.filled.wait()
                self.mailbox.filled.clear()
                while (item := self.mailbox.take()) is not None:
                    if isinstance(item, str):
                        await self.send(text_data=item)
                    else:
                        await self.send(bytes_data=item)

    async def _close(self, code: int, reason: str) -> None:
        with suppress(OSError):
            await self.close(code, reason)
