"""Whom an open socket belongs to, and whether they may still be there.

One look at the database twice a second for all sockets of a process together: a right taken away, a user disabled, a
log-out, a revoked or expired token, a changed password take effect within a second however they came about - over
REST, in admin or in the database itself - and whether or not Redis is there.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Protocol

from channels.db import database_sync_to_async
from django.contrib.sessions.models import Session
from django.db import Error as DatabaseError
from django.db.models import Q
from django.utils import timezone

from project.accounts.models import Membership, Site, Token, User
from project.accounts.rights import Grant
from project.hubs import Hub, Job
from project.outage import Outage

EVERY_SECONDS = 0.5
TRUST_SECONDS = 60.0
"""With the database away nobody can take a right away either; but not for ever: perhaps only we are cut off."""

LOGGED_OUT = 4401
TRY_AGAIN_LATER = 1013


@dataclass(frozen=True, slots=True)
class Visitor:
    """A user and what they showed to come in: a session, or a token."""

    user_id: int
    auth_hash: str
    """Of the password, as Django's sessions keep it: a changed password ends what came before."""
    session_key: str = ""
    token_digest: str = ""


class Guarded(Protocol):
    """A socket, as far as rights are concerned."""

    visitor: Visitor
    sites: frozenset[int]

    def sites_changed(self, sites: frozenset[int]) -> None:
        """The visitor may see other sites than before."""

    def end(self, code: int, reason: str) -> None:
        """Send nothing more and close."""


def standing_of(visitors: Collection[Visitor]) -> dict[Visitor, frozenset[int]]:
    """The ids of the sites each visitor may see now; one who may no longer be here at all is missing.

    What `rights.sites_of` says, for many at once: at most five queries, however many visitors.
    """
    users = User.objects.filter(is_active=True).in_bulk({visitor.user_id for visitor in visitors})
    hashes = {user.pk: user.get_session_auth_hash() for user in users.values()}
    sessions = _living_sessions({visitor.session_key for visitor in visitors} - {""})
    tokens = _living_tokens({visitor.token_digest for visitor in visitors} - {""})
    sites = _sites_of(users)
    return {
        visitor: _opened(sites[visitor.user_id], tokens.get(visitor.token_digest))
        for visitor in visitors
        if visitor.auth_hash == hashes.get(visitor.user_id)
        and (visitor.session_key in sessions or visitor.token_digest in tokens)
    }


def _opened(sites: frozenset[int], grant: Grant | None) -> frozenset[int]:
    return sites if grant is None else frozenset(site for site in sites if grant.opens(site))


def _living_sessions(keys: Collection[str]) -> set[str]:
    sessions = Session.objects.filter(session_key__in=keys, expire_date__gt=timezone.now())
    return set(sessions.values_list("session_key", flat=True))


def _living_tokens(digests: Collection[str]) -> dict[str, Grant | None]:
    """Digest -> what the token grants."""
    alive = Q(expires_at=None) | Q(expires_at__gt=timezone.now())
    kinds = (Token.Kind.ACCESS, Token.Kind.API_KEY)
    tokens = Token.objects.filter(alive, digest__in=digests, kind__in=kinds, revoked_at=None)
    return {token.digest: token.grant for token in tokens}


def _sites_of(users: Mapping[int, User]) -> dict[int, frozenset[int]]:
    found: dict[int, set[int]] = {user_id: set() for user_id in users}
    for user_id, site_id in Membership.objects.filter(user__in=users).values_list("user_id", "site_id"):
        found[user_id].add(site_id)
    if any(user.is_superuser for user in users.values()):
        every = set(Site.objects.values_list("pk", flat=True))
        found |= {user_id: every for user_id, user in users.items() if user.is_superuser}
    return {user_id: frozenset(sites) for user_id, sites in found.items()}


class RightsWatch(Hub[Guarded]):
    """Looks after the rights of all open sockets of this process."""

    def __init__(self) -> None:
        super().__init__()
        self._trusted_until = 0.0

    def jobs(self) -> Mapping[str, Job]:
        return {"checking the rights of open sockets": self._watch}

    async def admit(self, socket: Guarded) -> bool:
        """Sets the socket's sites and looks after it from now on; False where its visitor may not be here."""
        self.enter(socket)
        try:
            standing = await database_sync_to_async(standing_of)([socket.visitor])
        except BaseException:
            self.leave(socket)
            raise
        if socket.visitor not in standing:
            self.leave(socket)
            return False
        socket.sites = standing[socket.visitor]
        return True

    async def _watch(self, outage: Outage) -> None:
        self._trusted_until = time.monotonic() + TRUST_SECONDS
        while True:
            await asyncio.sleep(EVERY_SECONDS)
            asked = list(self.members)  # not those who come while we wait for the answer
            try:
                standing = await database_sync_to_async(standing_of)({socket.visitor for socket in asked})
            except DatabaseError as error:
                outage.met(error)
                if time.monotonic() > self._trusted_until:
                    self._end_all()
            else:
                self._trusted_until = time.monotonic() + TRUST_SECONDS
                outage.over()
                self._apply(standing, [socket for socket in asked if socket in self.members])

    def _apply(self, standing: Mapping[Visitor, frozenset[int]], sockets: Collection[Guarded]) -> None:
        for socket in sockets:
            sites = standing.get(socket.visitor)
            if sites is None:
                self.leave(socket)
                socket.end(LOGGED_OUT, "You are logged out.")
            elif sites != socket.sites:
                socket.sites = sites
                socket.sites_changed(sites)

    def _end_all(self) -> None:
        for socket in list(self.members):
            self.leave(socket)
            socket.end(TRY_AGAIN_LATER, "Your rights cannot be checked at the moment.")
