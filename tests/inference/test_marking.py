"""The heat map: it glows where it was surprising, and leaves the rest as it is."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from inference.marking import heat
from inference.memory.places import LEAST_SURPRISE, MOST_PLACES, places_of
from inference.types import Box, Place

HOT, WARM = Box(0.1, 0.4, 0.3, 0.6), Box(0.7, 0.4, 0.9, 0.6)
GREY = bytes(cv2.imencode(".jpg", np.full((360, 640, 3), 128, np.uint8))[1])


def colours(*places: Place) -> np.ndarray[tuple[int, ...], np.dtype[np.int32]]:
    """The heated picture: (360, 640, 3), BGR."""
    picture = cv2.imdecode(np.frombuffer(heat(GREY, places), np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None
    return picture.astype(np.int32)


def test_the_hottest_place_is_yellow_a_lesser_one_red_and_the_rest_untouched() -> None:
    picture = colours(Place(HOT, 4.0), Place(WARM, 2.0))
    blue, green, red = picture[180, 128]
    assert red > 170
    assert green > 150
    assert blue < 100
    blue, green, red = picture[180, 512]
    assert red > 145
    assert green < 128
    assert np.abs(picture[180, 320] - 128).max() < 8
    assert np.abs(picture[:60] - 128).max() < 8


def test_where_it_glows_the_picture_still_shows() -> None:
    chequered = np.kron(np.indices((36, 64)).sum(0) % 2, np.ones((10, 10))).astype(np.uint8)[..., None] * [90, 90, 90]
    jpeg = bytes(cv2.imencode(".jpg", chequered.astype(np.uint8))[1])
    picture = cv2.imdecode(np.frombuffer(heat(jpeg, [Place(HOT, 3.0)]), np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None
    assert picture[170:190, 118:138].std(axis=(0, 1)).max() > 10


@pytest.mark.parametrize("box", [Box(0.0, 0.0, 1.0, 1.0), Box(0.0, 0.0, 0.001, 0.001), Box(-0.2, 0.9, 1.2, 1.3)])
def test_any_box_can_glow(box: Box) -> None:
    assert colours(Place(box, 1.0)).shape == (360, 640, 3)


def test_what_is_no_picture_is_said_to_be_none() -> None:
    with pytest.raises(ValueError, match="JPEG"):
        heat(b"not a picture", [Place(HOT, 1.0)])


def test_places_are_the_most_surprising_boxes_each_once() -> None:
    boxes = np.array([[0, 0, 0.1, 0.1], [0.5, 0.5, 1, 1], [0, 0, 0.1, 0.1], [0.2, 0.2, 0.4, 0.4]], np.float32)
    places = places_of(boxes, np.array([1.0, 3.0, 2.0, LEAST_SURPRISE / 2], np.float32))
    assert [(place.box.right, place.surprise) for place in places] == [(1.0, 3.0), (pytest.approx(0.1), 2.0)]


def test_places_are_few() -> None:
    boxes = np.linspace(0, 1, 4 * 40, dtype=np.float32).reshape(40, 4)
    assert len(places_of(boxes, np.full(40, 2.0, np.float32))) == MOST_PLACES
    assert places_of(boxes[:0], np.zeros(0, np.float32)) == ()
