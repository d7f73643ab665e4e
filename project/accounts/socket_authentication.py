"""Who opens a socket: a browser by its session cookie, a script by its token. Never by anything in the address."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from hashlib import sha256
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import urlsplit

from channels.db import database_sync_to_async
from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.sessions.backends.db import SessionStore
from django.db import Error as DatabaseError
from django.http import HttpRequest
from django.http.request import split_domain_port, validate_host

from project.accounts.models import User
from project.accounts.second_factor import must_set_up
from project.accounts.socket_rights import TRY_AGAIN_LATER, Visitor
from project.accounts.tokens import find_bearer

Scope = Mapping[str, Any]
Application = Callable[..., Awaitable[None]]
"""ASGI: (scope, receive, send)."""

PROTOCOL = "vigil"
TOKEN_PROTOCOL = "vigil.token."


class SocketAuthentication:
    """Middleware that puts `visitor` (None: nobody we know) and the `subprotocol` to answer with into the scope.

    * A script shows an access token or API key: `Authorization: Bearer TOKEN`, or where headers cannot be set, as in
      a browser, the subprotocols `vigil` and `vigil.token.TOKEN`.
    * A browser's session cookie counts only with an Origin that is ours: a page of somebody else can open a socket
      here, and the browser sends our cookie along with it.
    """

    def __init__(self, application: Application) -> None:
        self._application = application

    async def __call__(self, scope: Scope, receive: Callable[..., Any], send: Callable[..., Any]) -> None:
        headers = {name.lower(): value.decode("latin-1") for name, value in scope["headers"]}
        offered: list[str] = list(scope.get("subprotocols", ()))
        try:
            visitor = await database_sync_to_async(_visitor)(headers, offered)
        except DatabaseError:
            await send({"type": "websocket.close", "code": TRY_AGAIN_LATER})
            return
        answer = {"visitor": visitor, "subprotocol": _subprotocol(offered)}
        await self._application({**scope, **answer}, receive, send)


def _visitor(headers: Mapping[bytes, str], offered: Iterable[str]) -> Visitor | None:
    token = _token(headers, offered)
    if token:
        return _visitor_with_token(token)
    if not is_our_origin(headers.get(b"origin", ""), host=headers.get(b"host", "")):
        return None
    return _visitor_with_session(_cookie(headers, settings.SESSION_COOKIE_NAME))


def is_our_origin(origin: str, *, host: str) -> bool:
    """Whether a page from `origin` may use the session cookie on a request to `host` (the Host header).

    * The page is one that this very host served, and the host is one of ALLOWED_HOSTS; or
    * the origin is one of those that may also send forms (CSRF_TRUSTED_ORIGINS).
    * Where cookies travel over HTTPS only, a page that came over HTTP is not ours.
    * None at all, or `null`, is never ours.
    """
    if origin in settings.CSRF_TRUSTED_ORIGINS:
        return True
    try:
        parts = urlsplit(origin)
    except ValueError:
        return False
    schemes = ("https",) if settings.SESSION_COOKIE_SECURE else ("http", "https")
    if parts.scheme not in schemes or parts.netloc.lower() != host.lower():
        return False
    domain, _ = split_domain_port(host)
    return bool(domain) and validate_host(domain, settings.ALLOWED_HOSTS)


def _token(headers: Mapping[bytes, str], offered: Iterable[str]) -> str:
    scheme, _, token = headers.get(b"authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token.strip():
        return token.strip()
    tokens = (name.removeprefix(TOKEN_PROTOCOL) for name in offered if name.startswith(TOKEN_PROTOCOL))
    return next(tokens, "")


def _subprotocol(offered: list[str]) -> str | None:
    """A browser that offers subprotocols hangs up unless one of them is taken: `vigil`, else the one with the token."""
    ours = [name for name in offered if name == PROTOCOL] or [
        name for name in offered if name.startswith(TOKEN_PROTOCOL)
    ]
    return ours[0] if ours else None


def _cookie(headers: Mapping[bytes, str], name: str) -> str:
    try:
        cookies = SimpleCookie(headers.get(b"cookie", ""))
    except CookieError:
        return ""
    return cookies[name].value if name in cookies else ""


def _visitor_with_token(secret: str) -> Visitor | None:
    token = find_bearer(secret)
    if token is None:
        return None
    user = token.user
    return Visitor(user.pk, user.get_session_auth_hash(), token_digest=sha256(secret.encode()).hexdigest())


def _visitor_with_session(key: str) -> Visitor | None:
    if not key:
        return None
    request = HttpRequest()
    request.session = SessionStore(key)
    user = get_user(request)
    if not isinstance(user, User) or not user.is_active or must_set_up(user):
        return None
    return Visitor(user.pk, user.get_session_auth_hash(), session_key=key)
