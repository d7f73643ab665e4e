"""A month before a busy camera, as an eye would describe it: the clock runs through it, and some moments are looked at.

Between two glimpses of some seconds at full rate the clock jumps; in between, quiet moments are looked at one by one.
No two things are alike, there are new ones each day, and the nights are infrared: what is kept of them grows as much
as it ever may.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np

from inference.decider import Decider
from inference.normality import Normality
from inference.types import Features, Floats, Frame
from tests.inference.feature_camera import SETTINGS

DAYS = 30
DAY_SECONDS = 86_400.0
BEGAN = datetime(2026, 3, 2, tzinfo=UTC).timestamp()
FPS = 5
LOOK = 64
"""Size of an appearance."""


_PLACE: Floats = np.kron(np.random.default_rng(0).uniform(0.1, 0.9, (15, 16)), np.ones((3, 5))).astype(np.float32)
_PICTURES = [np.random.default_rng(seed).integers(0, 255, (120, 200, 3), np.uint8) for seed in range(7)]
"""Noise: as JPEG they are nearly as large as a picture may get."""


@dataclass(frozen=True)
class Month:
    """How much of it is looked at."""

    glimpses: int
    """A day, evenly over its hours."""
    seconds: float
    """Of each glimpse; on the first day, when by day and by night a minute must be learned, they share another two."""
    quiet_every: float
    """Seconds between two quiet moments."""
    labels: tuple[str, ...] = ()
    """Of the detector, for the memory of objects."""

    def day(self, number: int) -> Iterator[Features]:
        """The moments of that day that are looked at, in order of time."""
        random, began = np.random.default_rng(number), BEGAN + number * DAY_SECONDS
        seconds = self.seconds + (140.0 / self.glimpses if number == 0 else 0.0)
        for glimpse in range(self.glimpses):
            start = began + glimpse * DAY_SECONDS / self.glimpses
            for step in range(round(seconds * FPS)):
                yield self._moment(random, start + step / FPS, number, things=4)
            for at in np.arange(start + seconds + 5.0, start + DAY_SECONDS / self.glimpses, self.quiet_every):
                yield self._moment(random, float(at), number, things=0)

    def _moment(self, random: np.random.Generator, at: float, day: int, things: int) -> Features:
        night = at % DAY_SECONDS < DAY_SECONDS / 2
        place = random.uniform(0.1, 0.9, (things, 2))
        speed = 0.05 * np.exp(random.normal(0.0, 0.3, (things, 1)))
        angle = random.uniform(0.0, 2 * np.pi, (things, 1))
        size = 0.01 * np.exp(random.normal(0.0, 0.5, (things, 1)))
        half = np.sqrt(size) / 2
        columns = {
            "speed": speed,
            "activity": speed * random.uniform(1.0, 1.3, (things, 1)),
            "velocity": np.concatenate((speed * np.cos(angle), speed * np.sin(angle), place), axis=1),
            "size": size,
            "place": place,
            "appearance": random.normal(0.0, 0.4, (things, LOOK)) + np.sin(np.arange(LOOK) * (1.0 + day)),
        }
        if self.labels:
            columns["gait"] = random.uniform(0.0, 0.05, (things, 3))
            columns["kind"] = random.uniform(0.0, 0.9, (things, len(self.labels)))
        boxes = np.concatenate((place - half, place + half), axis=1).astype(np.float32)
        attributes = {name: values.astype(np.float32) for name, values in columns.items()}
        view = (_PLACE + random.normal(0.0, 0.01, _PLACE.shape)).astype(np.float32)
        return Features(at, boxes, attributes, view, colour=0.001 if night else 0.1, sharpness=random.uniform(0.4, 0.6))


class MonthCamera:
    """Normality and Decider before that month."""

    def __init__(self, normality: Normality) -> None:
        self.normality = normality
        self._decider = Decider(SETTINGS)
        self._number = 0

    def see(self, features: Features) -> None:
        self._number += 1
        frame = Frame(self._number, features.at, features.at, _PICTURES[self._number % len(_PICTURES)])
        judgement = self.normality.judge(frame, features, event_open=self._decider.is_open)
        self._decider.decide(judgement)
