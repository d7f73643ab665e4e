"""For how long something keeps moving in one place, and what it says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import pytest

from inference.memory import DensityMemory
from inference.memory.attributes import PLACE, STAY
from inference.memory.feedback import Feedback
from inference.memory.hours import Hours
from inference.memory.stays import USUAL_SECONDS, Stays
from inference.memory.timed import TimedMemory
from inference.types import Features
from tests.inference.test_density import features

FPS = 5.0
FIRE = (0.7, 0.2)
Where = Callable[[float], tuple[float, float] | None]


@dataclass
class Camera:
    """Shows its stays what moves, and lets them learn it three seconds later, as Normality does."""

    stays: Stays = field(default_factory=Stays)
    number: int = 0
    waiting: list[Features] = field(default_factory=list)
    farthest: float = 0.0
    """Doublings beyond what was known, of what was shown last."""

    def show(self, seconds: float, *moving: Where, learning: bool = False, alarm: bool = False) -> list[float]:
        """The highest surprise of each frame."""
        surprises, self.farthest = [], 0.0
        for step in range(round(seconds * FPS)):
            places = np.array([at for at in (where(step / FPS) for where in moving) if at], np.float32).reshape(-1, 2)
            seen = Features(self.number / FPS, np.hstack((places - 0.02, places + 0.02)), {PLACE: places})
            seen = self.stays.follow(seen)
            surprises.append(float(self.stays.surprises(seen).max(initial=0.0)))
            self.farthest = max(self.farthest, float(seen.attributes[STAY][:, 1].max()))
            self.number += 1
            self.waiting = [] if alarm else [*self.waiting, seen]
            while self.waiting and (learning or seen.at - self.waiting[0].at >= 3.0):
                self.stays.learn([self.waiting.pop(0)], learning=learning)
        return surprises


def walker(seconds: float) -> tuple[float, float]:
    """To and fro below, once through the picture in ten seconds."""
    return abs(seconds / 10.0 % 2.0 - 1.0), 0.7


def fire(seconds: float) -> tuple[float, float]:
    """Flames leap."""
    return FIRE[0] + 0.03 * float(np.sin(7.0 * seconds)), FIRE[1] + 0.03 * float(np.cos(11.0 * seconds))


@pytest.fixture
def path() -> Camera:
    """It has watched somebody walk for a minute."""
    camera = Camera()
    camera.show(60.0, walker, learning=True)
    return camera


def test_who_moves_on_never_surprises(path: Camera) -> None:
    assert max(path.show(120.0, walker)) == 0.0


def test_what_does_not_come_away_surprises_more_the_longer_it_stays(path: Camera) -> None:
    surprises = path.show(60.0, walker, fire)
    assert max(surprises[: round(USUAL_SECONDS * FPS)]) == 0.0
    over = next(number for number, surprise in enumerate(surprises) if surprise >= 1.5) / FPS
    assert 20.0 < over < 27.0
    assert surprises == sorted(surprises)


def test_what_stands_there_is_no_stay(path: Camera) -> None:
    """An eye that knows objects sees parked cars as well."""
    for number in range(300):
        at, places = 100.0 + number / FPS, np.array([[0.7, 0.2], [0.2, 0.2]], np.float32)
        both = Features(at, np.hstack((places, places)), {PLACE: places, "activity": np.array([[0.0], [0.02]])})
        parked, fidgeting = path.stays.surprises(path.stays.follow(both))
    assert parked == 0.0
    assert fidgeting > 2.0


def test_it_is_not_learned_by_going_on(path: Camera) -> None:
    assert min(path.show(300.0, walker, fire)[round(60 * FPS) :]) > 2.5


def test_what_stayed_twice_is_known_there_and_nowhere_else(path: Camera) -> None:
    """In doublings; the normal range widens with the first one that did not alarm."""
    farthest = []
    for _ in range(3):
        path.show(40.0, walker, fire)
        farthest.append(path.farthest)
        path.show(5.0, walker)
    assert farthest[0] == pytest.approx(np.log2(40.0 / USUAL_SECONDS), abs=0.1)
    assert farthest == pytest.approx([farthest[0], farthest[0], 0.0], abs=0.3)
    path.show(40.0, walker, lambda _: (0.1, 0.1))
    assert path.farthest == pytest.approx(farthest[0], abs=0.1)


def test_what_was_there_while_it_learned_is_known_at_once() -> None:
    """A fountain."""
    camera = Camera()
    camera.show(60.0, walker, fire, learning=True)
    assert max(camera.show(1800.0, walker, fire)) < 0.5
    camera.show(5.0, walker)
    assert max(camera.show(60.0, walker, lambda _: (0.1, 0.1))) > 2.5


def test_what_an_event_was_of_is_not_learned(path: Camera) -> None:
    first = max(path.show(40.0, walker, fire, alarm=True))
    for _ in range(3):
        path.show(5.0, walker)
        assert max(path.show(40.0, walker, fire, alarm=True)) == pytest.approx(first, rel=0.1)


def test_where_one_comes_after_the_other_long_is_usual() -> None:
    """A lane that is never empty."""
    camera = Camera()
    cars: list[Where] = [lambda t, n=n: ((t / 10.0 + n / 8) % 1.0, 0.5) for n in range(8)]  # type: ignore[misc]
    camera.show(60.0, *cars, learning=True)
    assert max(camera.show(60.0, *cars)) < 0.5


def test_a_snapshot_goes_on_with_the_same(path: Camera) -> None:
    path.show(40.0, walker, fire)
    path.show(5.0, walker)
    other = Camera(Stays.from_arrays(path.stays.arrays()), path.number)
    path.waiting = []
    moved = 60.0
    assert other.show(moved, walker, fire) == pytest.approx(path.show(moved, walker, fire), abs=1e-5)
    with pytest.raises(ValueError, match="other parts of the picture"):
        Stays.from_arrays({**path.stays.arrays(), "longest": np.zeros((2, 3, 3))})


def test_a_false_alarm_forgives_a_stay_at_that_place_however_long(path: Camera) -> None:
    memory = DensityMemory()
    for number in range(200 * 5):
        memory.learn([features(number, x=0.2 if number % 2 else 0.7)])
    timed = TimedMemory(memory, Hours(), path.stays)

    def stay(x: float, seconds: float, doublings: float) -> Features:
        """Of something ordinary."""
        return features(9001, x=x, things=1).having(STAY, np.array([[seconds, doublings]], np.float32))

    dismissed = stay(0.7, 40.0, 2.74)
    score = timed.score(dismissed)
    assert score.surprise > 1.5
    assert score.reasons[0].attribute == STAY
    assert score.reasons[0].text == "has kept moving in one place for 40 s, where nothing did for longer than 6 s"
    feedback = Feedback([dismissed])
    assert not len(feedback.unforgiven(stay(0.7, 400.0, 6.0), timed).boxes)
    assert len(feedback.unforgiven(stay(0.2, 40.0, 2.74), timed).boxes) == 1
