"""Flow where something moves, shared by cameras of all sizes."""

from __future__ import annotations

import numpy as np
import pytest

from inference.eye.flow import Flow, Grey
from tests.support.scenes import Thing, draw, place

EVERYWHERE = np.ones((10, 10), np.bool_)


def pair(width: int, height: int) -> tuple[Grey, Grey]:
    """The picture before and the picture now: something textured goes 6 pixels to the right."""
    pictures = [draw(place(), [Thing(60, 6.0, width=40, height=60)], number) for number in (10, 11)]
    before, now = (np.ascontiguousarray(picture[:height, :width].mean(axis=2).astype(np.uint8)) for picture in pictures)
    return before, now


def test_it_says_how_far_what_is_here_has_come() -> None:
    before, now = pair(320, 180)
    flow = Flow().between(before, now, before != now)
    edge = flow[70:110, 97:106, 0]  # of a plain thing only its edges show how it moves
    assert edge.max() == pytest.approx(6.0, abs=1.5)
    assert not flow[:, 250:].any()


def test_a_small_camera_changes_nothing_for_the_others() -> None:
    flow = Flow()
    alone = flow.between(*pair(320, 180), EVERYWHERE)
    flow.between(*pair(80, 60), EVERYWHERE)
    assert (flow.between(*pair(320, 180), EVERYWHERE) == alone).all()


@pytest.mark.parametrize("size", [(320, 6), (8, 8), (17, 16)])
def test_a_picture_too_small_to_be_compared_does_not_fail(size: tuple[int, int]) -> None:
    assert Flow().between(*pair(*size), EVERYWHERE).shape == (size[1], size[0], 2)
