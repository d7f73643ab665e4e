"""Answers that are made while they are sent: never whole in memory, whoever reads slowly."""

from __future__ import annotations

from collections.abc import AsyncIterator, Generator
from typing import Any

from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, StreamingHttpResponse

Pieces = Generator[bytes, None, None]


def stream(request: HttpRequest, pieces: Pieces, *, content_type: str, filename: str) -> StreamingHttpResponse:
    """An attachment of these pieces. `filename` is ASCII and ours, never something that people wrote."""
    body: Any = _Asked(pieces) if isinstance(request, ASGIRequest) else pieces
    response = StreamingHttpResponse(body, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{filename}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


class _Asked:
    """The pieces for the web server, which would else read a plain generator to its end first."""

    def __init__(self, pieces: Pieces) -> None:
        self._pieces = pieces
        # Called by Django at the end, also when the client went away.
        self.close = pieces.close

    async def __aiter__(self) -> AsyncIterator[bytes]:
        # In the thread of the request, which has its database connection and closes it.
        while (piece := await sync_to_async(self._next, thread_sensitive=True)()) is not None:
            yield piece

    def _next(self) -> bytes | None:
        return next(self._pieces, None)
