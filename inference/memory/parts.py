"""Parts: what a Memory knows of each attribute of what moves, and how their surprises add up to one score.

After AI-VAD (Reiss and Hoshen, 2022): simple attributes of things, a nearest-neighbour density for each, scaled by its
own normal range and added. Differences: online, bounded, per camera, and each score says why. Both Memories are made of
it; they differ in which attributes count and in what they know beside them.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from inference.memory.attributes import TIMED, attribute_of
from inference.memory.clock import SETTLED, LearningClock
from inference.memory.part import FRAMES_KEPT, Part, Rows
from inference.memory.places import places_of
from inference.memory.recent import Recent
from inference.memory.snapshot import Array, part
from inference.types import Box, Features, Floats, Reason, Score

LEAST_TOTAL = 1.5
"""Added surprises that make 1.0 at least: one attribute a little outside its normal range is nothing."""
FRAMES_WAITING = 64
"""Frames that were scored and may be learned soon: more than wait in quarantine."""

Named = Mapping[str, Floats]
"""Attribute -> (things,): the distance or the surprise of each thing."""
Text = Callable[[str, Features, int], str]
"""Attribute, features, and which of their things -> why it surprises."""


@dataclass(frozen=True, slots=True)
class Batch:
    """The things of several frames, one frame after the other."""

    things: Features
    starts: Rows
    """(frames,): where those of each frame begin; there is something in each."""
    distances: Named


class Parts:
    """One Part for each attribute that was ever seen. Used by one thread."""

    def __init__(self, make: Callable[[str, int], Part], *, middle_of: int, names: Sequence[str] = ()) -> None:
        """`make`: a Part for an attribute of that name and size of its space; `middle_of`: frames, as in `Recent`.

        `names`: of the attributes that count, if not all that there are.
        """
        self.clock = LearningClock()
        self._make, self._names = make, names
        self._known: dict[str, Part] = {}
        self._totals = Recent(FRAMES_KEPT, middle_of=middle_of)
        self._scored: deque[tuple[Features, dict[str, Floats]]] = deque(maxlen=FRAMES_WAITING)

    @property
    def ranges(self) -> dict[str, float]:
        """As `Memory.ranges`."""
        return {name: known.reach for name, known in self._known.items()}

    def can_judge(self, features: Features) -> bool:
        """Whether there is something, and enough is known; else nothing surprises."""
        return bool(len(features.boxes)) and self.clock.progress >= SETTLED

    def distances(self, features: Features) -> dict[str, Floats]:
        """How far out each thing lies in each attribute that counts."""
        names = self._names or features.attributes
        told = [name for name in names if name in features.attributes and name not in TIMED]
        distances = {name: self._part(name, features).distances(features.attributes[name]) for name in told}
        self._scored.append((features, distances))
        return distances

    def surprises(self, distances: Named, certainty: float = 1.0) -> dict[str, Floats]:
        """`certainty`: as in `Part.surprise`."""
        return {name: self._known[name].surprise(values, certainty) for name, values in distances.items()}

    def totals(self, features: Features, surprises: Named) -> Floats:
        """(things,): those of all attributes added, on the scale of a Score."""
        return _added(features, surprises) / np.float32(self._scale)

    def score(self, features: Features, surprises: Named, text: Text) -> Score:
        """The thing whose attributes lie farthest outside what was seen, all taken together; `text` says why."""
        if not surprises:
            return Score(0.0)
        added = _added(features, surprises)
        worst = int(added.argmax())
        return Score(
            surprise=float(added[worst]) / self._scale,
            box=Box(*(float(edge) for edge in features.boxes[worst])),
            reasons=_reasons(features, surprises, worst, text),
            places=places_of(features.boxes, added / self._scale),
        )

    def text(self, name: str, features: Features, thing: int) -> str:
        """Why a thing surprises in that attribute."""
        known = self._known[name]
        return known.attribute.text(float(features.attributes[name][thing, 0]), known.highest.usual)

    def gather(self, frames: Sequence[Features]) -> Batch | None:
        """What is in these frames, that the clock counts from now on; None where there is nothing in any.

        The distances are those of when a frame was scored: that is what a normal range is about.
        """
        for frame in frames:
            self.clock.count(frame.at)
        seen = [frame for frame in frames if len(frame.boxes)]
        if not seen:
            return None
        scored = [self._as_scored(frame) for frame in seen]
        starts = np.cumsum([0, *(len(frame.boxes) for frame in seen[:-1])])
        return Batch(
            Features.joined(seen), starts, {name: np.concatenate([each[name] for each in scored]) for name in scored[0]}
        )

    def learn(self, batch: Batch, surprises: Named) -> None:
        """Take it as normal."""
        settled = self.clock.progress > SETTLED
        if settled:
            self._totals.extend(np.maximum.reduceat(_added(batch.things, surprises), batch.starts))
        for name, far in batch.distances.items():
            self._known[name].learn(batch.things.attributes[name], far, batch.starts, settled=settled)

    def arrays(self) -> dict[str, Array]:
        """What a snapshot keeps."""
        arrays: dict[str, Array] = {"clock": self.clock.array(), "totals": self._totals.array()}
        for name, known in self._known.items():
            arrays |= {f"{name}/{key}": array for key, array in known.arrays().items()}
        return arrays

    def restore(self, arrays: Mapping[str, Array]) -> None:
        """Go on from `arrays()`. Raises KeyError, IndexError or ValueError where they do not fit."""
        self.clock.restore(arrays["clock"])
        self._totals.restore(arrays["totals"].astype(np.float32))
        for name in {key.partition("/")[0] for key in arrays if "/" in key}:
            own = {key: array.astype(np.float32) for key, array in part(arrays, name).items()}
            self._known[name] = self._make(name, own["centres"].shape[-1])
            self._known[name].restore(own)

    @property
    def _scale(self) -> float:
        """The added surprises that make 1.0."""
        return max(LEAST_TOTAL, self._totals.usual)

    def _part(self, name: str, features: Features) -> Part:
        if name not in self._known:
            self._known[name] = self._make(name, attribute_of(name).space(features.attributes[name][:1]).shape[1])
        return self._known[name]

    def _as_scored(self, features: Features) -> dict[str, Floats]:
        known = next((distances for scored, distances in self._scored if scored is features), None)
        return self.distances(features) if known is None else known


def _added(features: Features, surprises: Named) -> Floats:
    """(things,): each is bounded, so that no single one drowns the others."""
    return sum(surprises.values(), np.zeros(len(features.boxes), np.float32))


def _reasons(features: Features, surprises: Named, thing: int, text: Text) -> tuple[Reason, ...]:
    """What lies outside its own normal range, the farthest first; the farthest of all in any case."""
    ranked = sorted(((float(values[thing]), name) for name, values in surprises.items()), reverse=True)
    return tuple(
        Reason(name, surprise, text(name, features, thing))
        for place, (surprise, name) in enumerate(ranked)
        if place == 0 or surprise >= 1.0
    )
