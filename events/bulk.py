"""Many events decided at once: each on its own, in a short transaction, so that nobody else waits for all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from events import services
from events.models import Event
from project.accounts.models import Role, User
from project.accounts.rights import sites_of
from project.errors import Conflict

MOST = 200
"""Events of one request: a few seconds where each takes 20 ms."""


class Outcome(StrEnum):
    """What became of one event."""

    DONE = "done"
    CONFLICT = "conflict"
    """It was in a state already in which this cannot be done."""
    FORBIDDEN = "forbidden"
    """The role in its site does not allow it."""
    NOT_FOUND = "not_found"
    """There is none, or it is not the asker's to see."""


@dataclass(frozen=True, slots=True)
class Decided:
    """One event and what became of it."""

    id: UUID
    outcome: Outcome
    message: str = ""
    """For people, where it was not done."""


ACTIONS: dict[str, Callable[..., Event]] = {
    "acknowledge": services.acknowledge_event,
    "resolve": services.resolve_event,
    "dismiss": services.dismiss_event,
}


def decide_events(*, action: str, event_ids: Sequence[UUID], by: User, note: str = "") -> list[Decided]:
    """Do the action with each event, in the order given, named twice once. A failure leaves the others as they are."""
    unique = list(dict.fromkeys(event_ids))
    return list(_decide_each(ACTIONS[action], unique, by, note))


def _decide_each(decide: Callable[..., Event], ids: Sequence[UUID], by: User, note: str) -> Iterator[Decided]:
    sites = dict(Event.objects.for_user(by).filter(pk__in=ids).values_list("pk", "site_id"))
    allowed = set(sites_of(by, at_least=Role.OPERATOR).values_list("pk", flat=True))
    for pk in ids:
        if pk not in sites:
            yield Decided(pk, Outcome.NOT_FOUND, "There is no such event, or it is not yours to see.")
        elif sites[pk] not in allowed:
            yield Decided(pk, Outcome.FORBIDDEN, "Your role in this site does not allow this.")
        else:
            yield _decide(decide, pk, by, note)


def _decide(decide: Callable[..., Event], pk: UUID, by: User, note: str) -> Decided:
    try:
        decide(event_id=pk, by=by, note=note)
    except Conflict as conflict:
        return Decided(pk, Outcome.CONFLICT, conflict.message)
    except Event.DoesNotExist:  # its time was over a moment ago
        return Decided(pk, Outcome.NOT_FOUND, "There is no such event any more.")
    return Decided(pk, Outcome.DONE)
