"""Reports: people hear of a change at once and of numbers every few seconds, not of every frame."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

import pytest

from inference.reporting import REPEAT_SECONDS, Report, Reports
from inference.seats import Seats
from inference.types import LoopStatus
from tests.inference.fakes import DatabaseAway, FakeClock, assignment


class Bench:
    def __init__(self) -> None:
        self.clock, self.seats = FakeClock(), Seats()
        self.seats.assign([assignment(1)])
        (self.seat,) = self.seats.all()
        self.written: list[Report] = []
        self.away = False
        self.reports = Reports(self.seats, self.clock, self.write)

    def write(self, due: Sequence[Report]) -> None:
        if self.away:
            raise DatabaseAway
        self.written += due


def test_a_change_is_told_at_once_and_numbers_every_few_seconds() -> None:
    bench = Bench()
    bench.reports.write()
    assert bench.written == [], "the loop has not spoken yet"

    bench.seat.status = watching = LoopStatus("watching", since=1.0, frames_per_second=5.0)
    bench.reports.write()
    bench.clock.advance(1)
    bench.seat.status = replace(watching, frames_per_second=4.8)
    bench.reports.write()
    assert len(bench.written) == 1
    bench.seat.status = stalled = LoopStatus("stalled", since=2.0)
    bench.reports.write()
    bench.clock.advance(REPEAT_SECONDS)
    bench.reports.write()
    assert bench.written == [(UUID(int=1), 1, watching), *[(UUID(int=1), 1, stalled)] * 2]


def test_what_could_not_be_written_is_told_the_next_time() -> None:
    bench = Bench()
    bench.seat.status = LoopStatus("watching", since=1.0)
    bench.away = True
    with pytest.raises(DatabaseAway):
        bench.reports.write()
    bench.away = False
    bench.reports.write()
    assert len(bench.written) == 1
