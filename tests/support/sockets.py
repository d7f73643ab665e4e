"""Clients of the sockets, against the real ASGI application."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

from asgiref.testing import ApplicationCommunicator
from channels.db import database_sync_to_async
from django.conf import settings
from django.test import Client

from events.live_frames import unpack
from project.accounts.models import User
from project.hubs import all_at_rest

ORIGIN = b"http://testserver"
Message = dict[str, Any]
Headers = list[tuple[bytes, bytes]]


def log_in(user: User) -> str:
    """A session key of the user's own."""
    client = Client()
    client.force_login(user)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def cookie_headers(session_key: str, *, origin: bytes | None = ORIGIN) -> Headers:
    """What a browser sends from a page of `origin`."""
    cookie = f"{settings.SESSION_COOKIE_NAME}={session_key}".encode()
    headers = [(b"host", b"testserver"), (b"cookie", cookie)]
    return headers if origin is None else [*headers, (b"origin", origin)]


class SocketClient:
    """One connection to the application, as a server would hand it over: `await next(...)` gives what it hears."""

    def __init__(self, path: str, headers: Headers, subprotocols: Sequence[str] = (), *, query: bytes = b"") -> None:
        from project.asgi import application

        scope = {"type": "websocket", "path": path, "query_string": query, "headers": headers}
        connection = ApplicationCommunicator(application, scope | {"subprotocols": list(subprotocols)})  # type: ignore[no-untyped-call]
        self._connection: Any = connection
        self.subprotocol: str | None = None

    async def connect(self) -> int | None:
        """None where the connection is accepted, else the code with which it is refused."""
        await self._connection.send_input({"type": "websocket.connect"})
        answer = await self._connection.receive_output(timeout=5)
        if answer["type"] == "websocket.close":
            return int(answer.get("code", 1000))
        self.subprotocol = answer["subprotocol"]
        return None

    async def close(self) -> None:
        """The client leaves."""
        await self._connection.send_input({"type": "websocket.disconnect", "code": 1000})
        await self._connection.wait(timeout=5)
        await all_at_rest()

    async def send(self, **message: Any) -> None:
        """Send a JSON message."""
        await self.send_text(json.dumps(message))

    async def send_text(self, text: str) -> None:
        """Send whatever this is."""
        await self._connection.send_input({"type": "websocket.receive", "text": text})

    async def next(self, kind: str, *, seconds: float = 5.0) -> Message:
        """The next message of this type; `frame` for a picture. Others are passed over."""
        return await self.next_where(lambda message: message["type"] == kind, seconds=seconds, what=kind)

    async def next_where(self, wanted: Callable[[Message], bool], *, seconds: float = 5.0, what: str = "") -> Message:
        """The next message for which `wanted` is true."""
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            message = await self.any(left)
            if message is None:
                break
            if wanted(message):
                return message
        raise AssertionError(f"waited {seconds:g} s in vain for {what or 'a message'}")

    async def any(self, seconds: float) -> Message | None:
        """The next thing the socket says; None where it says nothing for so long. A close is of type `close`."""
        try:
            # Not receive_output: that ends the application when there is nothing.
            output: Any = await asyncio.wait_for(self._connection.output_queue.get(), seconds)
        except TimeoutError:
            return None
        if output["type"] == "websocket.close":
            return {"type": "close", "code": output.get("code")}
        if output.get("bytes") is None:
            message: Message = json.loads(output["text"])
            return message
        header, jpeg, age = unpack(output["bytes"])
        return {"type": "frame", "header": header, "jpeg": jpeg, "age": age}

    async def all(self, seconds: float) -> list[Message]:
        """All that the socket says in this time."""
        deadline = time.monotonic() + seconds
        heard = []
        while (left := deadline - time.monotonic()) > 0:
            message = await self.any(left)
            if message is not None:
                heard.append(message)
        return heard


@asynccontextmanager
async def open_socket(path: str, user: User) -> AsyncIterator[SocketClient]:
    """A socket of the user's, by a session of its own."""
    socket = SocketClient(path, cookie_headers(await database_sync_to_async(log_in)(user)))
    assert await socket.connect() is None
    try:
        yield socket
    finally:
        await socket.close()
