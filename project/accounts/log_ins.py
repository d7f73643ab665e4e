"""Where a user is logged in: listed, and ended. The only writer of `LogIn`."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Max
from django.http import HttpRequest
from django.utils import timezone

from project.accounts.attempts import client_address
from project.accounts.models import LogIn, Token, User
from project.accounts.tokens import alive, revoke_tokens
from project.audit import trail
from project.errors import NotFound

SEEN_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a user is logged in."""

    id: uuid.UUID
    kind: str
    """A browser (a session) or a script (tokens)."""
    address: str
    user_agent: str
    created_at: datetime
    last_seen_at: datetime
    current: bool
    """Whether this is where the list was asked for."""


def note_session(*, user: User, request: HttpRequest) -> None:
    """Remember the session of this request, which must have been saved, as the user's."""
    key = request.session.session_key
    LogIn.objects.filter(session_id=key).delete()
    if Session.objects.filter(pk=key).exists():
        _note(user, request, id=uuid.uuid4(), session_id=key)


def note_script(*, user: User, request: HttpRequest, family: uuid.UUID) -> None:
    """Remember where the tokens of this family were asked for; forget those that have ended."""
    living = alive(Token.objects.filter(user=user)).values("family")
    LogIn.objects.filter(user=user, session=None).exclude(pk__in=living).delete()
    _note(user, request, id=family)


def touch_session(*, user: User, request: HttpRequest) -> None:
    """It was seen; written at most once a minute. One from before this list was kept is entered."""
    now = timezone.now()
    log_ins = LogIn.objects.filter(session_id=request.session.session_key)
    seen = log_ins.values_list("last_seen_at", flat=True).first()
    if seen is None:
        note_session(user=user, request=request)
    elif seen < now - SEEN_EVERY:
        log_ins.update(last_seen_at=now, address=_address(request))


def places_of(user: User, *, session_key: str | None) -> list[Place]:
    """Where the user is logged in now, the one seen last first. `session_key` is of the asker."""
    now = timezone.now()
    used = dict(
        alive(Token.objects.filter(user=user))
        .values_list("family")
        .annotate(Max("last_used_at"))
        .values_list("family", "last_used_at__max")
    )
    log_ins = LogIn.objects.filter(user=user)
    places = [_place(row, row.last_seen_at, session_key) for row in log_ins.filter(session__expire_date__gt=now)]
    scripts = log_ins.filter(session=None, pk__in=used)
    places += [_place(row, used[row.pk] or row.last_seen_at, None) for row in scripts]
    return sorted(places, key=lambda place: place.last_seen_at, reverse=True)


@transaction.atomic
def end_log_in(*, user: User, id: uuid.UUID) -> None:
    """Log the user out there: it counts with the next request. Raises NotFound."""
    row = LogIn.objects.filter(user=user, pk=id).first()
    if row is None:
        raise NotFound("You are not logged in there.")
    if row.session_id:
        Session.objects.filter(pk=row.session_id).delete()
    else:
        revoke_tokens(tokens=list(Token.objects.filter(user=user, family=row.pk)))
        row.delete()
    trail.record("login.ended", by=user, target=user, details={"where": row.address})


@transaction.atomic
def end_everywhere(*, user: User) -> None:
    """Log the user out of all browsers, scripts and API keys."""
    end_log_ins(user=user)
    trail.record("login.ended_everywhere", by=user, target=user)


@transaction.atomic
def end_log_ins(*, user: User, but: str | None = None, keys: bool = True) -> None:
    """Log the user out everywhere but in the session with the key `but`; with `keys`, of API keys too."""
    sessions = LogIn.objects.filter(user=user).exclude(session=None).exclude(session_id=but)
    Session.objects.filter(pk__in=list(sessions.values_list("session_id", flat=True))).delete()
    tokens = Token.objects.filter(user=user, revoked_at=None)
    revoke_tokens(tokens=list(tokens if keys else tokens.exclude(kind=Token.Kind.API_KEY)))
    LogIn.objects.filter(user=user, session=None).delete()


def _note(user: User, request: HttpRequest, *, id: uuid.UUID, session_id: str | None = None) -> None:
    now = timezone.now()
    agent = request.META.get("HTTP_USER_AGENT", "").replace("\x00", "")[:200]
    LogIn.objects.create(
        id=id,
        user=user,
        session_id=session_id,
        address=_address(request),
        user_agent=agent,
        created_at=now,
        last_seen_at=now,
    )


def _address(request: HttpRequest) -> str:
    address = client_address(request)
    return address if ":" in address or "." in address else "0.0.0.0"


def _place(row: LogIn, last_seen_at: datetime, session_key: str | None) -> Place:
    return Place(
        id=row.pk,
        kind="browser" if row.session_id else "script",
        address=row.address,
        user_agent=row.user_agent,
        created_at=row.created_at,
        last_seen_at=last_seen_at,
        current=bool(row.session_id) and row.session_id == session_key,
    )
