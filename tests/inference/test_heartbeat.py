"""The heartbeat: it renews, obeys, claims and dispatches, and nothing makes it stop."""

from __future__ import annotations

import threading
from dataclasses import replace
from uuid import UUID

import pytest

from inference.clocks import DatabaseClock
from inference.heartbeat import Contact, Dispatcher, Heartbeat
from inference.seats import Seat, Seats
from tests.inference.fakes import WORKER, DatabaseAway, FakeClock, FakeLeases, assignment


class Bench:
    """A heartbeat between fakes."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.leases = FakeLeases(self.clock)
        self.seats = Seats()
        self.database_clock = DatabaseClock(self.clock)
        self.dispatched: list[Seat] = []
        self.heart = Heartbeat(
            describe=lambda: WORKER,
            leases=self.leases,
            seats=self.seats,
            clock=self.clock,
            database_clock=self.database_clock,
            dispatch=self.dispatched.append,
            contact=Contact(lease_seconds=3.0, period=1.0),
        )

    def beat(self, times: int = 1) -> None:
        for _ in range(times):
            self.clock.advance(1.0)
            self.heart.beat_once()


@pytest.fixture
def bench() -> Bench:
    return Bench()


def test_leases_of_a_former_life_are_given_up_before_the_first_beat(bench: Bench) -> None:
    bench.leases.assignments = (assignment(1, epoch=4),)
    bench.beat(3)
    assert bench.leases.released == [WORKER.name]
    assert bench.seats.held() == {}


def test_a_claimed_camera_is_dispatched_until_its_loop_runs(bench: Bench) -> None:
    bench.leases.orphans = [assignment(1)]
    bench.beat()
    assert [seat.camera_id for seat in bench.dispatched] == [UUID(int=1)]
    bench.beat(2)
    assert len(bench.dispatched) == 2
    assert bench.seats.enter(UUID(int=1), 1)
    bench.beat(5)
    assert len(bench.dispatched) == 2


def test_a_stopped_cameras_lease_is_given_up_after_its_loop(bench: Bench) -> None:
    bench.leases.orphans = [assignment(1)]
    bench.beat()
    seat = bench.seats.enter(UUID(int=1), 1)
    assert seat
    bench.leases.assignments = (assignment(1, desired_state="stopped"),)
    bench.beat()
    assert seat.stop.is_set()
    assert UUID(int=1) not in bench.leases.released
    bench.seats.leave(seat, now=bench.clock.now, failed=False)
    bench.beat()
    assert UUID(int=1) in bench.leases.released
    assert bench.seats.held() == {}


def test_a_superseded_loop_ends(bench: Bench) -> None:
    bench.leases.orphans = [assignment(1)]
    bench.beat()
    seat = bench.seats.enter(UUID(int=1), 1)
    bench.leases.assignments = ()
    bench.beat()
    assert seat
    assert seat.ending == "lost"


def test_new_settings_reach_the_seat(bench: Bench) -> None:
    bench.leases.orphans = [assignment(1)]
    bench.beat()
    seat = bench.seats.enter(UUID(int=1), 1)
    bench.leases.assignments = (assignment(1, settings_version=2),)
    bench.beat()
    assert seat
    assert seat.assignment.settings_version == 2


def test_loops_go_on_while_the_database_is_away(bench: Bench) -> None:
    bench.leases.orphans = [assignment(1)]
    bench.beat()
    seat = bench.seats.enter(UUID(int=1), 1)
    bench.leases.away = True
    for _ in range(60):
        bench.clock.advance(1)
        with pytest.raises(DatabaseAway):
            bench.heart.beat_once()
    assert seat
    assert not seat.stop.is_set()
    assert bench.database_clock.now() == pytest.approx(bench.clock.wall()), "it goes on by itself"


def test_after_an_outage_a_claimer_waits_one_lease(bench: Bench) -> None:
    bench.beat(5)
    assert bench.leases.claims_settled == [False, False, False, True, True]
    bench.clock.advance(10)
    bench.leases.claims_settled.clear()
    bench.beat(5)
    assert bench.leases.claims_settled == [False, False, False, True, True]


@pytest.mark.parametrize("step", [7200.0, -7200.0])
def test_after_a_step_of_the_databases_clock_a_claimer_waits_one_lease(bench: Bench, step: float) -> None:
    bench.beat(5)
    bench.leases.step = step
    bench.leases.claims_settled.clear()
    bench.beat(4)
    assert bench.leases.claims_settled == [False, False, False, True]


def test_an_answer_that_the_process_slept_through_is_not_believed(bench: Bench) -> None:
    bench.beat()
    told = bench.database_clock.now() - bench.clock.boottime()
    bench.leases.takes = 30.0
    with pytest.raises(TimeoutError):
        bench.heart.beat_once()
    assert bench.database_clock.now() - bench.clock.boottime() == told


def test_the_database_clock_runs_on_while_the_process_sleeps(bench: Bench) -> None:
    bench.beat()
    before = bench.database_clock.now()
    bench.clock.asleep += 30.0
    assert bench.database_clock.now() == before + 30.0


def test_a_worker_that_leaves_claims_nothing(bench: Bench) -> None:
    bench.heart._describe = lambda: replace(WORKER, slots=0)
    bench.leases.orphans = [assignment(1)]
    bench.beat()
    assert bench.leases.claims_settled == []


def test_the_thread_outlives_every_error_and_hurries_when_asked() -> None:
    bench = Bench()
    beats = threading.Semaphore(0)

    def count_and_fail() -> None:
        beats.release()
        raise RuntimeError("whatever")

    bench.heart._period = 60.0
    bench.heart.beat_once = count_and_fail  # type: ignore[method-assign]
    bench.heart.start()
    assert beats.acquire(timeout=10)
    bench.heart.hurry()
    assert beats.acquire(timeout=10)
    bench.heart.end()
    bench.heart.join(10)
    assert not bench.heart.is_alive()


def test_the_dispatcher_survives_a_broker_that_is_away_and_sends_nothing_twice() -> None:
    sent: list[int] = []
    gate = threading.Event()

    def send(camera_id: UUID, epoch: int) -> None:
        gate.wait(10)
        sent.append(epoch)
        if epoch == 1:
            raise ConnectionError("no Redis")

    dispatcher = Dispatcher(send)
    first, second = Seat(assignment(1, epoch=1)), Seat(assignment(2, epoch=2))
    dispatcher.dispatch(first)
    dispatcher.dispatch(first)
    dispatcher.dispatch(second)
    dispatcher.start()
    gate.set()
    dispatcher.end()
    dispatcher.join(10)
    assert sent == [1, 2]
