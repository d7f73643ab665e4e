"""DensityMemory: what is normal for a camera, as the density of each attribute of what moves.

After AI-VAD (Reiss and Hoshen, 2022): simple attributes of things, a nearest-neighbour density for each, scaled by its
own normal range and added. Differences: online, bounded, per camera, and each score says why.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from inference.memory.attributes import PLACE, Attribute, attribute_of
from inference.memory.bank import Bank
from inference.memory.places import places_of
from inference.memory.recent import LEAST_VALUES, Recent
from inference.memory.snapshot import pack, part, unpack
from inference.types import Box, Features, Floats, Reason, Score

WARM_UP_SECONDS = 60.0
"""Footage after which a camera is watched: people cross most pictures in less, and nobody wants to wait longer."""
WARM_UP_FRAMES = 120
"""At least so many frames, however far they lie apart."""
SETTLED = 0.5
"""Progress from which on distances count as normal range: before, everything is new."""
LEAST_TOTAL = 1.5
"""Added surprises that make 1.0 at least: one attribute a little outside its normal range is nothing."""
STRONGEST = 5.0
"""One attribute alone counts for at most so many times its normal range."""
LONGEST_GAP = 2.0
"""Seconds between two frames that still count as footage."""
MOMENT = 5
"""Frames whose middle one stands for them, as Normality judges: flow goes wild for a frame where people cross."""
FRAMES_WAITING = 64
"""Frames that were scored and may be learned soon: more than wait in quarantine."""
FRAMES_KEPT = 3000
"""Frames whose distances make the normal range: ten minutes at 5 frames a second."""


class _Part:
    """One attribute: what was seen of it, and how far out the most unusual thing of a normal frame lies."""

    def __init__(self, attribute: Attribute, size: int) -> None:
        self.attribute = attribute
        self.bank = Bank(size, radius=attribute.unit / 2, mass=attribute.mass)
        self.farthest = Recent(FRAMES_KEPT, middle_of=MOMENT)
        """Per frame, the largest `distances`."""
        self.highest = Recent(FRAMES_KEPT, middle_of=MOMENT)
        """Per frame, the largest value, for the words."""

    def distances(self, values: Floats) -> Floats:
        """(n, size in Features) -> (n,): how far out each thing lies, in the attribute's measure; NaN: not known."""
        distances = np.full(len(values), np.nan, np.float32)
        known = ~np.isnan(values).any(axis=1)
        if known.any():
            points = self.attribute.space(values[known])
            distances[known] = points[:, 0] if self.attribute.kind == "more" else self.bank.distances(points)
        return distances

    def surprise(self, distances: Floats) -> Floats:
        """0 at the median of normal frames, 1 at the most unusual in 1,000, bounded; 0 where too little is known."""
        if self.attribute.name != PLACE and len(self.farthest) < LEAST_VALUES:
            return np.zeros(len(distances), np.float32)
        beyond = (distances - self.farthest.median) * (self.attribute.weight / self.span)
        beyond -= self.attribute.weight * self.attribute.ease
        surprise: Floats = np.minimum(np.fmax(beyond, 0.0), STRONGEST)  # `fmax` takes NaN for 0
        return surprise

    @property
    def span(self) -> float:
        """The normal range: from the median of normal frames to the most unusual in 1,000."""
        return max(self.farthest.usual - self.farthest.median, self.attribute.unit)

    def learn(self, values: Floats, distances: Floats, *, settled: bool) -> None:
        """Take the values as seen; `settled`: what is normal begins to show."""
        known = ~np.isnan(distances)
        if not known.any():
            return
        farthest = float(distances[known].max())
        if settled and np.isfinite(farthest):
            self.farthest.add(farthest)
        self.highest.add(float(values[known, 0].max()))
        if self.attribute.kind == "unlike":
            self.bank.learn(self.attribute.space(values[known]))


