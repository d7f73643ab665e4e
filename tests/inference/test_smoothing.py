"""Smoothing: which frame stands for a moment, however fast frames come."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from inference.smoothing import MEDIAN_SECONDS, Moment, Smoothing
from inference.types import Features, Frame, Score

NOTHING = Features(0.0, np.zeros((0, 4), np.float32), {})


def moment(sequence: int, fps: float, surprise: float) -> Moment:
    at = sequence / fps
    return Moment(Frame(sequence, at, at, np.zeros((1, 1, 3), np.uint8)), Score(surprise), NOTHING, 0.0)


def told(surprises: Sequence[float], fps: float) -> list[Moment]:
    smoothing = Smoothing()
    return [smoothing.middle(moment(number, fps, surprise)) for number, surprise in enumerate(surprises)]


@pytest.mark.parametrize(("fps", "wild"), [(5.0, 2), (10.0, 3), (25.0, 3)])
def test_what_goes_wild_for_a_few_frames_is_gone_and_what_stays_is_told_in_the_next(fps: float, wild: int) -> None:
    quiet = [0.1] * 10
    assert max(each.score.surprise for each in told([*quiet, *[9.0] * wild, *quiet], fps)) == 0.1
    assert told([*quiet, *[9.0] * (wild + 1)], fps)[-1].score.surprise == 9.0


def test_a_moment_is_a_frame_that_was_there() -> None:
    shown = told([0.1, 0.2, 3.0, 5.0, 4.0], 10.0)[-1]
    assert (shown.frame.sequence, shown.score.surprise) == (2, 3.0)


def test_where_frames_come_slowly_nothing_older_than_a_second_counts() -> None:
    moments = told([9.0, 9.0, 9.0, 0.1, 0.2], 1.5)
    assert moments[-1].score.surprise == 0.1
    assert all(number / 1.5 - each.frame.at < MEDIAN_SECONDS for number, each in enumerate(moments))
