"""Flow where something moves, shared by cameras of all sizes, and bounded whatever moves."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from inference.eye.flow import FULL_PIXELS, SCALE, Flow, Grey, Piece, plan
from tests.support.scenes import Thing, draw, place

EVERYWHERE = np.ones((10, 10), np.bool_)
POINTS = (90, 160)
"""Of a picture of 320 x 180 pixels."""


def pair(width: int, height: int, speed: float = 6.0) -> tuple[Grey, Grey]:
    """The picture before and the picture now: something textured goes to the right."""
    pictures = [
        draw(place(), [Thing(60, speed, width=40, height=60, start=60 - 10 * speed)], number) for number in (10, 11)
    ]
    before, now = (np.ascontiguousarray(picture[:height, :width].mean(axis=2).astype(np.uint8)) for picture in pictures)
    return before, now


def marked(*places: tuple[slice, slice]) -> NDArray[np.bool_]:
    """Points where something moves."""
    active = np.zeros(POINTS, np.bool_)
    for rows, columns in places:
        active[rows, columns] = True
    return active


def pixels_of(pieces: Sequence[Piece], *, full: bool) -> int:
    """Of the frame."""
    return sum(piece.size * SCALE**2 for piece in pieces if piece.full == full)


@pytest.mark.parametrize("speed", [6.0, 20.0])
def test_it_says_how_far_what_is_here_has_come(speed: float) -> None:
    before, now = pair(320, 180, speed)
    flow = Flow().between(before, now, before != now)
    right = round(60 + speed + 40) // SCALE
    edge = flow[35:55, right - 4 : right, 0]  # of a plain thing only its edges show how it moves
    assert edge.max() == pytest.approx(speed, abs=1.8)
    assert not flow[:, 130:].any()


def test_what_is_large_is_looked_at_in_half_the_resolution_and_moves_as_fast() -> None:
    before, now = pair(320, 180)
    (piece,) = plan(EVERYWHERE, POINTS)
    assert not piece.full
    flow = Flow().between(before, now, EVERYWHERE)
    assert flow[35:55, 49:53, 0].max() == pytest.approx(6.0, abs=1.5)


def test_a_small_camera_changes_nothing_for_the_others() -> None:
    flow = Flow()
    alone = flow.between(*pair(320, 180), EVERYWHERE)
    flow.between(*pair(80, 60), EVERYWHERE)
    assert (flow.between(*pair(320, 180), EVERYWHERE) == alone).all()


@pytest.mark.parametrize("size", [(320, 6), (8, 8), (17, 16), (40, 33), (64, 65)])
def test_a_picture_too_small_to_be_compared_does_not_fail(size: tuple[int, int]) -> None:
    assert Flow().between(*pair(*size), EVERYWHERE).shape == (size[1] // SCALE, size[0] // SCALE, 2)


def test_what_moves_lies_in_pieces_with_something_around_it() -> None:
    active = marked((slice(10, 20), slice(10, 14)), (slice(60, 80), slice(130, 140)))
    pieces = plan(active, POINTS)
    assert len(pieces) == 2
    assert all(piece.full for piece in pieces)
    within = np.zeros(POINTS, np.bool_)
    for piece in pieces:
        within[piece.rows, piece.columns] = True
    assert within[5:25, 5:19].all()
    assert within[55:85, 125:145].all()
    assert within.mean() < 0.25


@pytest.mark.parametrize("share", [0.0, 0.001, 0.01, 0.1, 1.0])
@pytest.mark.parametrize("seed", range(5))
def test_whatever_moves_flow_looks_at_no_more_than_the_picture_and_little_of_it_closely(
    share: float, seed: int
) -> None:
    active = np.random.default_rng(seed).random(POINTS) < share
    pieces = plan(active, POINTS)
    assert pixels_of(pieces, full=True) <= FULL_PIXELS
    assert pixels_of(pieces, full=True) + pixels_of(pieces, full=False) <= active.size * SCALE**2
    assert all(active[piece.rows, piece.columns].any() for piece in pieces)


def test_where_nothing_moves_flow_looks_at_nothing() -> None:
    assert plan(marked(), POINTS) == []
