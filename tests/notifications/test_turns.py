"""Whose turn it is: pure, with a clock of the test's own."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import pytest

from notifications.models import Channel, Delivery
from notifications.severity import CRITICAL, HIGH, LOW
from notifications.turns import AT_ONCE, LATELY, Turns

THREADS = 16


class Bench:
    """Turns, and the time they go by."""

    def __init__(self) -> None:
        self.now = 0.0
        self.turns = Turns(lambda: self.now)

    def begin(self, channel: Channel, severity: int = HIGH, **values: Any) -> Delivery | None:
        delivery = Delivery(channel=channel, severity=severity, **values)
        return delivery if self.turns.begin(delivery, threads=THREADS) else None

    def take(self, channel: Channel, seconds: float, took: bool | None = True) -> None:
        """One message that takes so long."""
        delivery = self.begin(channel)
        assert delivery is not None
        self.now += seconds
        self.turns.end(delivery, took=took, seconds=seconds)

    def at_once(self, channel: Channel) -> int:
        """How many messages go there at once."""
        begun = []
        while delivery := self.begin(channel):
            begun.append(delivery)
        for delivery in begun:
            self.turns.end(delivery, took=None)
        return len(begun)


@pytest.fixture
def bench() -> Bench:
    return Bench()


def channel(kind: str = "webhook", **target: str) -> Channel:
    return Channel(kind=kind, target=json.dumps(target))


def test_a_new_one_has_one_thread_and_a_quick_one_some(bench: Bench) -> None:
    gate = channel()
    assert bench.at_once(gate) == 1
    bench.take(gate, 0.3)
    assert bench.at_once(gate) == AT_ONCE


def test_one_that_was_slow_has_one_thread_for_as_long_as_that_is_not_long_ago(bench: Bench) -> None:
    gate = channel()
    for _ in range(3):
        bench.take(gate, 0.3)
        bench.take(gate, 9.0)
    bench.take(gate, 0.3)
    assert bench.at_once(gate) == 1
    bench.now += LATELY
    bench.take(gate, 0.3)
    assert bench.at_once(gate) == AT_ONCE


@pytest.mark.parametrize("took", [False, None])
def test_who_did_not_take_a_message_is_not_known_to_be_quick(bench: Bench, took: bool | None) -> None:
    gate = channel()
    bench.take(gate, 0.1, took)
    assert bench.at_once(gate) == 1
    bench.take(gate, 0.1)
    bench.take(gate, 10.0, took)
    assert bench.at_once(gate) == (AT_ONCE if took is None else 1)


def test_all_that_are_not_quick_leave_threads_to_one_that_is(bench: Bench) -> None:
    gate = channel()
    bench.take(gate, 0.3)
    assert sum(bench.begin(channel()) is not None for _ in range(THREADS)) == THREADS * 3 // 4
    assert bench.at_once(gate) == AT_ONCE


def test_what_is_worse_need_not_wait(bench: Bench) -> None:
    gate = channel()
    assert bench.begin(gate, LOW)
    assert not bench.begin(gate, LOW)
    assert bench.begin(gate, CRITICAL)
    assert not bench.begin(gate, CRITICAL)
    while bench.begin(channel(), LOW):
        pass
    assert not bench.begin(channel(), HIGH), "one as bad as the worst of them is under way"


def test_of_one_notice_one_message_at_a_time_goes_to_a_channel(bench: Bench) -> None:
    gate, notice = channel(), uuid4()
    bench.take(gate, 0.3)
    first = bench.begin(gate, LOW, notice_id=notice)
    assert first is not None
    assert not bench.begin(gate, CRITICAL, notice_id=notice)
    assert bench.begin(gate, LOW, notice_id=uuid4())
    assert bench.begin(channel(), LOW, notice_id=notice)
    bench.turns.end(first, took=True)
    assert bench.begin(gate, CRITICAL, notice_id=notice)


def test_of_a_sites_cameras_that_are_away_or_back_people_are_told_in_order(bench: Bench) -> None:
    phone = channel("apprise")
    bench.take(phone, 0.3)
    away = bench.begin(phone, reason="offline", kind="apprise", site_id=1)
    assert away is not None
    assert not bench.begin(phone, reason="back", kind="apprise", site_id=1, notice_id=uuid4())
    assert bench.begin(phone, reason="back", kind="apprise", site_id=2)
    bench.turns.end(away, took=True)
    assert bench.begin(phone, reason="back", kind="apprise", site_id=1)


def test_programs_hear_of_several_cameras_at_once(bench: Bench) -> None:
    gate = channel()
    bench.take(gate, 0.3)
    for _ in range(AT_ONCE):
        assert bench.begin(gate, reason="offline", kind="webhook", site_id=1, notice_id=uuid4())


def test_letters_through_one_server_are_to_one_receiver(bench: Bench) -> None:
    letters = [channel("email", address=f"{number}@example.org") for number in range(10)]
    assert sum(bench.begin(each) is not None for each in letters) == AT_ONCE
    assert bench.begin(channel("email", address="a@example.org", host="mail.example.org"))
