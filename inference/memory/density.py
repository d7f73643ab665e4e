"""DensityMemory: what is normal for a camera, as the density of each attribute of what moves."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from inference.memory.attributes import attribute_of
from inference.memory.part import MOMENT, Part
from inference.memory.parts import Parts
from inference.memory.snapshot import pack, unpack
from inference.memory.visits import Visits
from inference.types import Features, Floats, Score


class DensityMemory:
    """One camera's normality; see `inference.eye.protocol.Memory`."""

    def __init__(self) -> None:
        self._parts = Parts(lambda name, size: Part(attribute_of(name), size), middle_of=MOMENT)
        self._visits = Visits()

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

    def learn(self, frames: Sequence[Features]) -> None:
        batch = self._parts.gather(frames)
        if batch is None:
            return
        self._parts.learn(batch, self._parts.surprises(batch.distances))
        for features in frames:
            self._visits.take(features)

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
        return self._parts.surprises(self._parts.distances(features), self._visits.certainty)
