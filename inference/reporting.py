"""Reports: how the loops of this worker are, written down when it changed or every few seconds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from uuid import UUID

from inference.clocks import Clock
from inference.seats import Seats
from inference.types import LoopStatus

Report = tuple[UUID, int, LoopStatus]
"""Camera, epoch, status."""
REPEAT_SECONDS = 3.0
"""A loop whose state did not change is reported this often, so that its numbers are not old."""


class Reports:
    """Used by one thread."""

    def __init__(self, seats: Seats, clock: Clock, write: Callable[[Sequence[Report]], None]) -> None:
        self._seats, self._clock, self._write = seats, clock, write
        self._said: dict[tuple[UUID, int], tuple[LoopStatus, float]] = {}

    def write(self) -> None:
        """Report what is due. Raises what the database raises; then it is due the next time."""
        now = self._clock.monotonic()
        statuses = {(seat.camera_id, seat.epoch): seat.status for seat in self._seats.all()}
        self._said = {key: said for key, said in self._said.items() if key in statuses}
        due = [(*key, status) for key, status in statuses.items() if status and self._is_due(key, status, now)]
        if not due:
            return
        self._write(due)
        for camera_id, epoch, status in due:
            self._said[(camera_id, epoch)] = (status, now)

    def _is_due(self, key: tuple[UUID, int], status: LoopStatus, now: float) -> bool:
        if key not in self._said:
            return True
        said, at = self._said[key]
        return (said.state, said.detail) != (status.state, status.detail) or now - at >= REPEAT_SECONDS
