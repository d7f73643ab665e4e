"""Heartbeat: once a second it renews this worker's leases, hears what is wanted, and claims what nobody runs.

It never ends because of an error: while the database is away the loops go on and spool, since nobody can be superseded
by way of a database that is not there. Redis is only asked to carry a message to this very worker, by another thread.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable, Collection, Mapping
from typing import Protocol
from uuid import UUID

from cameras.assignments import BEAT_TIMEOUT, Assignment, Beat, WorkerInfo
from inference.clocks import Clock, DatabaseClock
from inference.seats import Seat, Seats
from project.outage import Outage

log = logging.getLogger(__name__)

CLOCK_STEP = 1.0
"""Seconds that the database's clock and ours may differ between two beats before we call it a step."""


class LeaseTable(Protocol):
    """What the heartbeat needs of `cameras.leases`."""

    def beat(self, *, worker: WorkerInfo, held: Mapping[UUID, int]) -> Beat: ...
    def claim_orphans(self, worker: WorkerInfo, *, settled: bool = True) -> list[Assignment]: ...
    def release(self, owner: str, camera_ids: Collection[UUID] | None = None) -> int: ...


class Contact:
    """Since when this worker has followed the database's clock without a gap.

    A gap (or a step of that clock) may have kept other owners from renewing as well: until it is one lease past, their
    expired leases are left to them.
    """

    def __init__(self, lease_seconds: float, period: float) -> None:
        self._lease_seconds = lease_seconds
        self._longest_gap = max(period, lease_seconds - period)
        self._last: tuple[float, float] | None = None
        self._since = 0.0

    def made(self, database_time: float, boottime: float) -> None:
        """The database answered."""
        if self._last is None:
            self._since = boottime
        else:
            passed = boottime - self._last[1]
            if passed > self._longest_gap or abs(database_time - self._last[0] - passed) > CLOCK_STEP:
                self._since = boottime
        self._last = (database_time, boottime)

    def settled(self, boottime: float) -> bool:
        """Whether leases that look expired are really given up."""
        return self._last is not None and boottime - self._since >= self._lease_seconds


class Heartbeat(threading.Thread):
    """The thread. `beat_once` is one beat; the rest is waiting for the next."""

    def __init__(
        self,
        *,
        describe: Callable[[], WorkerInfo],
        leases: LeaseTable,
        seats: Seats,
        clock: Clock,
        database_clock: DatabaseClock,
        dispatch: Callable[[Seat], None],
        contact: Contact,
        period: float = 1.0,
        prepare: Callable[[], None] = lambda: None,
        before: Callable[[], None] = lambda: None,
        after: Callable[[], None] = lambda: None,
    ) -> None:
        """`prepare` is called once in the thread, `before` and `after` with each beat, whatever comes of it."""
        super().__init__(name="heartbeat", daemon=True)
        self._describe, self._leases, self._seats = describe, leases, seats
        self._clock, self._database_clock, self._contact = clock, database_clock, contact
        self._dispatch, self._prepare, self._before, self._after = dispatch, prepare, before, after
        self._period = period
        self._outage = Outage(log, "renewing the leases")
        self._hurry = threading.Event()
        self._ending = threading.Event()
        self._released_former_life = False

    def hurry(self) -> None:
        """Beat now: something changed in the database."""
        self._hurry.set()

    def end(self) -> None:
        """End the thread after the beat in hand. It releases nothing."""
        self._ending.set()
        self._hurry.set()

    def run(self) -> None:
        self._prepare()
        while not self._ending.is_set():
            self._hurry.clear()
            try:
                self._before()
                self.beat_once()
                self._outage.over()
            except Exception as error:  # whatever it was, the next beat must come
                self._outage.met(error)
            self._after()
            self._hurry.wait(self._period)

    def beat_once(self) -> None:
        """Renew, obey, claim, dispatch. Raises whatever the database raises."""
        worker = self._describe()
        if not self._released_former_life:
            # Leases under our name were those of a process that is dead: we hold the lock on the name.
            self._leases.release(worker.name)
            self._released_former_life = True
        asked = self._clock.boottime()
        beat = self._leases.beat(worker=worker, held=self._seats.held())
        answered = self._clock.boottime()
        if answered - asked > 2 * BEAT_TIMEOUT:
            # We slept meanwhile: by now this answer may be about a time long past.
            raise TimeoutError(f"the database's answer took {answered - asked:.1f} s")
        self._database_clock.set(beat.database_time, answered)
        self._contact.made(beat.database_time, answered)
        self._seats.assign(beat.assignments, beat.lost)
        if beat.lost:
            log.warning("Another worker has taken over %d cameras.", len(beat.lost))
        self._give_up(worker)
        if worker.slots:
            self._claim(worker)
        for seat in self._seats.to_dispatch(self._clock.monotonic()):
            self._dispatch(seat)

    def _give_up(self, worker: WorkerInfo) -> None:
        if stopped := self._seats.to_release():
            self._leases.release(worker.name, stopped)
            self._seats.forget(stopped)

    def _claim(self, worker: WorkerInfo) -> None:
        claimed = self._leases.claim_orphans(worker, settled=self._contact.settled(self._clock.boottime()))
        if claimed:
            log.info("Claimed %d cameras.", len(claimed))
            self._seats.assign(claimed)


class Dispatcher(threading.Thread):
    """Sends the messages that start loops: Redis may be away, and the heartbeat must not wait for it."""

    def __init__(self, send: Callable[[UUID, int], None]) -> None:
        super().__init__(name="dispatcher", daemon=True)
        self._send = send
        self._outage = Outage(log, "starting camera loops")
        self._seats: queue.Queue[Seat | None] = queue.Queue()
        self._queued: set[Seat] = set()

    def dispatch(self, seat: Seat) -> None:
        """Send the message soon, unless it waits to be sent already. Returns at once."""
        if seat not in self._queued:
            self._queued.add(seat)
            self._seats.put(seat)

    def end(self) -> None:
        """End the thread after what it is sending."""
        self._seats.put(None)

    def run(self) -> None:
        while (seat := self._seats.get()) is not None:
            self._queued.discard(seat)
            if seat.running or seat.stop.is_set():
                continue
            try:
                self._send(seat.camera_id, seat.epoch)
                self._outage.over()
            except Exception as error:  # the heartbeat dispatches again
                self._outage.met(error)
