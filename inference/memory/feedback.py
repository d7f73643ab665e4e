"""Feedback: what people called a false alarm, and which things of a new frame are that same thing again.

A thing is forgiven if it lies at the place of a pattern and near that pattern in every attribute that makes it
surprising: near as normal footage lies near to what is known, so that it is judged as if the pattern had been seen
before. The Memory itself learns nothing from it, so undoing a false alarm leaves no trace. Other things, and other ways
to be surprising, still count.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from inference.eye.protocol import Memory
from inference.memory.attributes import PLACE, attribute_of
from inference.types import Features, Floats

ORDINARY = 1.0
"""Surprise under which a thing needs no forgiveness: it counts, and is learned from, as any other."""
LIKENESS = 0.25
"""Of the pattern's own vector: how far a repetition strays whatever the normal range is. A cyclist is not always as
fast as the last time."""
OVERLAP = 0.3
"""Intersection over union from which two boxes are at one place even though their centres are not."""
MOST_PATTERNS = 5000
"""Things kept, the newest: some hundred false alarms."""
_NO_BOXES = np.zeros((0, 4), np.float32)


class Feedback:
    """The false alarms of one camera. Immutable: other feedback is another object."""

    def __init__(self, patterns: Sequence[Features] = ()) -> None:
        """`patterns`: of each false alarm the things that caused it, oldest first."""
        known = [pattern for pattern in patterns if len(pattern.boxes)]
        self._boxes: Floats = np.concatenate([_NO_BOXES, *(each.boxes for each in known)])[-MOST_PATTERNS:]
        self._points = {name: _points_of(known, name)[-MOST_PATTERNS:] for each in known for name in each.attributes}

    def __len__(self) -> int:
        """Things, not false alarms."""
        return len(self._boxes)

    def unforgiven(self, features: Features, memory: Memory) -> Features:
        """The features without the things that are forgiven; the same object where none is."""
        if not len(self) or not len(features.boxes):
            return features
        near = same_place(features.boxes, self._boxes)
        kept = ~np.array([self._forgives(features, thing, near[thing], memory) for thing in range(len(near))])
        return features if kept.all() else features.only(kept)

    def _forgives(self, features: Features, thing: int, near: NDArray[np.bool_], memory: Memory) -> bool:
        """`near`: which patterns are at its place."""
        if not near.any():
            return False
        one = features.only(np.arange(len(features.boxes)) == thing)
        score = memory.score(one)
        if score.surprise < ORDINARY:
            return False
        ranges = memory.ranges
        for reason in score.reasons:
            if reason.attribute != PLACE:  # compared by the boxes
                near = near & self._like(one, reason.attribute, ranges)
        return bool(near.any())

    def _like(self, one: Features, name: str, ranges: Mapping[str, float]) -> NDArray[np.bool_]:
        """(patterns,): which of them that single thing is like in this attribute."""
        if name not in one.attributes or name not in self._points:
            return np.zeros(len(self), np.bool_)
        points = self._points[name]
        apart = np.linalg.norm(points - _space(name, one.attributes[name]), axis=1)
        reach = np.maximum(ranges.get(name, 0.0), LIKENESS * np.linalg.norm(points, axis=1))
        like: NDArray[np.bool_] = apart <= reach  # NaN, not looked at, is like nothing
        return like


def same_place(boxes: Floats, others: Floats) -> NDArray[np.bool_]:
    """(n, 4), (m, 4) -> (n, m): whether the centre is within the other's width and height, or they overlap well."""
    a, b = boxes[:, None], others[None]
    apart = np.abs((a[..., :2] + a[..., 2:]) - (b[..., :2] + b[..., 2:])) / 2
    close = (apart <= b[..., 2:] - b[..., :2]).all(axis=-1)
    shared = np.prod(np.clip(np.minimum(a[..., 2:], b[..., 2:]) - np.maximum(a[..., :2], b[..., :2]), 0, None), axis=-1)
    union = _area(boxes)[:, None] + _area(others)[None] - shared
    same: NDArray[np.bool_] = close | (shared >= OVERLAP * np.maximum(union, 1e-9))
    return same


def _area(boxes: Floats) -> Floats:
    area: Floats = np.prod(boxes[:, 2:] - boxes[:, :2], axis=1)
    return area


def _points_of(patterns: Sequence[Features], name: str) -> Floats:
    """One attribute of all things, in the space in which distance means difference; NaN where one lacks it."""
    size = next(_space(name, each.attributes[name]).shape[1] for each in patterns if name in each.attributes)
    missing = np.full((1, size), np.nan, np.float32)
    return np.concatenate(
        [
            _space(name, each.attributes[name]) if name in each.attributes else missing.repeat(len(each.boxes), axis=0)
            for each in patterns
        ]
    )


def _space(name: str, values: Floats) -> Floats:
    attribute = attribute_of(name)
    points = attribute.space(values)
    return points[:, :1] if attribute.kind == "more" else points
