"""Feedback: what people called a false alarm, and which things of a new frame are that same thing again.

A false alarm is known by its trail: the things that alarmed, frame by frame. A thing of another frame is forgiven if it
is at one of their places and, in its size and in every attribute that makes it surprising, no farther from one of them
than normal things lie from what is known, or than the trail strays from its own mean: so it is judged as if the pattern
had been seen before. What can only surprise by being more may also be less than the pattern was. The Memory itself
learns nothing from all this, so undoing a false alarm leaves no trace.

What was left or taken away is known by its place and size alone: there, something about as large may be left, or be
taken away again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from inference.memory.attributes import HOUR, LEFT, PLACE, attribute_of
from inference.types import Box, Features, Floats, Reason, Score

ORDINARY = 1.0
"""Surprise under which a thing needs no forgiveness: it counts, and is learned from, as any other."""
LIKENESS = 0.25
"""Of the pattern's own vector: how far a repetition strays whatever the normal range is. A cyclist is not always as
fast as the last time."""
OVERLAP = 0.3
"""Intersection over union from which two boxes are at one place even though their centres are not."""
SIZE = "size"
"""Always looked at: two things as fast at one place may be a cyclist and a lorry."""
BESIDE = (0.1, 0.0)
"""Of the picture: where a trail may have begun before it alarmed. To the sides only: things move over ground."""
PLACE_REACH = 0.1
"""Of the picture: how far something fast comes from one frame to the next. A trail strays along its whole way, which
says nothing about how far from it its like may be."""
SAME_SIZE = 2.5
"""Times as large that something left may be and be as large: one point more at each side doubles a bag."""
_NO_BOXES = np.zeros((0, 4), np.float32)


class Scorer(Protocol):
    """What of a Memory is asked here; see `inference.eye.protocol.Memory`."""

    @property
    def ranges(self) -> Mapping[str, float]: ...
    def score(self, features: Features) -> Score: ...


class _Pattern:
    """One false alarm, in the space of each attribute in which distance means difference."""

    def __init__(self, trail: Features) -> None:
        self._points = {name: _space(name, values) for name, values in _attributes(trail).items()}
        self._strays = {name: _spread(points) for name, points in self._points.items()}

    def explains(self, one: Features, reasons: Sequence[Reason], ranges: Mapping[str, float]) -> bool:
        """Whether a single thing is like it in all that makes that thing surprising, and as large."""
        attributes = {*(reason.attribute for reason in reasons), *({SIZE} & self._points.keys())}
        return all(name in self._points and self._is_like(one, name, ranges.get(name, 0.0)) for name in attributes)

    def _is_like(self, one: Features, name: str, normal: float) -> bool:
        points = self._points[name]
        apart = _space(name, _attributes(one)[name]) - points
        stray = np.maximum(self._strays[name], LIKENESS * np.linalg.norm(points, axis=1))
        reach = np.maximum(normal, PLACE_REACH if name == PLACE else stray)
        if attribute_of(name).kind == "more":
            apart = np.maximum(apart, 0.0)
        return bool((np.linalg.norm(apart, axis=1) <= reach).any())  # NaN, not looked at, is like nothing


class Feedback:
    """The false alarms of one camera. Immutable: other feedback is another object."""

    def __init__(self, trails: Sequence[Features] = ()) -> None:
        """`trails`: of each false alarm the things that alarmed."""
        known = [trail for trail in trails if len(trail.boxes) and LEFT not in trail.attributes]
        left = [np.unique(trail.boxes, axis=0) for trail in trails if len(trail.boxes) and LEFT in trail.attributes]
        self._count = len(known) + len(left)
        self._left: Floats = np.concatenate([_NO_BOXES, *left])
        """Where something was left or taken away."""
        self._patterns = [_Pattern(trail) for trail in known]
        places = [np.unique(trail.boxes.round(2), axis=0) for trail in known]
        self._boxes: Floats = np.concatenate([_NO_BOXES, *places])
        self._owners = np.repeat(np.arange(len(known)), [len(boxes) for boxes in places])

    def __len__(self) -> int:
        """False alarms that can be recognised."""
        return self._count

    def spares(self, box: Box) -> bool:
        """Whether nothing is to be told of what is left, or was taken away, there."""
        return bool(_is_left_there(np.array([box], np.float32), self._left)[0])

    def unforgiven(self, features: Features, memory: Scorer) -> Features:
        """The features without the things that are forgiven; the same object where none is."""
        if LEFT in features.attributes:
            kept = ~_is_left_there(features.boxes, self._left)
        elif self._patterns and len(features.boxes):
            near = same_place(features.boxes, self._boxes)
            kept = ~np.array([self._forgives(features, thing, near[thing], memory) for thing in range(len(near))])
        else:
            return features
        return features if kept.all() else features.only(kept)

    def _forgives(self, features: Features, thing: int, near: NDArray[np.bool_], memory: Scorer) -> bool:
        """`near`: which things of the trails are at its place."""
        if not near.any():
            return False
        one = features.only(np.arange(len(features.boxes)) == thing)
        score = memory.score(one)
        if score.surprise < ORDINARY:
            return False
        ranges = memory.ranges
        return any(self._patterns[owner].explains(one, score.reasons, ranges) for owner in set(self._owners[near]))


def same_place(boxes: Floats, others: Floats) -> NDArray[np.bool_]:
    """(n, 4), (m, 4) -> (n, m): whether the centre lies in the other or beside it, or they overlap well."""
    a, b = boxes[:, None], others[None]
    apart = np.abs((a[..., :2] + a[..., 2:]) - (b[..., :2] + b[..., 2:])) / 2
    close = (2 * (apart - BESIDE) <= b[..., 2:] - b[..., :2]).all(axis=-1)
    shared = np.prod(np.clip(np.minimum(a[..., 2:], b[..., 2:]) - np.maximum(a[..., :2], b[..., :2]), 0, None), axis=-1)
    union = _area(boxes)[:, None] + _area(others)[None] - shared
    same: NDArray[np.bool_] = close | (shared >= OVERLAP * np.maximum(union, 1e-9))
    return same


def _is_left_there(boxes: Floats, others: Floats) -> NDArray[np.bool_]:
    """(n, 4), (m, 4) -> (n,): whether the centre is no farther from another's than that is large, and as large."""
    a, b = boxes[:, None], others[None]
    apart = np.abs((a[..., :2] + a[..., 2:]) - (b[..., :2] + b[..., 2:])) / 2
    close = (apart <= np.minimum(b[..., 2:] - b[..., :2], PLACE_REACH)).all(axis=-1)
    larger = _area(boxes)[:, None] / np.maximum(_area(others)[None], 1e-9)
    there: NDArray[np.bool_] = (close & (larger <= SAME_SIZE) & (larger >= 1.0 / SAME_SIZE)).any(axis=1)
    return there


def _area(boxes: Floats) -> Floats:
    area: Floats = np.prod(boxes[:, 2:] - boxes[:, :2], axis=1)
    return area


def _spread(points: Floats) -> float:
    """The root mean square distance from the mean; of those that were looked at."""
    known = points[~np.isnan(points).any(axis=1)]
    return float(np.sqrt(((known - known.mean(axis=0)) ** 2).sum(axis=1).mean())) if len(known) else 0.0


def _attributes(features: Features) -> dict[str, Floats]:
    """With the time of day, in which the zone does not matter: only times of the same camera are compared."""
    hour = np.float32(features.date / 3600.0 % 24.0)
    return {**features.attributes, HOUR: np.full((len(features.boxes), 1), hour, np.float32)}


def _space(name: str, values: Floats) -> Floats:
    attribute = attribute_of(name)
    points = attribute.space(values)
    return points[:, :1] if attribute.kind == "more" else points
