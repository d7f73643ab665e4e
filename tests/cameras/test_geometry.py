"""Polygons and zones as people send them."""

from __future__ import annotations

from typing import Any

import pytest

from cameras.geometry import GeometryError, contains, parse_polygon, parse_zone

SQUARE = [[0.2, 0.2], [0.8, 0.2], [0.8, 0.8], [0.2, 0.8]]
ARROW = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.5, 0.5), (0.0, 1.0))


def test_polygon_becomes_tuples_of_floats() -> None:
    assert parse_polygon([[0, 0], [1, 0], [1, 1]]) == ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0))


@pytest.mark.parametrize(
    "value",
    [
        None,
        "square",
        [],
        [[0, 0], [1, 1]],
        [[0, 0], [1, 0], [1]],
        [[0, 0], [1, 0], [1, 1.01]],
        [[0, 0], [1, 0], [True, 1]],
        [[0, 0], [1, 0], [float("nan"), 1]],
        [[0, 0], [1, 0], ["1", 1]],
        [[0, 0], [1, 0], [10**400, 1]],
        [[0, 0], [0.5, 0.5], [1, 1]],
        [[0.001 * i, 0.0] for i in range(65)],
    ],
)
def test_what_is_no_polygon_is_refused(value: object) -> None:
    with pytest.raises(GeometryError):
        parse_polygon(value)


def test_zone_keeps_name_kind_and_polygon() -> None:
    zone = parse_zone({"name": " gate ", "kind": "watch", "polygon": SQUARE})
    assert (zone.name, zone.kind, len(zone.polygon)) == ("gate", "watch", 4)


@pytest.mark.parametrize(
    "change",
    [
        {"name": ""},
        {"name": "x" * 61},
        {"name": 3},
        {"name": "a\x00b"},
        {"name": "\ud800"},
        {"kind": "alarm"},
        {"kind": ["watch"]},
        {"polygon": []},
        {"more": 1},
    ],
)
def test_what_is_no_zone_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(GeometryError):
        parse_zone({"name": "gate", "kind": "watch", "polygon": SQUARE} | change)


@pytest.mark.parametrize(
    ("x", "y", "inside"),
    [(0.5, 0.2, True), (0.5, 0.7, False), (0.1, 0.85, True), (0.9, 0.85, True), (-0.1, 0.5, False)],
)
def test_contains_knows_a_polygon_with_a_notch(x: float, y: float, inside: bool) -> None:
    assert contains(ARROW, x, y) is inside
