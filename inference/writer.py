"""BatchWriter: carries records from the spool to the database, in order, in batches, for as long as it takes."""

from __future__ import annotations

import json
import logging
import os
import random
import threading
from collections import deque
from collections.abc import Callable, Sequence
from typing import Protocol

from events.records import EventRecord
from inference.clocks import Clock
from inference.spool import Spool
from project.outage import Outage

log = logging.getLogger(__name__)

BATCH_SECONDS, BATCH_RECORDS = 1.0, 10
"""A batch goes when it is so old or so large, or at once if none went in the last second."""
ALERT_SECONDS = 0.1
"""After the batch before it one with a new event goes already: somebody is to be alerted within a second."""
LARGEST_BATCH = 500
FIRST_PAUSE, LONGEST_PAUSE = 0.25, 2.0
"""Seconds between two tries while the database is away."""
UNSPOOLED_RECORDS = 10_000
"""Records kept in memory alone while the disk takes none: a few megabytes."""
CHORES_SECONDS = 30.0


class Result(Protocol):
    """What the database did with a batch; its counts are in records."""

    @property
    def refused(self) -> int: ...


def wait_before_write(pending: int, since_last: float, *, alert: bool = False) -> float:
    """Seconds until a batch of `pending` records should go, `since_last` seconds after the one before it; 0: now.

    `alert`: whether an event opens in it.
    """
    if pending >= BATCH_RECORDS:
        return 0.0
    return max(0.0, (ALERT_SECONDS if alert else BATCH_SECONDS) - since_last)


class BatchWriter(threading.Thread):
    """The thread, and the only one that writes event records.

    * What `add` returned from is on the disk; it leaves the disk only when the database has it for good.
    * While the database is away, records wait on the disk, not in memory, and are written in their order afterwards.
    * A record that the database will never take is put aside in `refused.jsonl` and does not hold up the others.
    """

    def __init__(
        self,
        spool: Spool,
        write: Callable[[Sequence[EventRecord]], Result],
        *,
        passing: Callable[[Exception], bool],
        durable: Callable[[], bool],
        clock: Clock,
        beside: Callable[[], None] = lambda: None,
    ) -> None:
        """`passing`: whether an error will pass by itself. `durable`: make what the database has survive a power cut;
        false if it could not now. `beside`: other work of this thread, done every second while the database is there.
        """
        super().__init__(name="writer", daemon=True)
        self.spool = spool
        self.refused = 0
        """Records made under a lease that was superseded."""
        self.put_aside = 0
        self._write, self._passing, self._durable, self._clock, self._beside = write, passing, durable, clock, beside
        self._unspooled: deque[EventRecord] = deque(maxlen=UNSPOOLED_RECORDS)
        self._new = 0
        self._alert = False
        """Whether an event opens in what is new."""
        self._wake = threading.Condition()
        self._ending = False
        self._wrote_at = self._chores_at = self._beside_at = -1e9
        self._pause = FIRST_PAUSE
        self._outage = Outage(log, "writing events")

    def add(self, record: EventRecord) -> None:
        """Returns when the record is safe, and never raises: where the disk takes nothing, it goes by memory."""
        try:
            self.spool.append(record)
        except (OSError, ValueError) as error:
            log.error("The spool cannot take a record, it is in memory only: %s", error)
            self._unspooled.append(record)
        with self._wake:
            self._new += 1
            self._alert |= record.kind == "opened"
            self._wake.notify()

    def end(self, timeout: float) -> bool:
        """Write what is left and end the thread; false if the database did not take all of it in time."""
        with self._wake:
            self._ending = True
            self._wake.notify()
        self.join(timeout)
        return not self.is_alive() and not self._left()

    def run(self) -> None:
        while not self._ending:
            self._rest(self.step())
        while self.step() == 0:  # what is left, unless the database is away
            pass

    def _rest(self, pause: float) -> None:
        with self._wake:
            if pause and not self._ending and not self._due():
                self._wake.wait(pause)

    def step(self) -> float:
        """Write a batch if one is due; how many seconds there is nothing to do, 0 if there is more."""
        pause = 0.0 if self._ending else self._wait()
        if self._left() and pause:
            return pause
        try:
            if self._write_left() | self._work_beside():
                self._outage.over()
        except Exception as error:  # the events are on the disk: whatever it was, try again
            self._outage.met(error)
            self._pause = min(LONGEST_PAUSE, self._pause * 2)
            return self._pause * random.uniform(0.5, 1.0)
        self._pause = FIRST_PAUSE
        return 0.0 if self.spool.pending() else BATCH_SECONDS

    def _write_left(self) -> bool:
        """Write a batch; whether there was anything to write."""
        if not self._left():
            return False
        self._wrote_at = self._clock.monotonic()
        self._new, self._alert = 0, False
        self.write_batch(self.spool)
        while self._unspooled:
            self._offer_alone(self._unspooled[0])
            self._unspooled.popleft()
        return True

    def _work_beside(self) -> bool:
        """Do what else is due; whether anything was. What failed is due at once."""
        now = self._clock.monotonic()
        beside, chores = now - self._beside_at >= BATCH_SECONDS, self._ending or now - self._chores_at >= CHORES_SECONDS
        if beside:
            self._beside()
            self._beside_at = now
        if chores:
            self.retire(self.spool, all_of_it=self._ending and not self._left())
            self._chores_at = now
        return beside or chores

    def empty(self, spool: Spool) -> None:
        """Write all of a dead worker's spool. Raises what the database raises while it is away."""
        while spool.pending():
            self.write_batch(spool)

    def write_batch(self, spool: Spool) -> None:
        """Write the oldest records of a spool. Raises what the database raises while it is away."""
        batch = spool.unwritten(LARGEST_BATCH)
        if not batch:
            return
        try:
            self._offer([each.record for each in batch])
            spool.commit(batch[-1])
        except Exception as error:
            if self._passing(error):
                raise
            for each in batch:
                self._offer_alone(each.record)
                spool.commit(each)

    def _offer(self, records: Sequence[EventRecord]) -> None:
        refused = self._write(records).refused
        if refused:
            self.refused += refused
            log.warning("%d records were refused: another worker had the camera, or it is gone.", refused)

    def _offer_alone(self, record: EventRecord) -> None:
        try:
            self._offer([record])
        except Exception as error:
            if self._passing(error):
                raise
            self.put_aside += 1
            log.exception("The database does not take record %s, it is put aside.", record.record_id)
            self._put_aside(record, error)

    def _put_aside(self, record: EventRecord, error: Exception) -> None:
        line = json.dumps({"error": repr(error), "record": record.to_bytes().decode()})
        with (self.spool.folder / "refused.jsonl").open("a") as file:
            file.write(line + "\n")
            file.flush()
            os.fsync(file.fileno())

    def retire(self, spool: Spool, *, all_of_it: bool) -> bool:
        """Remove from the disk what the database has for good; whether nothing is left that should go."""
        sealed = spool.seal(all_of_it=all_of_it)
        if sealed and not self._durable():
            return False
        spool.retire(sealed)
        return True

    def _left(self) -> bool:
        return self.spool.pending() or bool(self._unspooled)

    def _due(self) -> bool:
        return self._left() and not self._wait()

    def _wait(self) -> float:
        return wait_before_write(self._new, self._clock.monotonic() - self._wrote_at, alert=self._alert)
