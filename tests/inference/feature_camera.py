"""A camera without pictures: things that pass, as an eye would describe them, through Normality and Decider."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

import numpy as np

from inference.decider import Decider
from inference.memory import DensityMemory
from inference.memory.feedback import Feedback
from inference.normality import Normality
from inference.stored import FeatureLog, StoredFeatures
from inference.types import CameraSettings, Features, Frame

FPS = 5
FACE = np.array([1.0] * 4 + [0.0] * 4)
SETTINGS = CameraSettings(UUID(int=1), 1, "Gate", "rtsp://192.0.2.1/")


@dataclass(frozen=True)
class Thing:
    """Something that is in the picture for two seconds, of which no two are quite alike."""

    speed: float = 0.05
    size: float = 0.02
    look: float = 0.0
    x: float = 0.5
    y: float = 0.5
    moves: float = 0.0
    """To the right, widths of the picture a second."""

    def at(self, frame: int, random: np.random.Generator) -> dict[str, list[float]]:
        x = self.x + self.moves * frame / FPS + random.normal(0, 0.01)
        return {
            "box": [x - 0.05, self.y - 0.1, x + 0.05, self.y + 0.1],
            "speed": [self.speed * random.normal(1, 0.08)],
            "size": [self.size * random.normal(1, 0.08)],
            "place": [x, self.y + random.normal(0, 0.01)],
            "appearance": [float(value) for value in self.look * FACE + random.normal(0, 0.4, 8)],
        }


class FeatureCamera:
    """Normality, Decider and what is kept of events, fed with features."""

    def __init__(self, seed: int, *, fingerprint: str = "eye-1") -> None:
        self.random = np.random.default_rng(seed)
        self.normality = Normality(DensityMemory(), fingerprint=fingerprint)
        self.decider = Decider(SETTINGS)
        self.log = FeatureLog(fingerprint, 0)
        self.frame = 0
        self.kept = b""
        self.snapshots: dict[float, bytes] = {}
        """Seconds learned -> normality."""
        self.keeps_snapshots = False
        self.clock_ahead = 0.0
        """Seconds by which the clock on the wall was set."""

    def passes(self, *things: Thing, seconds: float = 2.0) -> int:
        """How many events open while these things pass among the usual two."""
        opened = 0
        for step in range(int(seconds * FPS)):
            usual = [Thing(x=float(x)) for x in self.random.uniform(0.1, 0.9, 2)]
            seen = [thing.at(step, self.random) for thing in (*usual, *things)]
            opened += self._look(seen)
        return opened

    def quiet(self, seconds: float = 7.0) -> None:
        assert self.passes(seconds=seconds) == 0

    def _look(self, seen: list[dict[str, list[float]]]) -> int:
        now, self.frame = self.frame / FPS, self.frame + 1
        at = now + self.clock_ahead
        columns = {name: np.array([each[name] for each in seen], np.float32) for name in seen[0]}
        features = Features(at, columns.pop("box"), columns)
        pixels = np.full((2, 2, 3), self.frame % 256, np.uint8)  # a picture that stood still would be frozen
        frame = Frame(self.frame, at, now, pixels)
        if self.keeps_snapshots:
            self.snapshots[self.normality.learned_seconds] = self.normality.to_bytes()
        judgement = self.normality.judge(frame, features, event_open=self.decider.is_open)
        self.log.see(judgement)
        decisions = self.decider.decide(judgement)
        for decision in decisions:
            self.kept = self.log.told(decision) or self.kept
        return sum(decision.kind == "opened" for decision in decisions)

    def alarms(self, things: Iterable[Thing]) -> int:
        opened = 0
        for thing in things:
            opened += self.passes(thing)
            self.quiet()
        return opened

    def trail(self) -> Features:
        """Of the last event."""
        return StoredFeatures.from_bytes(self.kept).trail

    def dismiss(self) -> None:
        """The last event was a false alarm."""
        self.normality.forgive(Feedback([self.trail()]))
