"""Seats: a loop runs once per epoch, and ends when it should."""

from __future__ import annotations

from uuid import UUID

import pytest

from inference.seats import DISPATCH_AGAIN, LONGEST_PAUSE, Seat, Seats
from tests.inference.fakes import assignment

CAMERA = UUID(int=1)


@pytest.fixture
def seats() -> Seats:
    seats = Seats()
    seats.assign([assignment(1)])
    return seats


def enter(seats: Seats, epoch: int = 1) -> Seat:
    seat = seats.enter(CAMERA, epoch)
    assert seat is not None
    return seat


def test_a_loop_is_dispatched_again_if_it_does_not_start(seats: Seats) -> None:
    assert len(seats.to_dispatch(10.0)) == 1
    assert seats.to_dispatch(10.0 + DISPATCH_AGAIN / 2) == []
    assert len(seats.to_dispatch(10.0 + DISPATCH_AGAIN)) == 1


def test_a_second_message_of_the_same_loop_starts_nothing(seats: Seats) -> None:
    enter(seats)
    assert seats.enter(CAMERA, 1) is None
    assert seats.to_dispatch(100.0) == []


def test_a_message_of_another_epoch_or_camera_starts_nothing(seats: Seats) -> None:
    assert seats.enter(CAMERA, 2) is None
    assert seats.enter(UUID(int=9), 1) is None


def test_a_stopped_camera_is_released_once_its_loop_has_ended(seats: Seats) -> None:
    seat = enter(seats)
    seats.assign([assignment(1, desired_state="stopped")])
    assert seat.stop.is_set()
    assert (seat.ending, seats.to_release()) == ("stopped", [])
    seats.leave(seat, now=5.0, failed=False)
    assert seats.to_release() == [CAMERA]


def test_a_camera_started_again_while_its_loop_ends_gets_a_new_loop_and_goes_on_counting(seats: Seats) -> None:
    seat = enter(seats)
    seat.numbers[UUID(int=5)] = 3
    seats.assign([assignment(1, desired_state="stopped")])
    seats.assign([assignment(1)])
    seats.leave(seat, now=5.0, failed=False)
    seats.assign([assignment(1)])
    assert seats.to_release() == []
    assert enter(seats).numbers[UUID(int=5)] == 3


def test_a_lost_lease_overrules_every_other_ending(seats: Seats) -> None:
    seat = enter(seats)
    seats.close()
    endings = [seat.ending]
    seats.assign([], lost=[CAMERA])
    assert [*endings, seat.ending] == ["handover", "lost"]
    assert seats.held() == {}


def test_a_lost_camera_claimed_again_does_not_wait_for_its_old_loop(seats: Seats) -> None:
    old = enter(seats)
    seats.assign([assignment(1, epoch=3)], lost=[CAMERA])
    assert old.stop.is_set()
    assert not enter(seats, epoch=3).stop.is_set()
    assert len(seats.occupied()) == 2
    seats.close()
    assert old.ending == "lost"


def test_a_loop_that_keeps_failing_is_started_ever_more_seldom(seats: Seats) -> None:
    now, pauses = 0.0, []
    for _ in range(8):
        seats.leave(enter(seats), now=now, failed=True)
        started = now
        while not seats.to_dispatch(now):
            now += 0.5
        pauses.append(now - started)
    assert pauses == sorted(pauses)
    assert (pauses[0], pauses[-1]) == (DISPATCH_AGAIN, LONGEST_PAUSE)


def test_a_worker_that_leaves_begins_no_loop(seats: Seats) -> None:
    seats.close()
    seats.assign([assignment(1), assignment(2)])
    assert seats.enter(CAMERA, 1) is None
    assert seats.to_dispatch(1000.0) == []
    assert seats.to_release() == [], "the leases are given up together at the end"
