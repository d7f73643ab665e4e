"""Seats: which cameras this worker holds, under which epoch, and how far the loop of each is.

The heartbeat fills them from the database's answers; a loop takes its seat, looks at it in every step and leaves it.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal
from uuid import UUID

from cameras.assignments import Assignment
from inference.newest import Newest
from inference.types import LoopStatus

Ending = Literal["stopped", "lost", "handover"]
"""Why a loop ends: nobody wants it, another worker has the camera, or this worker leaves."""

DISPATCH_AGAIN = 2.0
"""Seconds after which a loop that did not start is dispatched again."""
LONGEST_PAUSE = 30.0
"""Seconds between two starts of a loop that keeps failing."""


@dataclass(eq=False, slots=True)
class Seat:
    """A camera under one epoch. Fields are single values: read without a lock, written by one side only."""

    assignment: Assignment
    stop: threading.Event = field(default_factory=threading.Event)
    ending: Ending | None = None
    running: bool = False
    failures: int = 0
    """Loops in a row that ended by an error."""
    due: float = 0.0
    """Monotonic: from when on a loop may be dispatched."""
    stepped_at: float | None = None
    """Monotonic: when the loop last did a step. Its pulse."""
    status: LoopStatus | None = None
    numbers: Counter[UUID] = field(default_factory=Counter)
    """Records written per event: they go on counting when a loop of the same epoch begins anew."""
    newest: Newest = field(default_factory=Newest)
    """Of the evidence stored; it too outlives a loop."""

    @property
    def camera_id(self) -> UUID:
        return self.assignment.camera_id

    @property
    def epoch(self) -> int:
        return self.assignment.epoch

    def end(self, ending: Ending) -> None:
        """Ask the loop to end. The first reason holds, but a lost lease overrules it: nothing more may be written."""
        if self.ending is None or ending == "lost":
            self.ending = ending
        self.stop.set()


class Seats:
    """All seats of a worker. Safe to use from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._changed = threading.Condition(self._lock)
        self._seats: dict[UUID, Seat] = {}
        self._running: set[Seat] = set()
        """Also those of an older epoch whose loop has not ended yet."""
        self._closing = False

    def held(self) -> dict[UUID, int]:
        """Camera -> epoch, of all that this worker believes to hold."""
        with self._lock:
            return {camera: seat.epoch for camera, seat in self._seats.items()}

    def assign(self, assignments: Iterable[Assignment], lost: Iterable[UUID] = ()) -> None:
        """Take in what the database says this worker holds and no longer holds."""
        with self._lock:
            for camera_id in lost:
                if seat := self._seats.pop(camera_id, None):
                    seat.end("lost")
            for assignment in assignments:
                self._assign(assignment)

    def to_dispatch(self, now: float) -> list[Seat]:
        """Seats whose loop should run and does not; they are not named again for `DISPATCH_AGAIN` seconds."""
        with self._lock:
            due = [s for s in self._seats.values() if not s.running and not s.stop.is_set() and now >= s.due]
            for seat in due:
                seat.due = now + DISPATCH_AGAIN
            return due

    def to_release(self) -> list[UUID]:
        """Cameras whose loop has ended because nobody wants it: their leases can be given up."""
        with self._lock:
            return [c for c, seat in self._seats.items() if seat.ending == "stopped" and not seat.running]

    def forget(self, camera_ids: Iterable[UUID]) -> None:
        """Their leases are given up."""
        with self._lock:
            for camera_id in camera_ids:
                self._seats.pop(camera_id, None)

    def enter(self, camera_id: UUID, epoch: int) -> Seat | None:
        """Take the seat for a loop; None where one runs already, or where the epoch is not (or no longer) held."""
        with self._lock:
            seat = self._seats.get(camera_id)
            if seat is None or seat.epoch != epoch or seat.running or seat.stop.is_set():
                return None
            seat.running = True
            self._running.add(seat)
            return seat

    def leave(self, seat: Seat, *, now: float, failed: bool) -> None:
        """The loop has ended; one that failed is not started again at once."""
        with self._lock:
            seat.running = False
            seat.stepped_at = None
            seat.failures = seat.failures + 1 if failed else 0
            seat.due = now + min(LONGEST_PAUSE, DISPATCH_AGAIN * 2 ** max(0, seat.failures - 1))
            self._running.discard(seat)
            self._changed.notify_all()

    def occupied(self) -> list[Seat]:
        """The seats of all loops that run."""
        with self._lock:
            return list(self._running)

    def all(self) -> list[Seat]:
        """The seats of all cameras that are held."""
        with self._lock:
            return list(self._seats.values())

    def wait_until_empty(self, timeout: float) -> bool:
        """Wait until no loop runs; false if that took too long."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._running, timeout)

    def close(self) -> None:
        """This worker leaves: every loop ends, none begins."""
        with self._lock:
            self._closing = True
            for seat in {*self._seats.values(), *self._running}:
                seat.end("handover")

    def _assign(self, assignment: Assignment) -> None:
        seat = self._seats.get(assignment.camera_id)
        if seat is None or seat.epoch != assignment.epoch or (seat.ending == "stopped" and not seat.running):
            before, seat = seat, Seat(assignment)
            if before and before.epoch == assignment.epoch:
                seat.numbers, seat.newest = before.numbers, before.newest
            self._seats[assignment.camera_id] = seat
        seat.assignment = assignment
        if assignment.desired_state != "running":
            seat.end("stopped")
        elif self._closing:
            seat.end("handover")
