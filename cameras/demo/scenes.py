"""The four scenes of the demonstration: who is there every day, and what happens at which second that is not normal.

All is drawn from a seed, so that a scene is the same each time. Speeds of what is there every day divide the length
of a scene, so that it loops without a jump.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from random import Random

import cv2
import numpy as np

from cameras.demo.actors import HEIGHT, WIDTH, Actor, Colour, Cover, Person, Picture, Track, Vehicle

SECONDS = 120.0
"""Length of a scene."""
_LAP = (WIDTH + 160) / SECONDS
"""Pixels a second that bring an actor once through the picture in the length of a scene."""
COATS: tuple[Colour, ...] = ((150, 70, 50), (60, 60, 160), (80, 130, 60), (60, 60, 60), (170, 160, 150), (60, 140, 190))


@dataclass(frozen=True)
class Anomaly:
    """Something scripted that is not normal here; each gives one event."""

    begins: float
    """Seconds into the scene."""
    ends: float
    what: str
    actor: Actor


@dataclass(frozen=True)
class Scene:
    """One camera of the demonstration."""

    key: str
    title: str
    background: Callable[[Picture, Random], None]
    everyday: Callable[[Random], list[Actor]]
    anomalies: tuple[Anomaly, ...]


def walkers(random: Random, *, number: int, low: float, high: float) -> list[Actor]:
    """People who walk at 45 to 65 pixels a second between the heights `low` and `high`, nearer ones drawn larger."""
    people: list[Person] = []
    for n in range(number):
        y = low + (high - low) * (n + random.random()) / number
        speed = random.choice([7, 8, 9]) * _LAP * random.choice([-1, 1])
        start = (n + random.random() * 0.6) * (WIDTH + 160) / number
        people.append(Person(Track(start, y, speed), 30 + y * 0.15, random.choice(COATS)))
    return list(people)


def cars(random: Random, *, number: int, y: float) -> list[Actor]:
    """Cars that drive to the right at 55 to 65 pixels a second."""
    gap = (WIDTH + 240) / number
    lap = (WIDTH + 240) / SECONDS
    return [
        Vehicle(Track(n * gap, y, 8 * lap, margin=120), random.uniform(92, 108), random.choice(COATS))
        for n in range(number)
    ]


def traffic(random: Random) -> list[Actor]:
    """Cars in the lane, and people who walk along the parked ones."""
    return [*walkers(random, number=2, low=208, high=222), *cars(random, number=3, y=285)]


def _ground(picture: Picture, random: Random, *, top: Colour, bottom: Colour) -> None:
    """A shaded, grainy ground from `top` to `bottom`."""
    blend = np.linspace(0.0, 1.0, HEIGHT)[:, None, None]
    grain = np.random.default_rng(random.getrandbits(32)).normal(0, 4, (HEIGHT, WIDTH, 1))
    picture[:] = np.clip((1 - blend) * np.array(top) + blend * np.array(bottom) + grain, 0, 255).astype(np.uint8)


def promenade(picture: Picture, random: Random) -> None:
    """A paved walkway between a hedge and a lawn."""
    _ground(picture, random, top=(120, 128, 130), bottom=(105, 112, 115))
    cv2.rectangle(picture, (0, 0), (WIDTH, 110), (170, 150, 130), -1)
    cv2.rectangle(picture, (0, 95), (WIDTH, 140), (50, 95, 60), -1)
    cv2.rectangle(picture, (0, 325), (WIDTH, HEIGHT), (60, 120, 75), -1)
    for x in range(-200, WIDTH + 200, 64):
        cv2.line(picture, (x, 140), (x - 90, 325), (95, 100, 104), 1, cv2.LINE_AA)
    for x in range(30, WIDTH, 150):
        cv2.rectangle(picture, (x, 30), (x + 14, 120), (70, 80, 90), -1)


def car_park(picture: Picture, random: Random) -> None:
    """A lane before a row of parked cars."""
    _ground(picture, random, top=(95, 95, 95), bottom=(75, 76, 78))
    cv2.rectangle(picture, (0, 0), (WIDTH, 80), (140, 130, 120), -1)
    for x in range(20, WIDTH, 100):
        cv2.line(picture, (x, 110), (x - 14, 190), (190, 195, 195), 2, cv2.LINE_AA)
        if random.random() < 0.7:
            Vehicle(Track(x + 46, 180, 0, wrap=False), 78, random.choice(COATS)).draw(picture, 0)
    for x in range(0, WIDTH, 60):
        cv2.line(picture, (x, 300), (x + 30, 300), (190, 195, 195), 2, cv2.LINE_AA)


def hall(picture: Picture, random: Random) -> None:
    """The floor of a shop with shelves at the back."""
    _ground(picture, random, top=(165, 170, 172), bottom=(185, 190, 192))
    for x in range(10, WIDTH, 126):
        cv2.rectangle(picture, (x, 30), (x + 110, 150), (95, 110, 130), -1)
        for y in range(40, 140, 24):
            for box in range(x + 6, x + 100, 14):
                cv2.rectangle(picture, (box, y), (box + 10, y + 16), random.choice(COATS), -1)
    for y in range(170, HEIGHT, 38):
        cv2.line(picture, (0, y), (WIDTH, y), (160, 165, 168), 1)


def yard(picture: Picture, random: Random) -> None:
    """A yard behind a fence, with a path along its near side."""
    _ground(picture, random, top=(100, 112, 110), bottom=(92, 104, 100))
    cv2.rectangle(picture, (0, 0), (WIDTH, 70), (120, 105, 90), -1)
    for x in range(0, WIDTH, 16):
        cv2.line(picture, (x, 60), (x, 150), (70, 75, 78), 1)
    for y in (64, 148):
        cv2.line(picture, (0, y), (WIDTH, y), (70, 75, 78), 2)
    cv2.rectangle(picture, (0, 270), (WIDTH, 345), (118, 122, 124), -1)
    cv2.rectangle(picture, (420, 170), (540, 240), (70, 85, 110), -1)


SCENES: tuple[Scene, ...] = (
    Scene(
        "promenade",
        "Promenade",
        promenade,
        partial(walkers, number=7, low=190, high=318),
        (
            Anomaly(
                18, 24, "a car on the walkway", Vehicle(Track(-90, 300, 130, wrap=False), 150, (60, 50, 190), 18, 24)
            ),
            Anomaly(75, 80, "somebody runs", Person(Track(-40, 305, 150, wrap=False), 76, (40, 160, 220), 75, 80)),
        ),
    ),
    Scene(
        "car-park",
        "Car park",
        car_park,
        traffic,
        (
            Anomaly(
                38, 42, "a car far too fast", Vehicle(Track(-90, 330, 260, wrap=False), 104, (200, 200, 200), 38, 42)
            ),
            Anomaly(
                92, 100, "a car the wrong way", Vehicle(Track(730, 330, -105, wrap=False), 104, (60, 60, 160), 92, 100)
            ),
        ),
    ),
    Scene(
        "hall",
        "Shop hall",
        hall,
        partial(walkers, number=5, low=200, high=330),
        (
            Anomaly(52, 60, "the lens is covered", Cover(52, 60)),
            Anomaly(104, 108, "somebody runs", Person(Track(680, 280, -230, wrap=False), 74, (60, 60, 60), 104, 108)),
        ),
    ),
    Scene(
        "yard",
        "Yard",
        yard,
        partial(walkers, number=2, low=290, high=330),
        (
            Anomaly(
                28,
                38,
                "somebody inside the fence",
                Person(Track(60, 190, 45, wrap=False), 56, (60, 60, 60), 28, 38),
            ),
            Anomaly(
                66, 74, "a car in the yard", Vehicle(Track(730, 245, -110, wrap=False), 120, (150, 70, 50), 66, 74)
            ),
        ),
    ),
)
