"""An eye without some of its attributes."""

from __future__ import annotations

import numpy as np
import pytest

from inference.evaluation.ablation import EyeWithout, UnknownAttribute
from inference.eye.protocol import Eye
from inference.pool import blank_window
from inference.types import Frame, Window
from tests.inference.test_objects_eye import RED, picture


def test_the_others_are_what_they_were(eye: Eye) -> None:
    less = EyeWithout(eye, ["velocity"])
    window = Window(tuple(Frame(n, n / 5, n / 5, picture(100 + 4 * n, RED)) for n in range(2)))
    (whole,), (seen,) = eye.look([window]), less.look([window])
    assert len(whole.boxes)
    assert seen.attributes.keys() == whole.attributes.keys() - {"velocity"}
    np.testing.assert_array_equal(seen.attributes["speed"], whole.attributes["speed"])
    assert (less.name, less.window, less.memory_class) == ("motion without velocity", 2, eye.memory_class)
    assert less.fingerprint != eye.fingerprint


def test_an_attribute_that_is_not_told_is_named(eye: Eye) -> None:
    with pytest.raises(UnknownAttribute, match=r"no attribute 'kind' .* It tells: activity, appearance, .*velocity\."):
        EyeWithout(eye, ["speed", "kind"])


def test_one_attribute_at_least_must_be_left(eye: Eye) -> None:
    every = eye.look([blank_window(eye.window)])[0].attributes
    with pytest.raises(UnknownAttribute, match="Keep at least one"):
        EyeWithout(eye, every)
