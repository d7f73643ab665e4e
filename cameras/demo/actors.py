"""What moves in a rendered scene: people and vehicles, as plain shaded shapes on a picture of 640x360."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
Colour = tuple[int, int, int]
"""Blue, green, red."""
WIDTH, HEIGHT = 640, 360
SHIFT = 4
"""Fractional bits of the coordinates that OpenCV draws at: without them slow movement would jump in whole pixels."""


REFLECTIONS = (
    (-0.47, -0.38, 1.3),
    (-0.36, -0.33, 0.6),
    (-0.2, -0.06, 1.2),
    (-0.02, 0.0, 0.5),
    (0.05, 0.22, 0.8),
    (0.27, 0.31, 1.5),
)
"""On a vehicle's side, in its lengths from the middle: from, to, how bright. Bare paint would hardly show motion."""


class Actor(Protocol):
    """Something that can be seen at some times."""

    def draw(self, picture: Picture, time: float) -> None:
        """Draw itself as it is at `time` seconds into the scene, if it is in the picture then."""


def at(x: float, y: float) -> tuple[int, int]:
    """A point in OpenCV's fixed-point coordinates."""
    return round(x * (1 << SHIFT)), round(y * (1 << SHIFT))


def shade(colour: Colour, factor: float) -> Colour:
    """The colour, darker (below 1) or brighter."""
    blue, green, red = (min(255, round(part * factor)) for part in colour)
    return blue, green, red


@dataclass(frozen=True)
class Track:
    """A straight way through the picture, walked again and again: seamless when the scene loops.

    `x` runs from `start` at `speed` pixels a second and, with `wrap` above 0, comes back in after leaving the picture
    by `margin` pixels.
    """

    start: float
    y: float
    speed: float
    wrap: bool = True
    margin: float = 80.0

    def x(self, time: float) -> float:
        """Pixels from the left at `time` seconds."""
        x = self.start + self.speed * time
        return (x + self.margin) % (WIDTH + 2 * self.margin) - self.margin if self.wrap else x


@dataclass(frozen=True)
class Person:
    """Somebody on foot; `size` is the height in pixels, and legs swing with the distance walked."""

    track: Track
    size: float
    coat: Colour
    begins: float = 0.0
    ends: float = math.inf

    def draw(self, picture: Picture, time: float) -> None:
        """See `Actor`."""
        if not self.begins <= time < self.ends:
            return
        x, foot, tall = self.track.x(time - self.begins), self.track.y, self.size
        swing = math.sin(x / tall * 5.0) * tall * 0.16
        ground = shade((105, 110, 112), 0.75)
        cv2.ellipse(picture, (at(x + tall * 0.12, foot), at(tall * 0.24, tall * 0.05), 0.0), ground, -1)
        for side, tone in ((swing, 0.55), (-swing, 0.7)):
            leg = shade((90, 75, 70), tone)
            cv2.line(picture, at(x, foot - tall * 0.45), at(x + side, foot), leg, round(tall / 9), cv2.LINE_AA, SHIFT)
        body = (round(x), round(foot - tall * 0.62))
        cv2.ellipse(picture, body, (round(tall * 0.14), round(tall * 0.25)), 0, 0, 360, self.coat, -1, cv2.LINE_AA)
        arm = at(x - swing * 0.9, foot - tall * 0.45)
        cv2.line(picture, at(x, foot - tall * 0.78), arm, shade(self.coat, 0.8), round(tall / 14), cv2.LINE_AA, SHIFT)
        head = at(x, foot - tall * 0.93)
        cv2.circle(picture, head, round(tall * 0.085 * (1 << SHIFT)), (150, 175, 205), -1, cv2.LINE_AA, SHIFT)


@dataclass(frozen=True)
class Vehicle:
    """A car seen from the side; `size` is its length in pixels."""

    track: Track
    size: float
    paint: Colour
    begins: float = 0.0
    ends: float = math.inf

    def draw(self, picture: Picture, time: float) -> None:
        """See `Actor`."""
        if not self.begins <= time < self.ends:
            return
        x, ground, long = self.track.x(time - self.begins), self.track.y, self.size
        high = long * 0.36
        self._quad(picture, x, ground, [(-0.52, 0.02), (0.52, 0.02), (0.52, -0.03), (-0.52, -0.03)], (60, 62, 64))
        self._quad(picture, x, ground - high * 0.1, [(-0.5, -0.17), (0.5, -0.17), (0.5, 0), (-0.5, 0)], self.paint)
        for left, right, light in REFLECTIONS:
            panel = [(left, -0.16), (right, -0.16), (right - 0.01, -0.02), (left - 0.01, -0.02)]
            self._quad(picture, x, ground - high * 0.1, panel, shade(self.paint, light))
        cabin = [(-0.33, -0.17), (-0.22, -0.32), (0.16, -0.32), (0.3, -0.17)]
        self._quad(picture, x, ground - high * 0.1, cabin, shade(self.paint, 0.85))
        glass = [(-0.27, -0.18), (-0.19, -0.29), (0.13, -0.29), (0.23, -0.18)]
        self._quad(picture, x, ground - high * 0.1, glass, (120, 100, 80))
        for wheel in (-0.3, 0.3):
            centre = at(x + wheel * long, ground - long * 0.05)
            cv2.circle(picture, centre, round(long * 0.075 * (1 << SHIFT)), (35, 35, 35), -1, cv2.LINE_AA, SHIFT)
            cv2.circle(picture, centre, round(long * 0.035 * (1 << SHIFT)), (130, 130, 130), -1, cv2.LINE_AA, SHIFT)

    def _quad(self, picture: Picture, x: float, y: float, corners: list[tuple[float, float]], colour: Colour) -> None:
        points = np.array([at(x + dx * self.size, y + dy * self.size) for dx, dy in corners], np.int32)
        cv2.fillPoly(picture, [points], colour, cv2.LINE_AA, SHIFT)


@dataclass(frozen=True)
class Cover:
    """Something dark held before the lens."""

    begins: float
    ends: float

    def draw(self, picture: Picture, time: float) -> None:
        """See `Actor`."""
        if self.begins <= time < self.ends:
            picture[:] = (28, 26, 30)