class DensityMemory:
    """One camera's normality; see `inference.eye.protocol.Memory`."""

    def __init__(self) -> None:
        self._parts: dict[str, _Part] = {}
        self._totals = Recent(FRAMES_KEPT, middle_of=MOMENT)
        self._seconds = 0.0
        self._frames = 0
        self._last_at: float | None = None
        self._scored: deque[tuple[Features, dict[str, Floats]]] = deque(maxlen=FRAMES_WAITING)

    @property
    def learned_seconds(self) -> float:
        return self._seconds

    @property
    def progress(self) -> float:
        return min(1.0, self._seconds / WARM_UP_SECONDS, self._frames / WARM_UP_FRAMES)

    @property
    def ranges(self) -> dict[str, float]:
        return {name: known.span * (1.0 + known.attribute.ease) for name, known in self._parts.items()}

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
        parts = self._surprises(distances)
        totals = _total(parts)
        worst = int(totals.argmax())
        box = Box(*(float(edge) for edge in features.boxes[worst]))
        reasons, places = self._reasons(features, parts, worst), places_of(features.boxes, totals / self._scale)
        return Score(float(totals[worst]) / self._scale, box, reasons, places)

    def surprises(self, features: Features) -> Floats:
        if not len(features.boxes) or self.progress < SETTLED:
            return np.zeros(len(features.boxes), np.float32)
        return _total(self._surprises(self._distances(features))) / np.float32(self._scale)

    def learn(self, features: Features) -> None:
        self._count_time(features.at)
        if not len(features.boxes):
            return
        # As they were when it was scored: that is what a normal range is about, and they need not be taken again.
        distances = next((known for scored, known in self._scored if scored is features), None)
        if distances is None:
            distances = self._distances(features)
        settled = self.progress > SETTLED
        if settled:
            self._totals.add(float(_total(self._surprises(distances)).max()))
        for name, values in features.attributes.items():
            self._parts[name].learn(values, distances[name], settled=settled)

    def to_bytes(self) -> bytes:
        arrays: dict[str, NDArray[np.generic]] = {
            "clock": np.array([self._seconds, self._frames]),
            "totals": self._totals.array(),
        }
        for name, known in self._parts.items():
            arrays |= {f"{name}/{key}": array for key, array in known.bank.arrays().items()}
            arrays[f"{name}/farthest"] = known.farthest.array()
            arrays[f"{name}/highest"] = known.highest.array()
        return pack(arrays)

    @classmethod
    def from_bytes(cls, snapshot: bytes) -> DensityMemory:
        """Raises ValueError where the snapshot is not one."""
        arrays = unpack(snapshot)
        memory = cls()
        try:
            memory._seconds, memory._frames = float(arrays["clock"][0]), int(arrays["clock"][1])
            memory._totals.restore(arrays["totals"].astype(np.float32))
            for name in {key.partition("/")[0] for key in arrays if "/" in key}:
                memory._parts[name] = _restored(name, part(arrays, name))
        except (KeyError, IndexError) as error:
            raise ValueError("this snapshot of a Memory lacks a part") from error
        return memory

    @property
    def _scale(self) -> float:
        """The added surprises that make 1.0."""
        return max(LEAST_TOTAL, self._totals.usual)

    def _count_time(self, at: float) -> None:
        self._frames += 1
        if self._last_at is not None and 0.0 < at - self._last_at <= LONGEST_GAP:
            self._seconds += at - self._last_at
        self._last_at = at

    def _distances(self, features: Features) -> dict[str, Floats]:
        for name, values in features.attributes.items():
            if name not in self._parts:
                attribute = attribute_of(name)
                self._parts[name] = _Part(attribute, attribute.space(values[:1]).shape[1])
        return {name: self._parts[name].distances(values) for name, values in features.attributes.items()}

    def _surprises(self, distances: Mapping[str, Floats]) -> dict[str, Floats]:
        return {name: self._parts[name].surprise(values) for name, values in distances.items()}

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


def _restored(name: str, arrays: dict[str, NDArray[np.generic]]) -> _Part:
    floats = {key: array.astype(np.float32) for key, array in arrays.items()}
    known = _Part(attribute_of(name), floats["centres"].shape[-1])
    known.bank.restore(floats)
    known.farthest.restore(floats["farthest"])
    known.highest.restore(floats["highest"])
    return known
