"""ObjectMemory: what is normal for a camera whose things are known by kind and followed over time.

After AI-VAD (Reiss and Hoshen, 2022): a density for each attribute, scaled by its own normal range, added. Beyond it:
attributes are averaged along tracks, online, bounded, and each score says why.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from inference.memory.attributes import attribute_of
from inference.memory.bank import CAPACITY
from inference.memory.clock import SETTLED, LearningClock
from inference.memory.kinds import UNIT, Kinds
from inference.memory.part import FRAMES_KEPT, STRONGEST, Part
from inference.memory.places import places_of
from inference.memory.recent import Recent
from inference.memory.snapshot import pack, unpack
from inference.memory.snapshot import part as part_of
from inference.memory.tracks import Tracks
from inference.types import Box, Features, Floats, Reason, Score

KIND = "kind"
FORGET = {"speed": 0.15, "activity": 0.15, "gait": 0.45, "appearance": 0.45, KIND: 0.15}
"""Attributes that are averaged along a track, and over how many seconds: a step takes half a second."""
RIPE_FRAMES = 3
"""Frames after which an average along a track says something of how a thing moves in itself."""
FINE = ("speed", "activity", "gait")
"""Attributes of few dimensions that an average along a track tells finely."""
MEASURED = (*FINE, "appearance")
"""Attributes whose distance from what was seen counts, beside the kind.

Appearance changes no figure on UCSD Ped2, small and grey as it is: it is for what looks like nothing seen before and is
of no kind that the detector knows."""
FINER = 4.0
"""An average along a track is so many times steadier than one frame, so that much less of a difference counts."""
MASS = 5.0
"""Things seen that make a place in an attribute's space a normal one: a track that stays for half a second."""
CENTRES = 2048
"""Of the bank of a fine attribute."""
LEAST_TOTAL = 1.5
"""Added surprises that make 1.0 at least: one attribute a little outside its normal range is nothing."""


@dataclass(frozen=True, slots=True)
class ObjectMemories:
    """The class of Memory for a detector that knows these kinds; see `inference.eye.protocol.MemoryClass`."""

    labels: tuple[str, ...]

    def __call__(self) -> ObjectMemory:
        return ObjectMemory(self.labels)

    def from_bytes(self, snapshot: bytes) -> ObjectMemory:
        """Raises ValueError where the snapshot is not one, or of a detector that knows other kinds."""
        memory = ObjectMemory(self.labels)
        memory.restore(snapshot)
        return memory


