"""Pictures drawn at test time: a place with structure, and things that cross it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from inference.types import Frame, Pixels

FPS = 5.0
SIZE = (320, 180)


@dataclass(frozen=True)
class Thing:
    """Something that goes to and fro along a line; pixels and pixels per frame."""

    y: int
    speed: float
    width: int = 10
    height: int = 26
    colour: tuple[int, int, int] = (200, 60, 40)
    start: float = 0.0


def place(seed: int = 0) -> Pixels:
    """A still picture of edges and textures, another one for each seed."""
    random = np.random.default_rng(seed)
    picture = np.full((SIZE[1], SIZE[0], 3), 110, np.uint8)
    for _ in range(40):
        x, y = int(random.integers(0, SIZE[0])), int(random.integers(0, SIZE[1]))
        across, down = (int(side) for side in random.integers(8, 60, 2))
        colour = tuple(int(level) for level in random.integers(60, 170, 3))
        cv2.rectangle(picture, (x, y), (x + across, y + down), colour, -1)
    return picture


def draw(picture: Pixels, things: Sequence[Thing], number: int) -> Pixels:
    """The place with the things where they are at that frame."""
    drawn = picture.copy()
    for thing in things:
        span = 2 * (SIZE[0] - thing.width)
        way = (thing.start + thing.speed * number) % span
        left = round(min(way, span - way))
        drawn[thing.y : thing.y + thing.height, left : left + thing.width] = thing.colour
        drawn[thing.y : thing.y + 6, left + 2 : left + thing.width - 2] = (140, 180, 220)
    return drawn


def noisy(picture: Pixels, number: int) -> Pixels:
    """As a sensor sees it: a few grey levels of noise, the same for the same frame."""
    seen: Pixels = np.clip(picture + _noise(number % 8), 0, 255).astype(np.uint8)
    return seen


@cache
def _noise(seed: int) -> NDArray[np.float32]:
    return np.random.default_rng(seed).normal(0.0, 2.0, (SIZE[1], SIZE[0], 3)).astype(np.float32)


def frames(pictures: Sequence[Pixels], first: int = 0, fps: float = FPS) -> Iterator[Frame]:
    """The pictures as the capture process would hand them over."""
    for number, picture in enumerate(pictures, first):
        yield Frame(number, 1_000.0 + number / fps, number / fps, picture)


WALKERS = (Thing(60, 3.0), Thing(64, 2.4, start=150.0, colour=(40, 160, 60)), Thing(58, 2.7, start=380.0))
"""An ordinary day: three people on the path at the top; nobody goes at the bottom."""


def day(seconds: float, things: Sequence[Thing] = WALKERS, *, seed: int = 0, first: int = 0) -> list[Pixels]:
    """So many seconds of the place with these things."""
    scene = place(seed)
    return [noisy(draw(scene, things, first + n), first + n) for n in range(round(seconds * FPS))]
