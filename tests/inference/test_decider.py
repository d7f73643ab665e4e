"""When a run of surprising judgements becomes an event, and when it ends."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import count
from uuid import UUID

import pytest

from inference.decider import Decider, severity_of
from inference.types import Box, CameraSettings, Decision, Judgement, OpenEvent, Reason, Score, Zone

STEP = 0.2
THRESHOLD = 2.0
SETTINGS = CameraSettings(camera_id=UUID(int=1), site_id=1, name="Gate", source="rtsp://camera/1")
LEFT = ((0.0, 0.0), (0.5, 0.0), (0.5, 1.0), (0.0, 1.0))


def ids() -> Callable[[], UUID]:
    numbers = count(1)
    return lambda: UUID(int=next(numbers))


class Stream:
    """Feeds a Decider one judgement each 0.2 seconds."""

    def __init__(self, decider: Decider) -> None:
        self.decider = decider
        self._numbers: Iterator[int] = count()

    def feed(
        self,
        levels: Sequence[float],
        box: Box | None = None,
        *,
        attribute: str = "speed",
        learning: bool = False,
    ) -> list[Decision]:
        decisions: list[Decision] = []
        for level in levels:
            number = next(self._numbers)
            score = Score(level, box, (Reason(attribute, level, "why"),) if level else ())
            judgement = Judgement(
                number, 100.0 + STEP * number, STEP * number, score, THRESHOLD, provisional=True, learning=learning
            )
            decisions += self.decider.decide(judgement)
        return decisions


@pytest.fixture
def stream() -> Stream:
    return Stream(Decider(SETTINGS, new_id=ids()))


def kinds(decisions: Sequence[Decision]) -> list[str]:
    return [decision.kind for decision in decisions]


def test_three_surprising_frames_open_an_event_that_began_with_the_first(stream: Stream) -> None:
    (event,) = stream.feed([0, 3, 4, 3])
    assert (event.kind, event.event_id, event.category) == ("opened", UUID(int=1), "unusual")
    assert event.started_at == pytest.approx(100.2)
    assert event.at == pytest.approx(100.6)
    assert event.score == 4
    assert event.provisional
    assert stream.decider.is_open


@pytest.mark.parametrize("levels", [[9, 0], [9, 9, 0], [9, 0, 9, 0, 9], [1.9] * 50])
def test_a_flash_opens_nothing(stream: Stream, levels: list[float]) -> None:
    assert not stream.feed([*levels, *[0.0] * 10])


def test_ten_frames_a_second_must_last_as_long() -> None:
    decider = Decider(SETTINGS, new_id=ids())
    opened = [
        number
        for number in range(10)
        if decider.decide(Judgement(number, number / 10, number / 10, Score(5.0), THRESHOLD))
    ]
    assert opened == [4]


def test_a_camera_that_learns_does_not_alarm(stream: Stream) -> None:
    assert not stream.feed([9.0] * 20, learning=True)


def test_what_comes_back_within_the_merge_gap_is_the_same_event(stream: Stream) -> None:
    decisions = stream.feed([3] * 5 + [0] * 20 + [3] * 5 + [0] * 30)
    assert kinds(decisions) == ["opened", "closed"]
    assert decisions[1].at == pytest.approx(100.0 + 29 * STEP)


def test_what_comes_back_later_is_another_event(stream: Stream) -> None:
    decisions = stream.feed([3] * 5 + [0] * 30 + [3] * 5)
    assert kinds(decisions) == ["opened", "closed", "opened"]
    assert decisions[0].event_id != decisions[2].event_id


def test_an_event_holds_on_to_less_than_opened_it(stream: Stream) -> None:
    stream.feed([3] * 5)
    assert not stream.feed([0.75 * THRESHOLD] * 100)
    assert kinds(stream.feed([0.5 * THRESHOLD] * 30)) == ["closed"]


def test_peaks_are_told_once_a_second_and_only_when_clearly_higher(stream: Stream) -> None:
    stream.feed([3] * 3)
    assert not stream.feed([3.2] * 20)
    assert [decision.score for decision in stream.feed([4, 5, 6, 7, 8, 9, 10])] == [4, 9]


def test_a_peak_just_before_the_end_is_not_lost(stream: Stream) -> None:
    decisions = stream.feed([3, 3, 3, 8] + [0] * 30)
    assert [(decision.kind, decision.score) for decision in decisions] == [("opened", 3), ("peaked", 8), ("closed", 8)]


def test_the_picture_as_a_whole_makes_its_own_category(stream: Stream) -> None:
    (event,) = stream.feed([5] * 3, attribute="view")
    assert event.category == "view"


def test_an_anomaly_that_leads_to_a_cover_is_followed_by_an_event_of_its_own(stream: Stream) -> None:
    opening = stream.feed([5] * 5)
    covering = stream.feed([5] * 5, attribute="view")
    assert [(decision.kind, decision.category) for decision in [*opening, *covering]] == [
        ("opened", "unusual"),
        ("closed", "unusual"),
        ("opened", "view"),
    ]
    assert not stream.feed([3] * 3)


def test_what_lasts_ten_minutes_is_closed_and_does_not_open_again_until_it_was_quiet(stream: Stream) -> None:
    decisions = stream.feed([5.0] * round(1500 / STEP))
    assert kinds(decisions) == ["opened", "closed"]
    assert decisions[1].at == pytest.approx(700.0, abs=1.0)
    assert not stream.decider.is_open
    assert kinds(stream.feed([0.0] * 30 + [5.0] * 5)) == ["opened"]


def test_an_open_event_of_before_is_continued() -> None:
    before = OpenEvent(UUID(int=77), "unusual", started_at=95.0, peak=6.0)
    stream = Stream(Decider(SETTINGS, [before], new_id=ids()))
    assert stream.decider.is_open
    assert not stream.feed([3.0] * 10)
    (closed,) = stream.feed([0.0] * 30)
    assert (closed.kind, closed.event_id, closed.started_at, closed.score) == ("closed", UUID(int=77), 95.0, 6.0)


def test_of_two_open_events_of_before_the_first_goes_on() -> None:
    first, second = (OpenEvent(UUID(int=n), "unusual", started_at=90.0 + n, peak=3.0) for n in (1, 2))
    stream = Stream(Decider(SETTINGS, [second, first], new_id=ids()))
    assert [(decision.kind, decision.event_id) for decision in stream.feed([3.0])] == [("closed", UUID(int=2))]
    assert [event.event_id for event in stream.decider.opened] == [UUID(int=1)]


def test_new_settings_continue_the_event(stream: Stream) -> None:
    stream.feed([3.0] * 5)
    stream.decider = stream.decider.under(replace(SETTINGS, alarm_budget=5.0))
    assert stream.feed([3.0] * 5) == []
    (closed,) = stream.feed([0.0] * 30)
    assert (closed.kind, closed.event_id) == ("closed", UUID(int=1))


def test_a_clock_that_was_set_does_not_end_the_event_that_new_settings_continue() -> None:
    decider = Decider(SETTINGS, new_id=ids())
    for number in range(5):
        decider.decide(Judgement(number, 100.0 + STEP * number, STEP * number, Score(5.0), THRESHOLD))
    decider = decider.under(replace(SETTINGS, alarm_budget=5.0))
    for number in range(5, 10):
        assert not decider.decide(Judgement(number, 3700.0 + STEP * number, STEP * number, Score(5.0), THRESHOLD))
    assert decider.is_open


def test_new_settings_do_not_open_again_what_lasted_too_long(stream: Stream) -> None:
    assert kinds(stream.feed([5.0] * round(700 / STEP))) == ["opened", "closed"]
    stream.decider = stream.decider.under(replace(SETTINGS, alarm_budget=5.0))
    assert not stream.feed([5.0] * round(100 / STEP))
    assert kinds(stream.feed([0.0] * 30 + [5.0] * 5)) == ["opened"]


@pytest.mark.parametrize("adopted", [True, False])
def test_close_all_closes_what_is_open_and_nothing_twice(adopted: bool) -> None:
    before = [OpenEvent(UUID(int=5), "view", 90.0, 4.0)] if adopted else []
    stream = Stream(Decider(SETTINGS, before, new_id=ids()))
    if not adopted:
        stream.feed([3.0] * 5)
    closed = stream.decider.close_all(200.0)
    assert [(decision.kind, decision.at) for decision in closed] == [("closed", 200.0)]
    assert not stream.decider.is_open
    assert not stream.decider.close_all(201.0)


def test_an_ignored_zone_opens_nothing() -> None:
    zones = (Zone("road", "ignore", LEFT),)
    stream = Stream(Decider(CameraSettings(SETTINGS.camera_id, 1, "Gate", "x", zones=zones), new_id=ids()))
    assert not stream.feed([5.0] * 10, Box(0.1, 0.1, 0.3, 0.3))
    assert kinds(stream.feed([5.0] * 3, Box(0.6, 0.1, 0.8, 0.3))) == ["opened"]


def test_a_watched_zone_limits_alarms_to_itself_but_not_for_the_whole_picture() -> None:
    zones = (Zone("door", "watch", LEFT),)
    settings = CameraSettings(SETTINGS.camera_id, 1, "Gate", "x", zones=zones)
    assert not Stream(Decider(settings)).feed([5.0] * 10, Box(0.6, 0.1, 0.8, 0.3))
    assert kinds(Stream(Decider(settings)).feed([5.0] * 3, Box(0.1, 0.1, 0.3, 0.3))) == ["opened"]
    assert kinds(Stream(Decider(settings)).feed([5.0] * 3, None, attribute="view")) == ["opened"]


@pytest.mark.parametrize(("surprise", "severity"), [(2.0, "low"), (2.6, "medium"), (4.0, "high"), (8.0, "critical")])
def test_severity_follows_how_far_over_the_threshold(surprise: float, severity: str) -> None:
    assert severity_of(surprise, THRESHOLD) == severity
