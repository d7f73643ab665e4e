"""Heat: the places that surprised, glowing over the picture that shows them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import cv2
import numpy as np

from inference.types import Floats, Pixels, Place

WIDTH = 160
"""Pixels in which the glow is computed: it is soft, and a picture of 4K is not worth more."""
LEAST_SIGMA = 0.02
"""Of the picture's width: a thing of a few pixels glows all the same."""
OPAQUE = 0.62
"""Of the picture that the hottest spot hides at most: what is below must be seen."""
RED, YELLOW = (0.0, 0.0, 255.0), (0.0, 235.0, 255.0)
"""In BGR."""
_COLOURS = (np.outer(np.linspace(0, 1, 256) ** 2, np.subtract(YELLOW, RED)) + RED).astype(np.uint8)[:, None]
"""(256, 1, 3): red for long, so that only the hottest is yellow."""
QUALITY = 85


def decoded(jpeg: bytes) -> Pixels:
    """Raises ValueError where `jpeg` is no picture."""
    picture = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR) if jpeg else None
    if picture is None:
        raise ValueError("the snapshot is not a JPEG")
    return cast(Pixels, picture)


def heat(jpeg: bytes, places: Sequence[Place]) -> bytes:
    """The picture with a glow over each place: nothing where it was as always, red, then yellow where it was not.

    The hottest place is yellow, the others are as hot as their share of its surprise. Raises ValueError where `jpeg`
    is no picture.
    """
    picture = decoded(jpeg)
    height, width = picture.shape[:2]
    glow = cv2.resize(_glow(places, max(1, round(WIDTH * height / width))), (width, height))
    colours = cv2.applyColorMap((glow * 255.0).astype(np.uint8), _COLOURS)
    blended = cv2.blendLinear(picture, colours, 1.0 - OPAQUE * glow, OPAQUE * glow)
    return bytes(cv2.imencode(".jpg", blended, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])[1])


def _glow(places: Sequence[Place], height: int) -> Floats:
    """(height, WIDTH), 0..1: a Gaussian for each place, as wide as its box; where two meet the hotter one counts."""
    glow = np.zeros((height, WIDTH), np.float32)
    hottest = max((place.surprise for place in places), default=1.0)
    across, down = (((np.arange(size) + 0.5) / size).astype(np.float32) for size in (WIDTH, height))
    for box, surprise in places:
        blob = np.outer(_bell(down, box.top, box.bottom, WIDTH / height), _bell(across, box.left, box.right, 1.0))
        np.maximum(glow, np.float32(surprise / hottest) * blob, out=glow)
    return glow


def _bell(points: Floats, start: float, end: float, stretch: float) -> Floats:
    """0..1: a Gaussian over an interval that ends at two standard deviations."""
    sigma = max((end - start) / 4.0, LEAST_SIGMA * stretch)
    return cast(Floats, np.exp(-0.5 * ((points - (start + end) / 2.0) / sigma) ** 2))
