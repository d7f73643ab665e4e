"""DensityMemory: what is normal for a camera, as the density of each attribute of what moves."""

from __future__ import annotations

from collections import deque

import numpy as np

from inference.memory.attributes import PLACE, attribute_of
from inference.memory.part import MOMENT, Part
from inference.memory.parts import Parts
from inference.memory.snapshot import pack, unpack
from inference.memory.visits import Visits
from inference.types import Features, Floats, Score

FRAMES_WAITING = 64
"""Frames that were scored and may be learned soon: more than wait in quarantine."""


class DensityMemory:
    """One camera's normality; see `inference.eye.protocol.Memory`."""

    def __init__(self) -> None:
        self._parts = Parts(lambda name, size: Part(attribute_of(name), size), middle_of=MOMENT)
        self._visits = Visits()
        self._scored: deque[tuple[Features, dict[str, Floats]]] = deque(maxlen=FRAMES_WAITING)

    @property
    def learned_seconds(self) -> float:
        return self._parts.clock.seconds

    @property
    def progress(self) -> float:
        return self._parts.clock.progress

    @property
    def ranges(self) -> dict[str, float]:
        return self._parts.ranges

    def anew(self) -> DensityMemory:
        return DensityMemory()

    def follow(self, features: Features) -> Features:
        return features

    def score(self, features: Features) -> Score:
        return self._parts.score(features, self._surprises(features), self._parts.text)

    def surprises(self, features: Features) -> Floats:
        return self._parts.totals(features, self._surprises(features))

    def learn(self, features: Features) -> None:
        self._parts.clock.count(features.at)
        if not len(features.boxes):
            return
        # As they were when it was scored: that is what a normal range is about, and they need not be taken again.
        distances = next((known for scored, known in self._scored if scored is features), None)
        if distances is None:
            distances = self._distances(features)
        self._parts.learn(features, distances, self._parts.surprises(distances))
        if PLACE in features.attributes:
            frame = features.boxes.tobytes() + features.attributes.get("speed", features.boxes).tobytes()
            self._visits.learn(features.at, features.attributes[PLACE], frame)

    def to_bytes(self) -> bytes:
        return pack({**self._parts.arrays(), "visits": self._visits.array()})

    @classmethod
    def from_bytes(cls, snapshot: bytes) -> DensityMemory:
        """Raises ValueError where the snapshot is not one."""
        arrays, memory = unpack(snapshot), cls()
        try:
            memory._parts.restore(arrays)
            if "visits" in arrays:  # a snapshot of before they were counted
                memory._visits.restore(arrays["visits"].astype(np.float32))
        except (KeyError, IndexError) as error:
            raise ValueError("this snapshot of a Memory lacks a part") from error
        return memory

    def _surprises(self, features: Features) -> dict[str, Floats]:
        if not self._parts.can_judge(features):
            return {}
        distances = self._distances(features)
        self._scored.append((features, distances))
        return self._parts.surprises(distances, self._visits.certainty)

    def _distances(self, features: Features) -> dict[str, Floats]:
        return self._parts.distances(features, tuple(features.attributes))
