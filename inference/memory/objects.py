"""ObjectMemory: what is normal for a camera whose things are known by kind and followed over time.

Beside the density of each attribute (see `Parts`) it knows how sure the detector usually gets of each kind, and it
averages attributes along tracks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from inference.memory.attributes import attribute_of
from inference.memory.bank import CAPACITY
from inference.memory.hours import moving
from inference.memory.kinds import UNIT, Kinds
from inference.memory.part import Part
from inference.memory.parts import Named, Parts
from inference.memory.snapshot import pack, unpack
from inference.memory.tracks import Tracks
from inference.memory.visits import Visits
from inference.types import Features, Floats, Score

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
LIKELIEST = 5.0
"""What a kind counts for at most, before the doubt: a detector may be sure of what it has mistaken."""
CENTRES = 2048
"""Of the bank of a fine attribute."""


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
        self._parts = Parts(_part, middle_of=1, names=MEASURED)
        self._tracks = Tracks()
        self._visits = Visits()

    @property
    def learned_seconds(self) -> float:
        return self._parts.clock.seconds

    @property
    def progress(self) -> float:
        return self._parts.clock.progress

    @property
    def ranges(self) -> dict[str, float]:
        return self._parts.ranges | {KIND: UNIT}

    def anew(self) -> ObjectMemory:
        return ObjectMemory(self._labels)

    def follow(self, features: Features) -> Features:
        told = {name: seconds for name, seconds in FORGET.items() if name in features.attributes}
        averages, seen = self._tracks.follow(features, told)
        if "gait" in averages:
            averages["gait"][seen < RIPE_FRAMES] = np.nan
        return replace(features, attributes={**features.attributes, **averages})

    def score(self, features: Features) -> Score:
        return self._parts.score(features, self._judged(features), self._text)

    def surprises(self, features: Features) -> Floats:
        return self._parts.totals(features, self._judged(features))

    def learn(self, frames: Sequence[Features]) -> None:
        batch = self._parts.gather(frames)
        if batch is None:
            return
        self._parts.learn(batch, self._surprises(batch.things, batch.distances, certainty=1.0))
        for features in frames:
            self._visits.take(features.only(moving(features)))  # what stands about visits no place
        if KIND in batch.things.attributes:
            highest = np.fmax.reduceat(batch.things.attributes[KIND], batch.starts)
            self._kinds.learn(highest[~np.isnan(highest).any(axis=1)])

    def to_bytes(self) -> bytes:
        return pack({**self._parts.arrays(), "kinds": self._kinds.array(), "visits": self._visits.array()})

    def restore(self, snapshot: bytes) -> None:
        """Go on from `to_bytes()`. Raises ValueError."""
        arrays = unpack(snapshot)
        try:
            self._parts.restore(arrays)
            self._kinds.restore(arrays["kinds"].astype(np.float64))
            if "visits" in arrays:  # a snapshot of before they were counted
                self._visits.restore(arrays["visits"].astype(np.float32))
        except (KeyError, IndexError) as error:
            raise ValueError("this snapshot of a Memory lacks a part") from error

    def _judged(self, features: Features) -> dict[str, Floats]:
        if not self._parts.can_judge(features):
            return {}
        return self._surprises(features, self._parts.distances(features), self._visits.certainty)

    def _surprises(self, features: Features, distances: Named, certainty: float) -> dict[str, Floats]:
        surprises = self._parts.surprises(distances, certainty)
        if KIND in features.attributes:
            kinds = self._kinds.surprises(features.attributes[KIND]).max(axis=1, initial=0.0)
            surprises[KIND] = np.nan_to_num(kinds).clip(0.0, LIKELIEST) * np.float32(certainty)
        return surprises

    def _text(self, name: str, features: Features, thing: int) -> str:
        if name != KIND:
            return self._parts.text(name, features, thing)
        surprises = self._kinds.surprises(features.attributes[KIND][thing : thing + 1])
        label = self._labels[int(np.nan_to_num(surprises[0]).argmax())]
        return f"looks like {_article(label)} {label}, which is not seen here"


def _part(name: str, size: int) -> Part:
    attribute, capacity = attribute_of(name), CAPACITY
    if name in FINE:
        attribute, capacity = replace(attribute, unit=attribute.unit / FINER, mass=MASS), CENTRES
    return Part(attribute, size, capacity=capacity, middle_of=1)  # along a track a frame is evened out already


def _article(label: str) -> str:
    return "an" if label[:1] in "aeiou" else "a"
