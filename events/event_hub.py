"""Gives each open socket of this process the changes of its sites, and every two seconds the sites' numbers."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping
from typing import Protocol

from channels.db import database_sync_to_async

from events.broadcast import Change, Sequence, encode, listening
from project.accounts.models import Site
from project.hubs import Hub, Job
from project.outage import Outage

SEQUENCE_EVERY_SECONDS = 2.0


class Listener(Protocol):
    """A socket that wants to hear of changes."""

    sites: frozenset[int]

    @property
    def user_id(self) -> int:
        """Whose it is."""

    def tell_text(self, text: str) -> None:
        """Send this JSON when its turn comes."""


class EventHub(Hub[Listener]):
    """One subscription and one query every two seconds, however many sockets are open."""

    def jobs(self) -> Mapping[str, Job]:
        return {"hearing of changed events": self._listen, "telling the sites' numbers": self._tell_sequences}

    async def _listen(self, outage: Outage) -> None:
        async with listening() as next_change:
            outage.over()
            while True:
                change = await next_change()
                for member in self._addressed(change):
                    member.tell_text(change["text"])

    async def _tell_sequences(self, outage: Outage) -> None:
        while True:
            await asyncio.sleep(SEQUENCE_EVERY_SECONDS)
            asked = list(self.members)
            sequences = await sequences_of(frozenset().union(*(member.sites for member in asked)))
            outage.over()
            texts: dict[frozenset[int], str] = {}
            for member in asked:
                if member.sites not in texts:
                    texts[member.sites] = _sequence_text(sequences, member.sites)
                member.tell_text(texts[member.sites])

    def _addressed(self, change: Change) -> list[Listener]:
        if "user" in change:
            return [member for member in self.members if member.user_id == change["user"]]
        return [member for member in self.members if change.get("site") in member.sites]


def _sequence_text(sequences: Mapping[str, int], sites: frozenset[int]) -> str:
    seen = {str(site_id): sequences[str(site_id)] for site_id in sorted(sites) if str(site_id) in sequences}
    return encode(Sequence(type="sequence", sites=seen))


@database_sync_to_async
def sequences_of(site_ids: Collection[int]) -> dict[str, int]:
    """The number of the last change in each of the sites, by its id as JSON has it."""
    rows = Site.objects.filter(pk__in=site_ids).order_by("pk").values_list("pk", "event_sequence")
    return {str(site_id): sequence for site_id, sequence in rows}
