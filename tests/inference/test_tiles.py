"""Tiles: a wide picture is covered, and what several tiles see of one thing is one thing."""

from __future__ import annotations

import numpy as np
import pytest

from inference.eye.detectors.protocol import Detections
from inference.eye.tiles import merge, tiles_of
from inference.types import Floats


def seen(*boxes: tuple[float, float, float, float], scores: tuple[float, ...] = ()) -> Detections:
    kinds: Floats = np.tile(np.array([0.9, 0.1], np.float32), (len(boxes), 1))
    return Detections(
        np.array(boxes, np.float32).reshape(-1, 4), np.array(scores or [0.8] * len(boxes), np.float32), kinds
    )


@pytest.mark.parametrize("size", [(180, 320), (320, 180), (240, 240), (90, 640), (2, 2)])
def test_tiles_cover_the_picture(size: tuple[int, int]) -> None:
    covered = np.zeros(size, np.uint8)
    for tile in tiles_of(np.zeros((*size, 3), np.uint8)):
        height, width = tile.pixels.shape[:2]
        assert height == width == min(size)
        covered[tile.top : tile.top + height, tile.left : tile.left + width] = 1
    assert covered.all()


def test_a_thing_that_one_tile_cuts_is_whole_in_the_picture() -> None:
    picture = np.zeros((180, 320, 3), np.uint8)
    left, right = tiles = tiles_of(picture)
    assert (left.left, right.left) == (0, 140)
    found = merge(picture, tiles, [seen((160, 50, 180, 100), scores=(0.9,)), seen((20, 50, 60, 100))], most=10)
    np.testing.assert_allclose(found.boxes, [[160, 50, 200, 100]])


def test_the_surest_box_stands_for_a_thing_and_all_say_what_it_is() -> None:
    picture = np.zeros((100, 100, 3), np.uint8)
    candidates = Detections(
        np.array([[10, 10, 30, 50], [11, 10, 31, 50]], np.float32),
        np.array([0.4, 0.8], np.float32),
        np.array([[1.0, 0.0], [0.4, 0.6]], np.float32),
    )
    found = merge(picture, tiles_of(picture), [candidates], most=10)
    np.testing.assert_allclose(found.boxes, [[11, 10, 31, 50]])
    np.testing.assert_allclose(found.kinds, [[0.6, 0.4]], atol=1e-5)


def test_neighbours_stay_two_things_and_no_more_than_asked_for_are_kept() -> None:
    picture = np.zeros((100, 100, 3), np.uint8)
    candidates = seen((10, 10, 30, 50), (28, 10, 48, 50))
    assert len(merge(picture, tiles_of(picture), [candidates], most=10).boxes) == 2
    assert len(merge(picture, tiles_of(picture), [candidates], most=1).boxes) == 1


def test_nothing_seen_is_nothing() -> None:
    picture = np.zeros((180, 320, 3), np.uint8)
    found = merge(picture, tiles_of(picture), [seen(), seen()], most=10)
    assert found.boxes.shape == (0, 4)
    assert found.kinds.shape == (0, 2)
