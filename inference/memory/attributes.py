"""How each attribute of a thing is measured, and how it is put into words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from inference.types import Floats

VIEW = "view"
"""The attribute of the picture as a whole."""


@dataclass(frozen=True, slots=True)
class Attribute:
    """A space in which distance means difference to a person, and the least distance that counts."""

    name: str
    unit: float
    """Distance below which nobody would call two things different: the floor of the scale."""
    space: Callable[[Floats], Floats]
    """(n, size of the attribute in Features) -> (n, size of the space)."""
    text: Callable[[float, float], str]
    """(value, usual) of the attribute's first component in Features -> why it surprised; usual is its 99.9 % quantile."""


def _speed(value: float, usual: float) -> str:
    if usual > 0 and value > 1.05 * usual:
        return f"moves {value / usual:.1f} times faster than 99.9 % of what was seen here"
    return "moves at a speed that is not seen here"


def _size(value: float, usual: float) -> str:
    if usual > 0 and value > 1.05 * usual:
        return f"is {value / usual:.1f} times larger than 99.9 % of what was seen moving here"
    return "has a size that is not seen here"


def _velocity(vectors: Floats) -> Floats:
    """Direction, with little weight where there is hardly any speed."""
    length = np.hypot(vectors[:, :1], vectors[:, 1:])
    return vectors / (length + 0.05)


ATTRIBUTES = {
    attribute.name: attribute
    for attribute in (
        Attribute("speed", 0.25, lambda values: np.log(values + 0.02), _speed),
        Attribute("velocity", 0.3, _velocity, lambda *_: "moves in a direction that is not seen here"),
        Attribute("change", 0.25, lambda values: np.log(values + 1.0), lambda *_: "moves more violently than what was seen here"),
        Attribute("size", 0.5, lambda values: np.log(values + 1e-3), _size),
        Attribute("place", 0.08, lambda values: values, lambda *_: "nothing was ever seen moving in this part of the picture"),
        Attribute("appearance", 0.5, lambda values: values, lambda *_: "looks unlike anything seen here"),
    )
}


def attribute_of(name: str) -> Attribute:
    """What is known of an attribute; one that an Eye of somebody else brings is measured as it comes."""
    return ATTRIBUTES.get(name) or Attribute(name, 1e-3, lambda values: values, lambda *_: f"has an unusual {name}")
