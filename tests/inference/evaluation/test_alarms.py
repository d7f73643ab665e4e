"""Events against labelled intervals."""

from __future__ import annotations

from uuid import UUID

from inference.evaluation.alarms import Match, alarms_of, match
from inference.types import Decision


def closed(started: float, ended: float) -> Decision:
    return Decision("closed", UUID(int=1), "unusual", started, ended, 2.0, 1.5, "low")


def opened(started: float) -> Decision:
    return Decision("opened", UUID(int=1), "unusual", started, started, 2.0, 1.5, "low")


def test_an_event_is_told_by_its_last_word() -> None:
    alarms = alarms_of([opened(101.0), closed(101.0, 104.0)], 100.0)
    assert [(alarm.started, alarm.ended) for alarm in alarms] == [(1.0, 4.0)]


def test_one_event_may_find_several_intervals() -> None:
    alarms = alarms_of([closed(1.0, 4.0)], 0.0)
    assert match(alarms, [(5, 15), (30, 35), (60, 70)], 10.0) == Match(found=2, intervals=3, false_alarms=0)


def test_an_event_that_meets_no_label_is_a_false_alarm() -> None:
    alarms = alarms_of([closed(1.5, 2.9), closed(5.0, 6.0)], 0.0)
    assert match(alarms, [(0, 15), (30, 45)], 10.0) == Match(found=0, intervals=2, false_alarms=2)


def test_without_events_nothing_is_found_and_nothing_is_false() -> None:
    assert match([], [(0, 15)], 10.0) == Match(found=0, intervals=1, false_alarms=0)
