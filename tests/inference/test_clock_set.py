"""A clock that is set by an hour, back and forth, in the middle of a stream: nobody who looks at the camera notices."""

from __future__ import annotations

import pytest

from inference.normality import QUARANTINE_SECONDS, TOGETHER_SECONDS
from inference.stored import BEFORE_SECONDS, FeatureLog
from inference.types import Judgement, Score
from tests.inference.feature_camera import FPS, FeatureCamera, Thing

HOUR = 3600.0
RUNNER = Thing(speed=0.4, moves=0.3)


@pytest.fixture
def camera() -> FeatureCamera:
    camera = FeatureCamera(seed=4)
    camera.quiet(80.0)
    return camera


def test_learning_goes_on_as_if_nothing_had_been_and_nothing_alarms(camera: FeatureCamera) -> None:
    other = FeatureCamera(seed=4)
    other.quiet(80.0)
    for step in (-HOUR, HOUR, HOUR, -HOUR):
        learned, blocks = camera.normality.learned_seconds, len(camera.normality._calibration)
        camera.clock_ahead += step
        camera.quiet(15.0)
        assert camera.normality.learned_seconds - learned == pytest.approx(15.0, abs=TOGETHER_SECONDS)
        assert len(camera.normality._calibration) - blocks == 3
        assert len(camera.normality._waiting) <= (QUARANTINE_SECONDS + TOGETHER_SECONDS) * FPS + 1
    other.quiet(60.0)
    assert camera.normality._memory.to_bytes() == other.normality._memory.to_bytes()
    assert camera.normality._calibration.array().tolist() == other.normality._calibration.array().tolist()


def test_an_event_in_the_midst_of_which_it_is_set_is_one(camera: FeatureCamera) -> None:
    opened = camera.passes(RUNNER, seconds=3.0)
    camera.clock_ahead = -HOUR
    assert (opened, camera.passes(RUNNER, seconds=3.0)) == (1, 0)
    camera.quiet()
    assert not camera.decider.is_open
    camera.clock_ahead = HOUR
    assert camera.alarms([RUNNER]) == 1, "another one still alarms"
    assert camera.trail().at > HOUR, "what is kept of it bears the time of people"


@pytest.mark.parametrize("step", [-HOUR, HOUR])
def test_what_may_lead_to_an_event_is_kept_for_as_long_as_ever(step: float) -> None:
    log = FeatureLog("eye-1", 0)
    for number in range(100):
        now = number / FPS
        at = now + (step if number > 50 else 0.0)
        log.see(Judgement(number, at, now, Score(5.0), 2.0))
    assert len(log._trail) == BEFORE_SECONDS * FPS + 1
