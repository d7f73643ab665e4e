"""Zones and privacy masks as polygons, relative to the picture (0..1, x to the right, y down). Free of Django."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Literal, NamedTuple, cast

Polygon = tuple[tuple[float, float], ...]
"""At least three corners, each 0..1."""

MAX_CORNERS = 64
SMALLEST_AREA = 1e-5
"""Of the picture; at 1920x1080 some 20 pixels: less than that is a slip of the hand."""


class GeometryError(ValueError):
    """A polygon or zone that cannot be one; the text says why and how to mend it."""


class ZoneShape(NamedTuple):
    """A named part of the picture, with the fields of `inference.types.Zone` in the same order."""

    name: str
    kind: Literal["watch", "ignore"]
    polygon: Polygon


def parse_polygon(value: object) -> Polygon:
    """The polygon that JSON such as `[[0.1, 0.2], [0.9, 0.2], [0.5, 0.8]]` describes.

    Raises GeometryError.
    """
    if not isinstance(value, list | tuple) or not 3 <= len(value) <= MAX_CORNERS:
        raise GeometryError(f"A polygon is a list of 3 to {MAX_CORNERS} corners, such as [[0, 0], [1, 0], [1, 1]].")
    polygon = tuple(_corner(corner) for corner in value)
    if _area(polygon) < SMALLEST_AREA:
        raise GeometryError("The corners of the polygon lie on a line: it has no area. Move one of them.")
    return polygon


def parse_zone(value: object) -> ZoneShape:
    """The zone that JSON such as `{"name": "gate", "kind": "watch", "polygon": [...]}` describes.

    Raises GeometryError.
    """
    if not isinstance(value, Mapping) or set(value) != {"name", "kind", "polygon"}:
        raise GeometryError('A zone has exactly the keys "name", "kind" and "polygon".')
    name, kind = value["name"], value["kind"]
    if not isinstance(name, str) or not 1 <= len(name.strip()) <= 60 or not name.isprintable():
        raise GeometryError("The name of a zone is a text of 1 to 60 printable characters.")
    if kind not in ("watch", "ignore"):
        raise GeometryError('The kind of a zone is "watch" (alarms only inside) or "ignore" (no alarms inside).')
    return ZoneShape(name.strip(), cast(Literal["watch", "ignore"], kind), parse_polygon(value["polygon"]))


def contains(polygon: Polygon, x: float, y: float) -> bool:
    """Whether the point lies inside, by the even-odd rule; a point on the edge may count either way."""
    inside = False
    for (x1, y1), (x2, y2) in pairwise((*polygon, polygon[0])):
        if (y1 > y) != (y2 > y) and x < x1 + (x2 - x1) * (y - y1) / (y2 - y1):
            inside = not inside
    return inside


def _corner(value: object) -> tuple[float, float]:
    if isinstance(value, list | tuple) and len(value) == 2 and all(_is_share(number) for number in value):
        return float(value[0]), float(value[1])
    raise GeometryError("A corner is [x, y] with both numbers from 0 (left, top) to 1 (right, bottom).")


def _is_share(number: object) -> bool:
    return isinstance(number, int | float) and not isinstance(number, bool) and 0 <= number <= 1  # so not NaN either


def _area(polygon: Polygon) -> float:
    return abs(sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairwise((*polygon, polygon[0])))) / 2
