"""What the hour adds to a score, as a camera judges, stores and forgives it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from inference.memory import DensityMemory
from inference.memory.attributes import HOUR
from inference.memory.feedback import Feedback
from inference.memory.hours import REST_SECONDS, Hours
from inference.memory.snapshot import pack, unpack
from inference.memory.stays import Stays
from inference.memory.timed import TimedMemory
from inference.normality import Normality
from inference.stored import MemoryVersion, StoredFeatures
from inference.types import Frame, Judgement
from tests.inference.test_density import FPS, features
from tests.inference.yard import DAY_SECONDS, HOUR_SECONDS, MIDNIGHT, STEP, by_day, learned, seen


@pytest.fixture(scope="module")
def ten_days() -> Hours:
    return learned(by_day, 10)


def test_what_stands_there_is_no_news_beside_what_moves(ten_days: Hours) -> None:
    """An eye that knows objects sees parked cars as well."""
    memory = DensityMemory()
    for number in range(100 * FPS):
        memory.learn([features(number)])
    at = MIDNIGHT + 10 * DAY_SECONDS + 3.2 * HOUR_SECONDS
    both = replace(seen(at), news=True)
    both.attributes["speed"][0] = 0.0
    timed, plain = TimedMemory(memory, ten_days, Stays()), memory.surprises(both)
    np.testing.assert_allclose(timed.surprises(both) - plain, [0.0, 1.0], atol=1e-5)
    assert timed.score(both).surprise == pytest.approx(plain[1] + 1.0, abs=1e-5)
    parked = both.only(np.array([True, False]))
    assert timed.score(parked) == memory.score(parked)
    nothing = both.only(np.zeros(2, np.bool_))
    assert timed.score(nothing).surprise == 0.0


class Camera:
    """One that has watched the yard for ten days."""

    def __init__(self, snapshot: bytes) -> None:
        self.normality = Normality.from_bytes(snapshot, DensityMemory, fingerprint="eye-1")

    def show(self, at: float, seconds: float) -> list[Judgement]:
        return [judge(self.normality, at + number / FPS) for number in range(round(seconds * FPS))]

    def rest(self, until: float) -> None:
        """An hour of nothing, looked at each ten seconds."""
        for at in np.arange(until - REST_SECONDS - 60.0, until, STEP).tolist():
            self.normality.hours.follow(seen(at, moves=False))


NIGHT = MIDNIGHT + 10 * DAY_SECONDS + 3.2 * HOUR_SECONDS
NOON = MIDNIGHT + 10 * DAY_SECONDS + 12.2 * HOUR_SECONDS


def judge(normality: Normality, at: float, *, event_open: bool = False) -> Judgement:
    number = round(at * FPS)
    frame = Frame(number, at, at, np.full((2, 2, 3), number % 200, np.uint8))
    return normality.judge(frame, seen(at), event_open=event_open)


@pytest.fixture(scope="module")
def snapshot(ten_days: Hours) -> bytes:
    normality = Normality(DensityMemory(), fingerprint="eye-1")
    for number in range(100 * FPS):
        judge(normality, MIDNIGHT + number / FPS)
    normality.hours = ten_days
    return normality.to_bytes()


@pytest.fixture
def camera(snapshot: bytes) -> Camera:
    return Camera(snapshot)


def peak(judgements: list[Judgement]) -> Judgement:
    return max(judgements, key=lambda judgement: judgement.score.surprise)


def test_the_same_walk_counts_for_more_at_night_than_at_noon_and_scores_the_same_again(camera: Camera) -> None:
    camera.rest(NOON)
    noon = peak(camera.show(NOON, 10.0))
    camera.rest(NIGHT + DAY_SECONDS)
    night = peak(camera.show(NIGHT + DAY_SECONDS, 10.0))
    assert noon.score.surprise < 1.0 < night.score.surprise
    assert night.score.reasons[0].attribute == HOUR
    assert HOUR not in {reason.attribute for reason in noon.score.reasons}
    assert night.features is not None
    other = Normality.from_bytes(camera.normality.to_bytes(), DensityMemory, fingerprint="eye-1")
    assert other.score(night.features, "day") == camera.normality.score(night.features, "day")
    assert other.score(night.features, "day").surprise > 1.0


def test_a_snapshot_of_before_the_hours_is_read(snapshot: bytes) -> None:
    arrays = unpack(snapshot)
    old = pack({name: array for name, array in arrays.items() if not name.startswith("hours/")})
    normality = Normality.from_bytes(old, DensityMemory, fingerprint="eye-1")
    assert normality.hours.reason(NIGHT) is None
    assert normality.progress == 1.0


def test_nothing_is_learned_of_the_hour_inside_an_event(camera: Camera) -> None:
    before = camera.normality.hours.to_arrays()["slots"].astype(np.float64)
    for number in range(5 * FPS):
        judge(camera.normality, NIGHT + number / FPS, event_open=True)
    np.testing.assert_array_equal(camera.normality.hours.to_arrays()["slots"].astype(np.float64), before)


def test_a_guard_whose_round_is_called_a_false_alarm_is_forgiven_at_that_hour_only(
    camera: Camera, ten_days: Hours
) -> None:
    camera.rest(NIGHT)
    night = peak(camera.show(NIGHT, 5.0))
    assert night.features is not None
    kept = StoredFeatures(night.features, 1.0, 1.0, MemoryVersion("eye-1", 0, 100.0), night.features)
    trail = StoredFeatures.from_bytes(kept.to_bytes()).trail
    timed = TimedMemory(camera.normality._memory, ten_days, Stays())
    feedback = Feedback([trail])

    def left(at: float) -> int:
        return len(feedback.unforgiven(replace(trail, at=at, news=True), timed).boxes)

    assert left(NIGHT + DAY_SECONDS + 1000.0) == 0
    assert left(NIGHT + 19.5 * HOUR_SECONDS) == 2
    assert len(Feedback().unforgiven(trail, timed).boxes) == 2
