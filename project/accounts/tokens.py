"""Opaque tokens for scripts: made, exchanged, checked, revoked. The only writer of `Token`.

* Only the hash is kept; the secret is shown once.
* An access token lives an hour, a refresh token thirty days and works once: it is exchanged for a new pair.
* A refresh token used twice was stolen, by the first or by the second: all that came from its log-in ends.
* A token ends with its user's password, and while the user is switched off.
"""

from __future__ import annotations

import hashlib
import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from project.accounts.models import Site, Token, User
from project.accounts.second_factor import must_set_up
from project.audit import origin, trail
from project.errors import DomainError

ACCESS_LIFE = timedelta(hours=1)
REFRESH_LIFE = timedelta(days=30)
USE_NOTED_EVERY = timedelta(minutes=1)
_PREFIXES = {Token.Kind.ACCESS: "vga_", Token.Kind.REFRESH: "vgr_", Token.Kind.API_KEY: "vgk_"}
"""So that logs, and those who scan code for leaks, can tell what they see."""


class TokenRefused(DomainError):
    """It is unknown, has ended, or was used before."""

    code = "token_refused"
    status_code = 401


@dataclass(frozen=True, slots=True)
class TokenPair:
    """What a script is given at log-in; the secrets are in no other place."""

    user: User
    family: uuid.UUID
    access: str
    refresh: str
    expires_in: int
    """Seconds that `access` lives."""


def issue_tokens(*, user: User) -> TokenPair:
    """A new pair for somebody who has just shown the password."""
    user.tokens.filter(expires_at__lt=timezone.now()).delete()
    with transaction.atomic(), origin.coming_from(way=origin.TOKEN):
        pair = _pair(user, uuid.uuid4())
        trail.record("login.succeeded", by=user, target=user)
    return pair


def issue_api_key(
    *,
    user: User,
    name: str,
    role: int | None = None,
    site: Site | None = None,
    expires_at: datetime | None = None,
) -> tuple[Token, str]:
    """A key for a script that runs for long, with its secret, which is shown once.

    `role` is the highest it acts in and `site` the only one it opens; without them it may all that its user may.
    """
    with transaction.atomic():
        secret = _make(user, Token.Kind.API_KEY, uuid.uuid4(), expires_at, name=name, role=role, site=site)
        key = Token.objects.get(digest=_digest(secret))
        trail.record("api_key.created", by=user, target=key, details={"name": name, "role": role})
    return key, secret


@transaction.atomic
def revoke_api_key(*, key: Token) -> None:
    """It stops working with the next request."""
    if revoke_tokens(tokens=[key]):
        trail.record("api_key.revoked", by=key.user, target=key, details={"name": key.name})


def refresh_tokens(*, refresh: str) -> TokenPair:
    """The next pair for a refresh token that was not used before. Raises TokenRefused."""
    token = _find(refresh, [Token.Kind.REFRESH])
    if token is None or must_set_up(token.user):
        raise TokenRefused("This refresh token is unknown or has ended: log in again.")
    pair = _exchange(token)
    if pair is None:
        _end_betrayed(token)
        raise TokenRefused("This refresh token was used before, so its log-in was ended: log in again.")
    return pair


def find_bearer(secret: str) -> Token | None:
    """The access token or API key with this secret, its `user` held to what it grants.

    None where it is none, has ended, or its user was switched off or must set up a second factor first.
    """
    token = _find(secret, [Token.Kind.ACCESS, Token.Kind.API_KEY])
    if token is None or must_set_up(token.user):
        return None
    _note_use(token)
    token.user.grant = token.grant
    return token


def revoke_log_in(*, secret: str) -> None:
    """End all tokens that came from the same log-in as this one; an unknown one has ended already."""
    token = Token.objects.select_related("user").filter(digest=_digest(secret)).first()
    if token is None:
        return
    with transaction.atomic(), origin.coming_from(way=origin.TOKEN):
        if revoke_tokens(tokens=[token]):
            trail.record("login.ended", by=token.user, target=token.user)


@transaction.atomic
def revoke_tokens(*, tokens: list[Token]) -> int:
    """End these tokens with all of their log-ins; returns how many ended."""
    families = Token.objects.filter(family__in={token.family for token in tokens})
    # waits for a pair that is just made: the update, a statement of its own, then sees it
    list(families.select_for_update().order_by("pk").values_list("pk", flat=True))
    return families.filter(revoked_at=None).update(revoked_at=timezone.now())


@transaction.atomic
def _exchange(token: Token) -> TokenPair | None:
    """The next pair, or None where the refresh token was used or ended meanwhile. Both happen, or neither."""
    fresh = Token.objects.filter(pk=token.pk, used_at=None, revoked_at=None)
    return _pair(token.user, token.family) if fresh.update(used_at=timezone.now()) else None


def _end_betrayed(token: Token) -> None:
    """End the log-in of a refresh token that came twice. Whether its user or a thief showed it, nobody knows."""
    with transaction.atomic(), origin.coming_from(way=origin.TOKEN):
        if revoke_tokens(tokens=[token]):
            trail.record("login.ended", target=token.user, details={"reason": "refresh reused"})


def _note_use(token: Token) -> None:
    now = timezone.now()
    if token.last_used_at is None or now - token.last_used_at >= USE_NOTED_EVERY:
        Token.objects.filter(pk=token.pk).update(last_used_at=now)


@transaction.atomic
def _pair(user: User, family: uuid.UUID) -> TokenPair:
    now = timezone.now()
    return TokenPair(
        user=user,
        family=family,
        access=_make(user, Token.Kind.ACCESS, family, now + ACCESS_LIFE),
        refresh=_make(user, Token.Kind.REFRESH, family, now + REFRESH_LIFE),
        expires_in=int(ACCESS_LIFE.total_seconds()),
    )


def _make(user: User, kind: Token.Kind, family: uuid.UUID, expires_at: datetime | None, **scope: Any) -> str:
    secret = _PREFIXES[kind] + secrets.token_urlsafe(32)
    Token.objects.create(
        user=user,
        kind=kind,
        digest=_digest(secret),
        family=family,
        auth_hash=user.get_session_auth_hash(),
        expires_at=expires_at,
        **scope,
    )
    return secret


def alive(tokens: QuerySet[Token]) -> QuerySet[Token]:
    """Those of them that have not expired and were not revoked, whatever has become of their users."""
    return tokens.filter(Q(expires_at=None) | Q(expires_at__gt=timezone.now()), revoked_at=None)


def _find(secret: str, kinds: list[Token.Kind]) -> Token | None:
    tokens = alive(Token.objects.select_related("user").filter(kind__in=kinds))
    token = tokens.filter(digest=_digest(secret), user__is_active=True).first()
    if token is None or not constant_time_compare(token.auth_hash, token.user.get_session_auth_hash()):
        return None
    return token


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
