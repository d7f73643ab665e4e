"""Static files, and the built UI, under ASGI."""

from __future__ import annotations

import contextlib
from typing import Any, BinaryIO

from django.http import HttpRequest, HttpResponse
from whitenoise.middleware import WhiteNoiseMiddleware  # type: ignore[import-untyped]


class StaticFiles(WhiteNoiseMiddleware):  # type: ignore[misc]
    """WhiteNoise whose files are read whole: under ASGI Django would do so too, with a warning for each."""

    @staticmethod
    def serve(static_file: Any, request: HttpRequest) -> HttpResponse:
        """The file, or the part of it that was asked for."""
        answer = static_file.get_response(request.method, request.META)
        response = HttpResponse(_read(answer.file), status=int(answer.status))
        del response["Content-Type"]
        for name, value in answer.headers:
            response[name] = value
        return response


def _read(file: BinaryIO | None) -> bytes:
    if file is None:
        return b""
    with contextlib.closing(file):
        return file.read()
