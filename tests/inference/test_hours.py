"""At which hours of the day something moves, and what it is worth that something moves at another."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from inference.calibration import FLOOR
from inference.memory.attributes import HOUR
from inference.memory.hours import DAYS_KEPT, LIMIT, NEWS_SECONDS, REST_SECONDS, Hours
from inference.memory.snapshot import pack, unpack
from inference.types import Reason
from tests.inference.yard import DAY_SECONDS, HOUR_SECONDS, MIDNIGHT, STEP, Yard, by_day, learned, restored, seen


@pytest.fixture(scope="module")
def ten_days() -> Hours:
    return learned(by_day, 10)


def reason_at(hours: Hours, hour: float, day: int = 10) -> Reason | None:
    return hours.reason(MIDNIGHT + day * DAY_SECONDS + hour * HOUR_SECONDS)


def surprise_at(hours: Hours, hour: float, day: int = 10) -> float:
    reason = reason_at(hours, hour, day)
    return reason.surprise if reason else 0.0


def test_somebody_at_three_where_nobody_ever_came_at_night_is_a_surprise_in_words(ten_days: Hours) -> None:
    reason = reason_at(ten_days, 3.2)
    assert reason is not None
    assert reason.attribute == HOUR
    assert reason.surprise == pytest.approx(1.0)
    assert reason.text == "something moves at 03:12 UTC; in 10 days nothing moved between 2:00 and 5:00"


def test_the_hours_at_which_people_come_and_those_around_them_are_none(ten_days: Hours) -> None:
    silent = [hour for hour in range(24) if not surprise_at(ten_days, hour + 0.5)]
    assert silent == list(range(7, 19))


@pytest.mark.parametrize("days", [0, 1, 3, 4])
def test_a_new_camera_knows_no_hours(days: int) -> None:
    hours = learned(by_day, days)
    assert not any(surprise_at(hours, hour + 0.5, days) for hour in range(24))


def test_more_days_make_it_surer_up_to_a_limit() -> None:
    surprises = [surprise_at(learned(by_day, days), 3.2, days) for days in (6, 10, 20)]
    assert surprises == sorted(surprises)
    assert 0.0 < surprises[0] < 1.0
    assert surprises[-1] == LIMIT < FLOOR


def test_who_came_once_makes_it_less_of_a_surprise_and_who_comes_often_none() -> None:
    def nights(*those: int) -> Yard:
        return lambda day, hour: by_day(day, hour) or (day in those and 3 <= hour < 3.1)

    reason = reason_at(learned(nights(4), 14), 3.2, 14)
    assert reason is not None
    assert 0.0 < reason.surprise < 1.0
    assert "in 14 days something moved only once between" in reason.text
    assert reason_at(learned(nights(1, 4, 6, 11), 14), 3.2, 14) is None


@pytest.mark.parametrize(
    "moves",
    [
        pytest.param(lambda day, hour: day == 2 and 9 <= hour < 10, id="a store room"),
        pytest.param(lambda day, hour: False, id="a still life"),
        pytest.param(lambda day, hour: hour * 60 % 20 < 1, id="a street that never sleeps"),
        pytest.param(lambda day, hour: day < 7 and by_day(day, hour), id="holidays since the second week"),
    ],
)
def test_where_no_hour_means_anything_none_does(moves: Yard) -> None:
    hours = learned(moves, 20)
    assert not any(surprise_at(hours, hour, 20) for hour in (9.5, 12.5))
    if not moves(1, 9.0):
        assert not any(surprise_at(hours, hour + 0.5, 20) for hour in range(24))


def test_the_week_end_does_not_make_monday_a_surprise() -> None:
    hours = learned(lambda day, hour: day % 7 < 5 and by_day(day, hour), 28)
    assert not any(surprise_at(hours, hour + 0.5, 26) for hour in range(8, 18))
    assert surprise_at(hours, 3.2, 26) == LIMIT


def test_summer_time_is_no_surprise_and_hours_are_told_by_the_site() -> None:
    """Berlin goes to summer time on 29 March 2026; who came at 6:30 by the sun comes at 7:30 by the clock."""
    began = datetime(2026, 3, 19, tzinfo=UTC).timestamp()

    def by_sun(day: int, hour: float) -> bool:
        return 5.5 <= hour < 17 and hour * 60 % 15 < 1

    hours = learned(by_sun, 10, zone="Europe/Berlin", began=began)
    after = began + 10 * DAY_SECONDS
    assert hours.reason(after + 5.5 * HOUR_SECONDS) is None
    assert hours.reason(after + 4.6 * HOUR_SECONDS) is None
    night = hours.reason(after + 1.2 * HOUR_SECONDS)
    assert night is not None
    assert night.text == "something moves at 03:12; in 10 days nothing moved between 2:00 and 5:00"


def test_a_clock_that_steps_makes_no_days(ten_days: Hours) -> None:
    """Back and forth by a week, a hundred times within a quarter of an hour."""
    hours = learned(by_day, 3)
    for step in range(100):
        began = MIDNIGHT + (3 + 7 * (step % 2)) * DAY_SECONDS + 3 * HOUR_SECONDS + step
        for second in range(9):
            hours.learn(seen(began + second, moves=False))
    assert not any(surprise_at(hours, hour + 0.5, day) for hour in range(24) for day in (3, 10))
    ten_days = Hours.from_arrays(ten_days.to_arrays())
    ten_days.learn(seen(MIDNIGHT - 10_000 * DAY_SECONDS, moves=False))
    assert surprise_at(ten_days, 3.2) == pytest.approx(1.0)


def test_what_is_long_ago_says_nothing(ten_days: Hours) -> None:
    assert surprise_at(ten_days, 3.2, day=100) == 0.0


def test_a_recording_of_unknown_time_is_neither_learned_nor_a_surprise(ten_days: Hours) -> None:
    hours = Hours()
    for second in range(100):
        hours.learn(seen(float(second)))
    assert not hours.to_arrays()["slots"].size
    assert ten_days.reason(3.2 * HOUR_SECONDS) is None
    assert not Hours().follow(seen(100.0)).news


def test_frames_are_counted_by_the_hour_and_older_days_go() -> None:
    """Looking each ten seconds for two days, on top of more days than are kept."""
    hours, moment, nothing = learned(by_day, DAYS_KEPT + 12), seen(MIDNIGHT), seen(MIDNIGHT, moves=False)
    for at in np.arange(MIDNIGHT + 40 * DAY_SECONDS, MIDNIGHT + 42 * DAY_SECONDS, STEP).tolist():
        hours.learn(replace(moment if by_day(0, at % DAY_SECONDS / HOUR_SECONDS) else nothing, at=at))
    last = learned(by_day, DAYS_KEPT, began=MIDNIGHT + (42 - DAYS_KEPT) * DAY_SECONDS)
    known, expected = (each.to_arrays()["slots"].astype(np.float64) for each in (hours, last))
    order = np.lexsort((expected[:, 1], expected[:, 0]))
    np.testing.assert_allclose(known, expected[order], atol=2 * STEP)


def test_a_snapshot_goes_on_and_stays_small(ten_days: Hours) -> None:
    arrays = unpack(pack(learned(by_day, DAYS_KEPT + 12).to_arrays()))
    assert len(pack(arrays)) < 40_000
    other = Hours.from_arrays(unpack(pack(ten_days.to_arrays())))
    assert [reason_at(other, hour) for hour in range(24)] == [reason_at(ten_days, hour) for hour in range(24)]
    assert Hours.from_arrays({}).reason(MIDNIGHT) is None


def test_another_time_zone_begins_anew_and_an_unknown_one_is_utc(ten_days: Hours) -> None:
    assert ten_days.under("UTC") is ten_days
    assert reason_at(ten_days.under("Asia/Seoul"), 3.2) is None
    assert ten_days.under("Atlantis/Capital") is ten_days


@pytest.mark.parametrize("an_hour", [0.01, 0.03, 0.1, 0.3])
def test_what_comes_by_night_now_and_then_is_a_surprise_less_than_once_in_two_days(an_hour: float) -> None:
    """By day four an hour come, by night so many; each is met by what the four weeks before have taught."""
    random, surprises, days = np.random.default_rng(0), 0, 60
    moved = random.poisson(np.where([8 <= hour < 18 for hour in range(24)], 4.0, an_hour), (days, 24)) > 0
    first = datetime.fromtimestamp(MIDNIGHT, UTC).toordinal()
    for day in range(days):
        past = [(hour, first + each, 3600.0, 20.0 * moved[each, hour]) for each in range(day) for hour in range(24)]
        hours = restored(past[-24 * DAYS_KEPT :])
        surprises += sum(surprise_at(hours, hour + 0.5, day) > 0.0 for hour in np.flatnonzero(moved[day]))
    assert surprises <= 0.5 * days


def news(hours: Hours, moments: Iterable[tuple[float, bool]]) -> list[bool]:
    return [hours.follow(seen(at, moves=moves)).news for at, moves in moments]


def moments(began: float, seconds: float, *, moves: bool) -> list[tuple[float, bool]]:
    return [(began + second, moves) for second in range(int(seconds))]


def test_it_is_news_for_a_minute_that_something_moves_after_an_hour_of_stillness() -> None:
    hours = Hours()
    assert not any(news(hours, moments(MIDNIGHT, 300, moves=True))), "nobody knows what was before"
    news(hours, moments(MIDNIGHT + 300, REST_SECONDS + 1, moves=False))
    came = MIDNIGHT + 300 + REST_SECONDS + 1
    assert sum(news(hours, moments(came, 300, moves=True))) == NEWS_SECONDS
    news(hours, moments(came + 300, 600, moves=False))
    assert not any(news(hours, moments(came + 900, 60, moves=True))), "the same visit"
