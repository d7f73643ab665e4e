"""The normal pictures nearest to an event: same light, same place, same hour."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from inference.likeness import most_alike
from inference.types import Box, Pixels
from inference.usual import NormalPicture, small_of

HOUR = 3600.0
BEGAN = 19_700 * 24 * HOUR
BOX = Box(0.6, 0.5, 0.8, 0.9)


def scene(light: int, *, there: int | None = None) -> Pixels:
    """A plain picture, with something of another grey in the box."""
    picture = np.full((180, 320, 3), light, np.uint8)
    if there is not None:
        picture[90:162, 192:256] = there
    return picture


def jpeg(picture: Pixels) -> bytes:
    return bytes(cv2.imencode(".jpg", picture)[1])


def normal(picture: Pixels, *, hour: float) -> NormalPicture:
    return NormalPicture(BEGAN + hour * HOUR, jpeg(picture), small_of(picture[..., 0]))


def hours(picture: Pixels, pictures: list[NormalPicture], *, box: Box | None = BOX, most: int = 3) -> list[float]:
    found = most_alike(jpeg(picture), BEGAN + 12 * HOUR, box, pictures, most=most)
    return [(each.at - BEGAN) / HOUR for each in found]


def test_the_same_light_comes_first() -> None:
    night, day = normal(scene(20), hour=11), normal(scene(120), hour=14)
    assert hours(scene(118), [night, day]) == [14, 11]


def test_in_the_same_light_what_is_like_it_in_that_place_comes_first() -> None:
    empty, somebody = normal(scene(120), hour=11), normal(scene(120, there=200), hour=13)
    assert hours(scene(120, there=210), [empty, somebody]) == [13, 11]
    assert hours(scene(120, there=130), [somebody, empty]) == [11, 13]


def test_among_equals_the_hour_decides() -> None:
    pictures = [normal(scene(120), hour=hour) for hour in (0, 23, 11, 20)]
    assert hours(scene(120), pictures) == [11, 20, 23]


def test_what_was_seen_just_before_comes_last() -> None:
    slow_beginning = normal(scene(120, there=200), hour=12 - 1 / 60)
    before = [normal(scene(120), hour=11), normal(scene(90), hour=10)]
    assert hours(scene(120, there=200), [slow_beginning, *before], most=2) == [11, 10]


def test_without_a_box_the_whole_picture_counts() -> None:
    pictures = [normal(scene(60), hour=11.5), normal(scene(100), hour=12.5)]
    assert hours(scene(0), pictures, box=None, most=1) == [11.5]


def test_the_snapshot_may_have_any_size() -> None:
    pictures = [normal(scene(60), hour=12), normal(scene(110), hour=12.5)]
    assert hours(np.full((1080, 1920, 3), 112, np.uint8), pictures, most=1) == [12.5]


def test_a_box_at_the_edge_has_a_part_too() -> None:
    assert hours(scene(60), [normal(scene(60), hour=12)], box=Box(0.99, 0.99, 1.0, 1.0)) == [12]


def test_what_is_no_picture_is_said_to_be_none() -> None:
    with pytest.raises(ValueError, match="JPEG"):
        most_alike(b"nonsense", BEGAN, None, [])
