"""What was left, on drawn small pictures and through a camera's classes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import cv2
import numpy as np
import pytest

from inference.eye.picture import LOOK_SECONDS
from inference.left import ABSORB_LEARNING_SECONDS, LEFT_SECONDS, TOLD_SECONDS, Left, Thing
from inference.memory import DensityMemory
from inference.memory.attributes import LEFT
from inference.normality import Normality
from inference.types import CameraSettings, Floats, Zone
from tests.inference.watching import SETTINGS, Watch, opened
from tests.support.made_up import Bag
from tests.support.scenes import FPS, day

ROWS, COLUMNS = 45, 80
SPOT = (slice(20, 24), slice(40, 45))
View = Callable[[Floats, int], Floats]


def ground(seed: int = 0) -> Floats:
    """A place with edges and textures."""
    coarse = np.random.default_rng(seed).uniform(0.3, 0.7, (9, 16)).astype(np.float32)
    return np.asarray(cv2.resize(coarse, (COLUMNS, ROWS), interpolation=cv2.INTER_NEAREST), np.float32)


def bag(view: Floats, number: int = 0) -> Floats:
    view[SPOT] = 0.12
    return view


def nothing(view: Floats, number: int = 0) -> Floats:
    return view


def standing(view: Floats, number: int) -> Floats:
    """Somebody who stands there and shifts from one foot to the other."""
    sway = round(1.2 * np.sin(number / 4))
    view[18:30, 40 + sway : 44 + sway] = 0.12
    view[22:26, 38 + number // 3 % 3 : 40] = 0.2
    return view


class Time:
    """Shows one place over time: of five pictures a second those at which an Eye looks as a whole."""

    def __init__(self) -> None:
        self.left, self.number = Left(), 0

    def show(self, seconds: float, what: View = nothing, *, learning: bool = False) -> list[Thing]:
        """What was told meanwhile."""
        told = []
        for number in range(round(seconds * FPS)):
            self.number += 1
            if self.number / FPS // LOOK_SECONDS == (self.number - 1) / FPS // LOOK_SECONDS:
                continue
            noise = np.random.default_rng(self.number).normal(0, 0.003, (ROWS, COLUMNS))
            view = what(ground(), number) + noise.astype(np.float32)
            thing = self.left.see(view.clip(0, 1).astype(np.float32), self.number / FPS, learning=learning)
            told += [thing] if thing else []
        return told


@pytest.fixture
def time() -> Time:
    """A place that is known."""
    time = Time()
    assert not time.show(70, learning=True)
    return time


def test_what_is_left_is_told_within_fifteen_seconds_where_it_is(time: Time) -> None:
    assert not time.show(LEFT_SECONDS, bag)
    thing = time.show(5, bag)[-1]
    assert thing.box == pytest.approx((40 / COLUMNS, 20 / ROWS, 45 / COLUMNS, 24 / ROWS), abs=0.03)
    assert thing.text.startswith("something was left here and has not moved for 1")
    assert thing.text.endswith("; nothing was ever left here")


def test_it_is_over_when_it_is_taken_away_and_when_it_was_told_for_a_minute(time: Time) -> None:
    assert time.show(20, bag)
    time.show(3)
    assert not time.show(5)
    time.show(TOLD_SECONDS + 15, bag)
    assert not time.show(60, bag)


def test_who_stands_in_front_of_it_for_a_while_makes_no_second_thing_of_it(time: Time) -> None:
    time.show(20, bag)
    time.show(6, lambda view, number: standing(bag(view), number))
    assert len(time.show(5, bag)) == 5 / LOOK_SECONDS


def test_what_is_gone_is_told_as_gone() -> None:
    time = Time()
    time.show(70, bag, learning=True)
    thing = time.show(15)[-1]
    assert thing.text.startswith("something that always was here is gone")


@pytest.mark.parametrize(
    "harmless",
    [
        pytest.param(standing, id="somebody stands and fidgets"),
        pytest.param(lambda view, _: view * 1.3, id="lamp"),
        pytest.param(lambda view, _: np.asarray(view * 0.5 + 0.1, np.float32), id="gain"),
        pytest.param(
            lambda view, _: np.concatenate((view[:, :50], view[:, 50:] * 1.35), axis=1), id="sun on a part of it"
        ),
        pytest.param(
            lambda view, number: np.concatenate(
                (view[:, :30], view[:, 30:48] * (1 - number / 1000), view[:, 48:]), axis=1
            ),
            id="shadow that creeps",
        ),
    ],
)
def test_who_only_stands_and_light_are_nothing_left(time: Time, harmless: View) -> None:
    assert not time.show(60, harmless)


def test_where_things_are_put_down_every_day_they_may_stand_for_twice_as_long(time: Time) -> None:
    for _ in range(3):
        time.show(9, bag)
        assert not time.show(20)
    assert not time.show(16, bag)
    told = time.show(6, bag)
    assert told[-1].text.endswith("what is left here is usually gone after 8 s")  # nine, less up to a look


def test_while_it_learns_everything_that_stays_belongs_to_the_scene() -> None:
    time = Time()
    time.show(20, learning=True)
    time.show(ABSORB_LEARNING_SECONDS + 35, bag, learning=True)
    assert not time.show(30, bag)


def test_another_host_knows_what_always_was_there(time: Time) -> None:
    other = Time()
    other.left.restore(time.left.arrays())
    assert other.show(15, bag)


@cache
def knowledge() -> bytes:
    """What a camera knows that has seen an ordinary day."""
    watch = Watch()
    watch.show(day(75))
    return watch.normality.to_bytes()


def watching(settings: CameraSettings = SETTINGS) -> Watch:
    watch = Watch(settings)
    known = Normality.from_bytes(knowledge(), DensityMemory, fingerprint=watch.eye.fingerprint, zones=settings.zones)
    watch.normality = known
    return watch


def test_a_bag_is_one_event_of_its_own_kind() -> None:
    watch, thing = watching(), Bag(x=180, y=130, begins=0, ends=25 * 5)
    pictures = day(35, first=75 * 5)
    decisions = watch.show([thing(picture, number) for number, picture in enumerate(pictures)])
    (event,) = opened(decisions)
    assert event.reasons[0].attribute == LEFT
    assert event.box == pytest.approx((180 / 320, 130 / 180, 196 / 320, 143 / 180), abs=0.04)
    assert event.peak is not None
    assert event.peak.features is not None
    assert event.peak.features.attributes.keys() == {LEFT}
    assert [decision.kind for decision in decisions if decision.kind != "peaked"] == ["opened", "closed"]
    assert max(decision.score for decision in decisions) <= 3.0 * event.threshold


def test_where_nobody_looks_nothing_is_left() -> None:
    below = Zone("street", "ignore", ((0.0, 0.6), (1.0, 0.6), (1.0, 1.0), (0.0, 1.0)))
    watch = watching(replace(SETTINGS, zones=(below,)))
    thing = Bag(x=180, y=130, begins=0)
    assert not opened(watch.show([thing(picture, number) for number, picture in enumerate(day(20, first=75 * 5))]))
