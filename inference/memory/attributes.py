"""How each attribute of a thing is measured, and how it is put into words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from inference.types import Floats

VIEW = "view"
"""The attribute of the picture as a whole."""
LEFT = "left"
"""The attribute of what was left or taken away."""

NEARBY = 1.0
"""How much a picture's width of distance counts beside a direction: the opposite one is 2 away."""
HOUR = "hour"
"""Not of a thing but of the moment: see `inference.memory.hours`."""
HOUR_REACH = 0.39
"""How far apart two times of day may be and still be alike, in its space: an hour and a half."""
STAY = "stay"
"""Of a place as well as of a thing: see `inference.memory.stays`."""
TIMED = (HOUR, STAY)
"""Told by `inference.memory.timed`, beside what a Memory says of a thing in itself."""
PLACE = "place"
"""The one attribute that has a say from the first moment: where nothing was ever seen moving, anything is new."""


@dataclass(frozen=True, slots=True)
class Attribute:
    """What is unusual in an attribute, and the least that counts."""

    name: str
    kind: Literal["more", "unlike"]
    """`more`: larger than usual, the first component counts. `unlike`: far in space from what was seen."""
    unit: float
    """What a person would just notice: the normal range is never taken for narrower."""
    space: Callable[[Floats], Floats]
    """(n, size of the attribute in Features) -> (n, size of the space), in which distance means difference."""
    text: Callable[[float, float], str]
    """(value, usual) -> why it surprised; value is the first component in Features, usual its 99.9 % quantile."""
    mass: float = 3.0
    """So many vectors near by make a value known."""
    ease: float = 0.0
    """So many times its normal range do not count at all."""
    weight: float = 1.0
    """How much what is beyond counts."""
    doubt: float = 1.0
    """To which power the certainty counts: how much that little was seen yet takes from what it says."""
    most: float = np.inf
    """So many times its normal range are as good as more."""


def _speed(value: float, usual: float) -> str:
    if usual > 0 and value > 1.05 * usual:
        return f"moves {value / usual:.1f} times faster than 99.9 % of what was seen here"
    return "moves at a speed that is not seen here"


def _size(value: float, usual: float) -> str:
    if usual > 0 and value > 1.05 * usual:
        return f"is {value / usual:.1f} times larger than 99.9 % of what was seen moving here"
    return "has a size that is not seen here"


def _activity(value: float, usual: float) -> str:
    if usual > 0 and value > 1.05 * usual:
        return f"moves {value / usual:.1f} times more in all directions than 99.9 % of what was seen here"
    return "moves more in all directions than what is seen here"


def _heading(vectors: Floats) -> Floats:
    """(n, 4): velocity and place -> direction, with little weight where there is hardly any speed, beside the place.

    A lane has its direction, and the footpath beside it another.
    """
    length = np.hypot(vectors[:, :1], vectors[:, 1:2])
    heading: Floats = np.concatenate((vectors[:, :2] / (length + 0.03), NEARBY * vectors[:, 2:]), axis=1)
    return heading.astype(np.float32, copy=False)


def _logarithm(values: Floats) -> Floats:
    """Of a share of the picture: equal steps are equal factors."""
    logarithm: Floats = np.log(values + 1e-3).astype(np.float32)
    return logarithm


def _dial(hours: Floats) -> Floats:
    """(n, 1): hours of the day, 0..24 -> (n, 2): on the dial of a clock that goes round once a day."""
    angle = hours * np.float32(2.0 * np.pi / 24.0)
    dial: Floats = np.concatenate((np.sin(angle), np.cos(angle)), axis=1)
    return dial


def _as_it_is(vectors: Floats) -> Floats:
    return vectors


ATTRIBUTES = {
    attribute.name: attribute
    for attribute in (
        Attribute("speed", "more", 0.02, _as_it_is, _speed, doubt=0.5),
        Attribute("activity", "more", 0.02, _as_it_is, _activity, doubt=0.5),
        Attribute(
            "gait", "unlike", 0.008, _as_it_is, lambda *_: "moves its body and legs in a way that is not seen here"
        ),
        Attribute(
            "velocity", "unlike", 0.2, _heading, lambda *_: "moves in a direction that is not seen here", ease=1.0
        ),
        Attribute("size", "unlike", 0.2, _logarithm, _size, ease=1.0),
        Attribute(
            PLACE,
            "unlike",
            0.07,
            _as_it_is,
            lambda *_: "nothing was ever seen moving in this part of the picture",
            mass=8.0,
            ease=1.5,
            most=5.0,
            weight=2.0,  # beside a place that is known, another one says nothing
        ),
        Attribute(HOUR, "unlike", HOUR_REACH, _dial, lambda *_: "moves at an hour at which nothing moves here"),
        Attribute("colour", "unlike", 0.1, _as_it_is, lambda *_: "has a colour that is not seen here", ease=1.0),
        Attribute("appearance", "unlike", 1.0, _as_it_is, lambda *_: "looks unlike anything seen here", ease=1.0),
    )
}


def attribute_of(name: str) -> Attribute:
    """What is known of an attribute; one that a stranger's Eye brings is measured as it comes."""
    return ATTRIBUTES.get(name) or Attribute(name, "unlike", 1e-3, _as_it_is, lambda *_: f"has an unusual {name}")
