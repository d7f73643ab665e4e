"""No request body longer than this instance takes: 413, before it fills memory or disk."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

Message = Mapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[dict[str, Any], Receive, Send], Awaitable[None]]


class BodyLimit:
    """An ASGI application with a limit in bytes: Django writes the whole body down before anybody can refuse it."""

    def __init__(self, application: Application, limit: int) -> None:
        self._application = application
        self._limit = limit

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        """Answer the request, or 413."""
        told = dict(scope["headers"]).get(b"content-length", b"0")
        if told.isdigit() and int(told[:20]) > self._limit:
            await self._refuse(send)
            return
        left = self._limit

        async def counted() -> Message:
            nonlocal left
            message = await receive()
            left -= len(message.get("body", b""))
            if left < 0:  # it came in pieces and did not say how long it is
                await self._refuse(send)
                return {"type": "http.disconnect"}
            return message

        await self._application(scope, counted, send)

    async def _refuse(self, send: Send) -> None:
        message = f"What was sent is too long: {self._limit:,} bytes are the most."
        body = json.dumps({"code": "too_large", "message": message, "fields": {}}).encode()
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
        headers += [(b"connection", b"close"), (b"x-content-type-options", b"nosniff"), (b"cache-control", b"no-store")]
        await send({"type": "http.response.start", "status": 413, "headers": headers})
        await send({"type": "http.response.body", "body": body})
