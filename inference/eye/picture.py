"""What is told of a picture as a whole, twice a second: a small grey copy, how colourful and how sharp it is.

At most 0.2 ms of one core for 320 x 240 pixels: all of it is measured in copies that were made by halving, which is the
cheapest there is.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import nan
from typing import cast

import cv2
import numpy as np

from inference.eye.flow import Grey, halved
from inference.types import Floats, Pixels, Window

LOOK_SECONDS = 0.5
"""Between two looks at the whole: what is wrong with a view is so for a second at least."""
VIEW_SIZE = (80, 45)
"""Width and height of the whole picture in small, in which contrast is measured too."""
REGIONS = (8, 5)
"""Width and height in which sharpness is compared: a car changes few of these."""
STRONGEST = 10
"""Regions that count, those of the most contrast: in an even one there is nothing to be sharp."""
NOISE = 1.0
"""Grey levels: what is added to the contrast, so that an empty region is not divided by nothing."""


@dataclass(frozen=True, slots=True)
class Summary:
    """Of a picture; as it is by itself, of one that was not looked at as a whole."""

    view: Floats = field(default_factory=lambda: np.zeros((0, 0), np.float32))
    """(rows, columns): the picture in small, grey levels 0..1."""
    colour: float = nan
    """As `colourfulness`."""
    sharpness: float = nan
    """As `sharpness`."""


def grey_of(pixels: Pixels) -> Grey:
    """(height, width): the picture without its colours."""
    return cast(Grey, cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY))


def is_due(window: Window) -> bool:
    """Whether the whole is looked at in the newest picture: the first one after each LOOK_SECONDS of the clock.

    So an Eye needs no memory of when it last did, and where frames come slowly it is each of them.
    """
    now, before = window.frames[-1], window.frames[0]
    return now is before or now.monotonic // LOOK_SECONDS != before.monotonic // LOOK_SECONDS


def summary(pixels: Pixels, half: Grey) -> Summary:
    """`half`: the same picture, grey, in half its size, where noise is halved too."""
    small = cast(Grey, cv2.resize(half, VIEW_SIZE, interpolation=cv2.INTER_AREA))
    return Summary(small.astype(np.float32) / np.float32(255.0), colourfulness(pixels), sharpness(half, small))


def colourfulness(pixels: Pixels) -> float:
    """0..1: mean spread between the strongest and the weakest of the three colours. Infrared light: under 0.004.

    Measured over 4 x 4 pixels: the noise of single ones is no colour.
    """
    blue, green, red = cv2.split(halved(halved(pixels)))
    most, least = cv2.max(cv2.max(blue, green), red), cv2.min(cv2.min(blue, green), red)
    return float(cv2.mean(cv2.absdiff(most, least))[0]) / 255.0


def sharpness(half: Grey, small: Grey) -> float:
    """0 and up: the detail beside the contrast, where there is most of it; a lamp or dusk changes both alike."""
    detail = _regions(cv2.convertScaleAbs(cv2.Laplacian(half, cv2.CV_16S)).astype(np.float32))
    values = small.astype(np.float32)
    variance = _regions(values * values) - _regions(values) ** 2
    contrast = np.sqrt(np.maximum(variance, 0.0)).ravel()
    strongest = np.argsort(-contrast, kind="stable")[:STRONGEST]
    return float(np.median(detail.ravel()[strongest] / (contrast[strongest] + NOISE)))


def _regions(values: Floats) -> Floats:
    return cast(Floats, cv2.resize(values, REGIONS, interpolation=cv2.INTER_AREA))