class ObjectMemory:
    """One camera's normality; see `inference.eye.protocol.Memory`.

    It follows things from frame to frame, so what `follow` gives of a frame depends on the second before: the same
    frames in the same order give the same scores. What it gave scores the same whenever it is asked about.
    """

    def __init__(self, labels: tuple[str, ...]) -> None:
        self._labels = labels
        self._kinds = Kinds(len(labels))
        self._parts: dict[str, Part] = {}
        self._tracks = Tracks()
        self._totals = Recent(FRAMES_KEPT)
        self._clock = LearningClock()

    @property
    def learned_seconds(self) -> float:
        return self._clock.seconds

    @property
    def progress(self) -> float:
        return self._clock.progress

    @property
    def ranges(self) -> dict[str, float]:
        return {name: part.reach for name, part in self._parts.items()} | {KIND: UNIT}

    def anew(self) -> ObjectMemory:
        return ObjectMemory(self._labels)

    def follow(self, features: Features) -> Features:
        averages, seen = self._tracks.follow(features, {name: FORGET[name] for name in _told(features, FORGET)})
        if "gait" in averages:
            averages["gait"][seen < RIPE_FRAMES] = np.nan
        return replace(features, attributes={**features.attributes, **averages})

    def score(self, features: Features) -> Score:
        """The thing whose attributes lie farthest outside what was seen, all taken together."""
        if not len(features.boxes) or self.progress < SETTLED:
            return Score(0.0)
        surprises = self._surprises(features, self._distances(features))
        totals = _total(surprises, len(features.boxes))
        worst = int(totals.argmax())
        box = Box(*(float(edge) for edge in features.boxes[worst]))
        reasons, places = self._reasons(features, surprises, worst), places_of(features.boxes, totals / self._scale)
        return Score(float(totals[worst]) / self._scale, box, reasons, places)

    def surprises(self, features: Features) -> Floats:
        if not len(features.boxes) or self.progress < SETTLED:
            return np.zeros(len(features.boxes), np.float32)
        surprises = self._surprises(features, self._distances(features))
        return _total(surprises, len(features.boxes)) / np.float32(self._scale)

    def learn(self, features: Features) -> None:
        self._clock.count(features.at)
        if not len(features.boxes):
            return
        distances = self._distances(features)
        settled = self.progress > SETTLED
        if settled:
            self._totals.add(float(_total(self._surprises(features, distances), len(features.boxes)).max()))
        for name, far in distances.items():
            self._parts[name].learn(features.attributes[name], far, settled=settled)
        if KIND not in features.attributes:
            return
        named = ~np.isnan(features.attributes[KIND]).any(axis=1)
        if named.any():
            self._kinds.learn(features.attributes[KIND][named])

    def to_bytes(self) -> bytes:
        arrays: dict[str, NDArray[np.generic]] = {
            "clock": self._clock.array(),
            "totals": self._totals.array(),
            "kinds": self._kinds.array(),
        }
        for name, part in self._parts.items():
            arrays |= {f"{name}/{key}": array for key, array in part.arrays().items()}
        return pack(arrays)

    def restore(self, snapshot: bytes) -> None:
        """Go on from `to_bytes()`. Raises ValueError."""
        arrays = unpack(snapshot)
        try:
            self._clock.restore(arrays["clock"])
            self._totals.restore(arrays["totals"].astype(np.float32))
            self._kinds.restore(arrays["kinds"].astype(np.float64))
            for name in {key.partition("/")[0] for key in arrays if "/" in key}:
                floats = {key: array.astype(np.float32) for key, array in part_of(arrays, name).items()}
                self._parts[name] = _part(name, floats["centres"].shape[-1])
                self._parts[name].restore(floats)
        except (KeyError, IndexError) as error:
            raise ValueError("this snapshot of a Memory lacks a part") from error

    @property
    def _scale(self) -> float:
        """The added surprises that make 1.0."""
        return max(LEAST_TOTAL, self._totals.usual)

    def _distances(self, features: Features) -> dict[str, Floats]:
        told = _told(features, MEASURED)
        for name in told:
            if name not in self._parts:
                space = attribute_of(name).space
                self._parts[name] = _part(name, space(features.attributes[name][:1]).shape[1])
        return {name: self._parts[name].distances(features.attributes[name]) for name in told}

    def _surprises(self, features: Features, distances: Mapping[str, Floats]) -> dict[str, Floats]:
        surprises = {name: self._parts[name].surprise(values) for name, values in distances.items()}
        if KIND in features.attributes:
            kinds = self._kinds.surprises(features.attributes[KIND]).max(axis=1, initial=0.0)
            surprises[KIND] = np.nan_to_num(kinds).clip(0.0, STRONGEST)
        return surprises

    def _reasons(self, features: Features, surprises: Mapping[str, Floats], thing: int) -> tuple[Reason, ...]:
        """What lies outside its own normal range, the farthest first; the farthest of all in any case."""
        ranked = sorted(((float(values[thing]), name) for name, values in surprises.items()), reverse=True)
        return tuple(
            Reason(name, surprise, self._text(features, name, thing))
            for place, (surprise, name) in enumerate(ranked)
            if place == 0 or surprise >= 1.0
        )

    def _text(self, features: Features, name: str, thing: int) -> str:
        values = features.attributes[name][thing]
        if name == KIND:
            label = self._labels[int(np.nan_to_num(self._kinds.surprises(values[None])[0]).argmax())]
            return f"looks like {_article(label)} {label}, which is not seen here"
        part = self._parts[name]
        return part.attribute.text(float(values[0]), part.highest.usual)


def _told(features: Features, names: Iterable[str]) -> list[str]:
    """Those that these features have: an ablation leaves some out."""
    return [name for name in names if name in features.attributes]


def _part(name: str, size: int) -> Part:
    attribute, capacity = attribute_of(name), CAPACITY
    if name in FINE:
        attribute, capacity = replace(attribute, unit=attribute.unit / FINER, mass=MASS), CENTRES
    return Part(attribute, size, capacity=capacity, middle_of=1)  # along a track a frame is evened out already


def _total(surprises: Mapping[str, Floats], things: int) -> Floats:
    """(things,): the surprises of all attributes added; each is bounded, so that no single one drowns the others."""
    return sum(surprises.values(), np.zeros(things, np.float32))


def _article(label: str) -> str:
    return "an" if label[:1] in "aeiou" else "a"
