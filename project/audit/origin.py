"""From where somebody asks: kept beside the request, so that no service has to pass it on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace

import structlog
from django.http import HttpRequest, HttpResponse

Handler = Callable[[HttpRequest], HttpResponse]

SESSION, TOKEN, ADMIN, SYSTEM = "session", "token", "admin", "system"


@dataclass(frozen=True, slots=True)
class Origin:
    """Address and way in of whoever asks; the default: nobody, Vigil itself does it."""

    address: str = ""
    way: str = SYSTEM
    request_id: str = ""


_NOBODY = Origin()
_current: ContextVar[Origin] = ContextVar("audit_origin", default=_NOBODY)


def current() -> Origin:
    """Of what is done at this moment, in this thread or task."""
    return _current.get()


@contextmanager
def coming_from(*, address: str | None = None, way: str | None = None, request_id: str | None = None) -> Iterator[None]:
    """What is recorded meanwhile came from there; what is not said stays as it was."""
    given = {"address": address, "way": way, "request_id": request_id}
    token = _current.set(replace(_current.get(), **{name: value for name, value in given.items() if value is not None}))
    try:
        yield
    finally:
        _current.reset(token)


def remember(get_response: Handler) -> Handler:
    """Middleware. The address is never taken from a header: the web server knows the trusted proxies."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request_id = str(structlog.contextvars.get_contextvars().get("request_id", ""))
        with coming_from(address=request.META.get("REMOTE_ADDR") or "", way=_way(request), request_id=request_id):
            return get_response(request)

    return middleware


def _way(request: HttpRequest) -> str:
    if request.path.startswith("/admin/"):  # which looks at no token, whatever the request shows
        return ADMIN
    return TOKEN if request.headers.get("Authorization", "").partition(" ")[0].lower() == "bearer" else SESSION
