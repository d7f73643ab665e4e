"""Changes of events in one transaction: numbered per site, written down as transitions, told after commit."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction

from events import broadcast
from events.models import Event, EventTransition
from events.serializers import represent
from project.accounts.models import Site

STORM = 50
"""Above so many changes of a site in one transaction only the last is told: the gap makes clients fetch the rest."""


class Message(NamedTuple):
    """What the sockets are told about one change."""

    site_id: int
    sequence: int
    event: dict[str, Any]


class Changes:
    """The changes of one transaction. Making it locks the sites until commit.

    The lock gives each change the next number of its site, in the order of the commits, and makes everybody who
    changes events of a site wait for one another. So what is read after the lock stays true until the commit.
    """

    def __init__(self, site_ids: Iterable[int]) -> None:
        """Lock the sites, in the order of their ids so that two writers never wait for each other in a circle."""
        # Not FOR UPDATE: adding a camera or a member to the site need not wait.
        rows = Site.objects.select_for_update(no_key=True).filter(pk__in=set(site_ids)).order_by("pk")
        self._sites = {site.pk: site for site in rows.only("event_sequence")}
        self._made: list[tuple[Event, EventTransition]] = []

    def add(self, event: Event, kind: str, *, at: datetime, **fields: Any) -> None:
        """Number a change of `event`; `fields` are those of EventTransition."""
        site = self._sites[event.site_id]
        site.event_sequence += 1
        event.sequence = site.event_sequence
        transition = EventTransition(event=event, sequence=site.event_sequence, kind=kind, at=at, **fields)
        self._made.append((event, transition))

    def save(self) -> None:
        """Write the transitions and the numbers. The events themselves must have been written before."""
        EventTransition.objects.bulk_create([transition for _, transition in self._made])
        changed = {event.site_id for event, _ in self._made}
        for site_id in changed:
            Site.objects.filter(pk=site_id).update(event_sequence=self._sites[site_id].event_sequence)
            self._tell_after_commit(site_id)

    def _tell_after_commit(self, site_id: int) -> None:
        made = [(event, transition) for event, transition in self._made if event.site_id == site_id]
        told = made if len(made) <= STORM else made[-1:]
        shown = {event.pk: represent(event) for event, _ in told}
        messages = [Message(site_id, transition.sequence, shown[event.pk]) for event, transition in told]
        transaction.on_commit(partial(_tell, messages), robust=True)


def lock_event(event_id: UUID) -> tuple[Event, Changes]:
    """The event as it is under its site's lock, and the changes to make of it. Raises Event.DoesNotExist."""
    changes = Changes([Event.objects.values_list("site_id", flat=True).get(pk=event_id)])
    return Event.objects.select_related("camera", "acknowledged_by").get(pk=event_id), changes


def _tell(messages: list[Message]) -> None:
    for message in messages:
        broadcast.event_changed(**message._asdict())
