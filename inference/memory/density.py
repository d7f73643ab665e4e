"""DensityMemory: what is normal for a camera, as the density of each attribute of what moves.

After AI-VAD (Reiss and Hoshen, 2022): simple attributes of things, a nearest-neighbour density for each, scaled by its
own normal range and added. Differences: online, bounded, per camera, and each score says why.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from inference.memory.attributes import PLACE, attribute_of
from inference.memory.clock import SETTLED, LearningClock
from inference.memory.part import FRAMES_KEPT, MOMENT, Part
from inference.memory.places import places_of
from inference.memory.recent import Recent
from inference.memory.snapshot import pack, part, unpack
from inference.memory.visits import Visits
from inference.types import Box, Features, Floats, Reason, Score

LEAST_TOTAL = 1.5
"""Added surprises that make 1.0 at least: one attribute a little outside its normal range is nothing."""
FRAMES_WAITING = 64
"""Frames that were scored and may be learned soon: more than wait in quarantine."""


class DensityMemory:
    """One camera's normality; see `inference.eye.protocol.Memory`."""

    def __init__(self) -> None:
        self._parts: dict[str, Part] = {}
        self._totals = Recent(FRAMES_KEPT, middle_of=MOMENT)
        self._clock = LearningClock()
        self._visits = Visits()
        self._scored: deque[tuple[Features, dict[str, Floats]]] = deque(maxlen=FRAMES_WAITING)

    @property
    def learned_seconds(self) -> float:
        return self._clock.seconds

    @property
    def progress(self) -> float:
        return self._clock.progress

    @property
    def ranges(self) -> dict[str, float]:
        return {name: known.reach for name, known in self._parts.items()}

    def anew(self) -> DensityMemory:
        return DensityMemory()

    def follow(self, features: Features) -> Features:
        return features

    def score(self, features: Features) -> Score:
        """The thing whose attributes lie farthest outside what was seen, all taken together."""
        if not len(features.boxes) or self.progress < SETTLED:
            return Score(0.0)
        distances = self._distances(features)
        self._scored.append((features, distances))
        parts = self._surprises(distances, self._visits.certainty)
        totals = _total(parts)
        worst = int(totals.argmax())
        box = Box(*(float(edge) for edge in features.boxes[worst]))
        reasons, places = self._reasons(features, parts, worst), places_of(features.boxes, totals / self._scale)
        return Score(float(totals[worst]) / self._scale, box, reasons, places)

    def surprises(self, features: Features) -> Floats:
        if not len(features.boxes) or self.progress < SETTLED:
            return np.zeros(len(features.boxes), np.float32)
        return _total(self._surprises(self._distances(features), self._visits.certainty)) / np.float32(self._scale)

    def learn(self, features: Features) -> None:
        self._clock.count(features.at)
        if not len(features.boxes):
            return
        # As they were when it was scored: that is what a normal range is about, and they need not be taken again.
        distances = next((known for scored, known in self._scored if scored is features), None)
        if distances is None:
            distances = self._distances(features)
        settled = self.progress > SETTLED
        if settled:
            self._totals.add(float(_total(self._surprises(distances, certainty=1.0)).max()))
        for name, values in features.attributes.items():
            self._parts[name].learn(values, distances[name], settled=settled)
        if PLACE in features.attributes:
            frame = features.boxes.tobytes() + features.attributes.get("speed", features.boxes).tobytes()
            self._visits.learn(features.at, features.attributes[PLACE], frame)

    def to_bytes(self) -> bytes:
        arrays: dict[str, NDArray[np.generic]] = {
            "clock": self._clock.array(),
            "totals": self._totals.array(),
            "visits": self._visits.array(),
        }
        for name, known in self._parts.items():
            arrays |= {f"{name}/{key}": array for key, array in known.arrays().items()}
        return pack(arrays)

    @classmethod
    def from_bytes(cls, snapshot: bytes) -> DensityMemory:
        """Raises ValueError where the snapshot is not one."""
        arrays = unpack(snapshot)
        memory = cls()
        try:
            memory._clock.restore(arrays["clock"])
            memory._totals.restore(arrays["totals"].astype(np.float32))
            if "visits" in arrays:  # a snapshot of before they were counted
                memory._visits.restore(arrays["visits"].astype(np.float32))
            for name in {key.partition("/")[0] for key in arrays if "/" in key}:
                memory._parts[name] = _restored(name, part(arrays, name))
        except (KeyError, IndexError) as error:
            raise ValueError("this snapshot of a Memory lacks a part") from error
        return memory

    @property
    def _scale(self) -> float:
        """The added surprises that make 1.0."""
        return max(LEAST_TOTAL, self._totals.usual)

    def _distances(self, features: Features) -> dict[str, Floats]:
        for name, values in features.attributes.items():
            if name not in self._parts:
                attribute = attribute_of(name)
                self._parts[name] = Part(attribute, attribute.space(values[:1]).shape[1])
        return {name: self._parts[name].distances(values) for name, values in features.attributes.items()}

    def _surprises(self, distances: Mapping[str, Floats], certainty: float) -> dict[str, Floats]:
        return {name: self._parts[name].surprise(values, certainty) for name, values in distances.items()}

    def _reasons(self, features: Features, parts: Mapping[str, Floats], thing: int) -> tuple[Reason, ...]:
        """What lies outside its own normal range, the farthest first; the farthest of all in any case."""
        ranked = sorted(((float(values[thing]), name) for name, values in parts.items()), reverse=True)
        reasons: list[Reason] = []
        for surprise, name in ranked:
            if reasons and surprise < 1.0:
                break
            known, value = self._parts[name], float(features.attributes[name][thing, 0])
            reasons.append(Reason(name, surprise, known.attribute.text(value, known.highest.usual)))
        return tuple(reasons)


def _total(parts: Mapping[str, Floats]) -> Floats:
    """(things,): the surprises of all attributes added; each is bounded, so that no single one drowns the others."""
    total: Floats = np.sum(list(parts.values()), axis=0)
    return total


def _restored(name: str, arrays: dict[str, NDArray[np.generic]]) -> Part:
    floats = {key: array.astype(np.float32) for key, array in arrays.items()}
    known = Part(attribute_of(name), floats["centres"].shape[-1])
    known.restore(floats)
    return known
