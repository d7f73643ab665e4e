"""'False alarm' teaches: the same pattern at the same place does not alarm again, others still do."""

from __future__ import annotations

import numpy as np
import pytest

from inference.memory.feedback import Feedback, same_place
from tests.inference.feature_camera import FeatureCamera, Thing

REPEATED = Thing(speed=0.4, x=0.2, y=0.3)
"""A branch in the wind, say."""
OTHERS = (
    Thing(speed=0.4, x=0.8),
    Thing(size=0.3, x=0.2, y=0.3),
    Thing(look=6.0, x=0.2, y=0.3),
    Thing(speed=0.9, x=0.2, y=0.3),
    Thing(speed=0.4, look=6.0, x=0.2, y=0.3),
    Thing(look=-6.0),
)


@pytest.fixture(scope="module")
def camera() -> FeatureCamera:
    """It has learned a minute and a half, and its operator called the branch in the wind a false alarm once."""
    camera = FeatureCamera(seed=0)
    camera.passes(Thing(x=0.2, y=0.3), seconds=90)
    assert camera.alarms([REPEATED]) == 1
    camera.dismiss()
    return camera


def test_repeats_fall_by_nine_tenths_and_other_anomalies_are_still_found(camera: FeatureCamera) -> None:
    assert camera.alarms([REPEATED] * 20) <= 2
    assert camera.alarms(OTHERS * 9) >= 0.98 * 9 * len(OTHERS)


def test_undone_it_alarms_as_before(camera: FeatureCamera) -> None:
    assert camera.alarms([REPEATED]) == 0
    taught, camera.normality._feedback = camera.normality._feedback, Feedback()
    assert camera.alarms([REPEATED] * 3) == 3, "nothing of it was learned meanwhile"
    camera.normality.forgive(taught)
    assert camera.alarms([REPEATED]) == 0


def test_something_that_crosses_the_picture_is_known_all_along_its_way(camera: FeatureCamera) -> None:
    runner = Thing(speed=0.4, y=0.7, x=0.1, moves=0.4)
    assert camera.alarms([runner]) == 1
    before, trail = camera.normality._feedback, camera.trail()
    assert np.ptp(trail.boxes[:, 0]) > 0.3
    camera.normality.forgive(Feedback([trail]))
    assert camera.alarms([runner] * 5) <= 1
    assert camera.alarms([REPEATED]) == 1
    camera.normality.forgive(before)


def test_one_place_is_where_the_centre_lies_in_the_other_or_they_overlap() -> None:
    box = np.array([[0.4, 0.4, 0.5, 0.6]], np.float32)
    others = np.array([[0.43, 0.45, 0.53, 0.65], [0.3, 0.4, 0.8, 0.6], [0.7, 0.4, 0.8, 0.6], [0.4, 0.9, 0.5, 1]])
    assert same_place(box, others.astype(np.float32)).tolist() == [[True, True, False, False]]
