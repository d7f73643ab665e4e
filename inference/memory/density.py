"""DensityMemory: what is normal for a camera, as the density of each attribute of what moves.

After AI-VAD (Reiss and Hoshen, 2022): simple attributes of things, a nearest-neighbour density for each, scaled by its
own normal range and added. Differences: online, bounded, per camera, and each score says why.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from inference.memory.attributes import Attribute, attribute_of
from inference.memory.bank import Bank
from inference.memory.recent import Recent
from inference.memory.snapshot import pack, part, unpack
from inference.types import Box, Features, Floats, Reason, Score

WARM_UP_SECONDS = 60.0
"""Footage after which a camera is watched: people cross most pictures in less, and nobody wants to wait longer."""
WARM_UP_FRAMES = 120
"""At least so many frames, however far they lie apart."""
CREDIBLE = 20
"""Vectors an attribute must have seen before it has a say."""
STRONGEST = 5.0
"""One attribute alone counts for at most so many times its normal range."""
LONGEST_GAP = 2.0
"""Seconds between two frames that still count as footage."""
FRAMES_KEPT = 3000
"""Frames whose distances make the normal range: ten minutes at 5 frames a second."""


class _Part:
    """One attribute: where it was, and how far from there its most unusual thing of a normal frame lies."""

    def __init__(self, attribute: Attribute, size: int) -> None:
        self.attribute = attribute
        self.bank = Bank(size, radius=attribute.unit / 4)
        self.farthest = Recent(FRAMES_KEPT)
        self.highest = Recent(FRAMES_KEPT)

    def surprise(self, points: Floats) -> Floats:
        """(n, size) -> (n,): distance in normal ranges; 0 where the vector is missing or too little is known."""
        surprise = np.zeros(len(points), np.float32)
        known = ~np.isnan(points).any(axis=1)
        if self.bank.seen >= CREDIBLE and known.any():
            surprise[known] = self.bank.distances(points[known]) / self.scale
        return surprise

    @property
    def scale(self) -> float:
        return max(self.attribute.unit, self.farthest.usual)


class DensityMemory:
    """One camera's normality; see `inference.eye.protocol.Memory`."""

    def __init__(self) -> None:
        self._parts: dict[str, _Part] = {}
        self._totals = Recent(FRAMES_KEPT)
        self._seconds = 0.0
        self._frames = 0
        self._last_at: float | None = None

    @property
    def learned_seconds(self) -> float:
        return self._seconds

    @property
    def progress(self) -> float:
        return min(1.0, self._seconds / WARM_UP_SECONDS, self._frames / WARM_UP_FRAMES)

    def score(self, features: Features) -> Score:
        """The thing whose attributes lie farthest outside what was seen, all taken together."""
        if not len(features.boxes):
            return Score(0.0)
        parts = self._surprises(features)
        totals = _total(parts)
        worst = int(totals.argmax())
        scale = max(1.0, self._totals.usual)
        box = Box(*(float(edge) for edge in features.boxes[worst]))
        return Score(float(totals[worst]) / scale, box, self._reasons(features, parts, worst, scale))

    def learn(self, features: Features) -> None:
        self._count_time(features.at)
        if not len(features.boxes):
            return
        parts = self._surprises(features)
        if self.progress > 0.5:  # before, everything is new, and that is not the normal range
            self._totals.add(float(_total(parts).max()))
        for name, values in features.attributes.items():
            kept = values[~np.isnan(values).any(axis=1)]
            if len(kept):
                self._learn_part(self._part(name, values), kept)

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
            memory._totals.restore(arrays["totals"])
            for name in {key.partition("/")[0] for key in arrays if "/" in key}:
                memory._parts[name] = _restored(name, part(arrays, name))
        except (KeyError, IndexError) as error:
            raise ValueError("this snapshot of a Memory lacks a part") from error
        return memory

    def _count_time(self, at: float) -> None:
        self._frames += 1
        if self._last_at is not None and 0.0 < at - self._last_at <= LONGEST_GAP:
            self._seconds += at - self._last_at
        self._last_at = at

    def _part(self, name: str, values: Floats) -> _Part:
        if name not in self._parts:
            attribute = attribute_of(name)
            self._parts[name] = _Part(attribute, attribute.space(values[:1]).shape[1])
        return self._parts[name]

    def _learn_part(self, known: _Part, values: Floats) -> None:
        points = known.attribute.space(values)
        if known.bank.seen >= CREDIBLE and self.progress > 0.5:
            known.farthest.add(float(known.bank.distances(points).max()))
        known.highest.add(float(values[:, 0].max()))
        known.bank.learn(points)

    def _surprises(self, features: Features) -> dict[str, Floats]:
        return {
            name: self._parts[name].surprise(self._parts[name].attribute.space(values))
            for name, values in features.attributes.items()
            if name in self._parts
        }

    def _reasons(
        self, features: Features, parts: Mapping[str, Floats], thing: int, scale: float
    ) -> tuple[Reason, ...]:
        """What lies outside its own normal range, the farthest first; the farthest of all in any case."""
        ranked = sorted(((float(values[thing]), name) for name, values in parts.items()), reverse=True)
        reasons = []
        for surprise, name in ranked:
            if reasons and surprise < 1.0:
                break
            known, value = self._parts[name], float(features.attributes[name][thing, 0])
            reasons.append(Reason(name, surprise, known.attribute.text(value, known.highest.usual)))
        return tuple(reasons)


def _total(parts: Mapping[str, Floats]) -> Floats:
    """(things,): the surprises of all attributes as one, each bounded; a Euclidean sum, so that many small ones are none."""
    if not parts:
        return np.zeros(1, np.float32)
    bounded = [np.minimum(values, STRONGEST) ** 2 for values in parts.values()]
    total: Floats = np.sqrt(np.sum(bounded, axis=0))
    return total


def _restored(name: str, arrays: dict[str, NDArray[np.generic]]) -> _Part:
    floats = {key: array.astype(np.float32) for key, array in arrays.items()}
    known = _Part(attribute_of(name), floats["centres"].shape[-1])
    known.bank.restore(floats)
    known.farthest.restore(floats["farthest"])
    known.highest.restore(floats["highest"])
    return known
