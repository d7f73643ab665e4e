"""Takes a promise of Vigil away in one worker process, to prove that the fault tests would see it missing.

`celery worker --include tests.support.sabotage` with names in `VIGIL_SABOTAGE`, separated by commas. Vigil knows
nothing of this: what it imports is patched before the worker begins.
"""

from __future__ import annotations

import os
from uuid import uuid4

from cameras import leases
from events.records import EventRecord
from inference.heartbeat import Heartbeat


def remove_conflict_clause() -> None:
    """A record never looks as if it was written before: what is replayed is applied again."""
    EventRecord.record_id = property(lambda _: uuid4())  # type: ignore[assignment, method-assign]


def remove_epoch_check() -> None:
    """Whoever held a camera once may write for ever."""
    leases.accepts = lambda *_: True


def hang_heartbeat() -> None:
    """No promise of Vigil: a worker that holds cameras never hears again that another one has them."""
    beat_once = Heartbeat.beat_once

    def beat_until_in_charge(self: Heartbeat) -> None:
        if self._seats.held():
            raise TimeoutError("sabotaged")
        beat_once(self)

    Heartbeat.beat_once = beat_until_in_charge  # type: ignore[method-assign]


for name in filter(None, os.environ.get("VIGIL_SABOTAGE", "").split(",")):
    globals()[name]()
