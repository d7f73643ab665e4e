"""What each of the cast may expect of a route: the cells of one row of the permission matrix."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Person(StrEnum):
    """The cast. All but the foreign ones have to do with one site, `Harbour`."""

    NOBODY = "nobody"
    VIEWER = "viewer"
    OPERATOR = "operator"
    MANAGER = "manager"
    FOREIGN = "manager of another site"
    STAFF = "staff without a site"
    SUPERUSER = "superuser"
    DISABLED = "manager who was switched off"
    EXPIRED = "manager with an expired token"
    ACCESS = "manager with an access token"
    KEY_VIEWER = "manager's key for viewing"
    KEY_OPERATOR = "manager's key for operating"
    KEY_MANAGER = "manager's key for managing"
    KEY_ELSEWHERE = "superuser's key for another site"


P = Person
Cells = dict[Person, int]
"""Status code by person."""

LOCKED_OUT: Final = frozenset({P.NOBODY, P.DISABLED, P.EXPIRED})
OUTSIDE: Final = frozenset({P.FOREIGN, P.STAFF, P.KEY_ELSEWHERE})
STRANGERS: Final = LOCKED_OUT | OUTSIDE
"""They learn nothing of the site: neither from an answer nor from an error."""
KEYS: Final = frozenset({P.KEY_VIEWER, P.KEY_OPERATOR, P.KEY_MANAGER, P.KEY_ELSEWHERE})
BELOW_OPERATOR: Final = frozenset({P.VIEWER, P.KEY_VIEWER})
BELOW_MANAGER: Final = BELOW_OPERATOR | {P.OPERATOR, P.KEY_OPERATOR}


def everybody(status: int = 200, *, with_dead_token: int = 401) -> Cells:
    """No log-in is needed; but a token that is shown must be good."""
    return dict.fromkeys(Person, status) | {P.EXPIRED: with_dead_token}


def anybody(status: int = 200) -> Cells:
    """Nobody is asked who they are."""
    return dict.fromkeys(Person, status)


def known(status: int = 200) -> Cells:
    """Whoever is logged in; what they are shown is their own."""
    return dict.fromkeys(Person, status) | dict.fromkeys(LOCKED_OUT, 401)


def members(status: int = 200, *, foreign: int = 404) -> Cells:
    """Whoever may see the site; to all others it does not exist."""
    return known(status) | dict.fromkeys(OUTSIDE, foreign)


def operators(status: int = 200, *, foreign: int = 404) -> Cells:
    """Operators and managers of the site."""
    return members(status, foreign=foreign) | dict.fromkeys(BELOW_OPERATOR, 403)


def managers(status: int = 200, *, foreign: int = 404, below: int = 403) -> Cells:
    """Managers of the site; `below` is what its other members are answered."""
    return members(status, foreign=foreign) | dict.fromkeys(BELOW_MANAGER, below)


def in_person(cells: Cells) -> Cells:
    """The same, but not with an API key: what a key could do, a stolen key could do."""
    return cells | dict.fromkeys(KEYS, 403)


def superusers(status: int = 200, *, others: int = 403) -> Cells:
    """Superusers, in person or by a log-in's token."""
    return known(others) | {P.SUPERUSER: status}
