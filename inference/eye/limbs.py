"""How a thing moves in itself: who walks swings legs, who rides does not."""

from __future__ import annotations

import numpy as np

from inference.types import Floats

TORSO = (0.1, 0.55)
"""Rows of a box, shares of its height: what is steady in a walker."""
LEGS = 0.6
"""Row of a box from which on there are legs, or wheels."""
MARGIN = 0.15
"""Of a box's width, left and right: background rather than body."""
FAR = 0.1
"""Height in picture widths up to which speeds are taken as they are. What is nearer looks larger and faster by the
same factor; what is farther is so small that its flow is noise of a few pixels, whatever its height."""
EDGE = 1.5
"""Points to the edge of the picture up to which a thing may reach beyond it."""


def gait(flow: Floats, boxes: Floats) -> Floats:
    """(n, 3) of boxes in points: speed of the body, mean speed of all its points, and of legs relative to the torso.

    In the unit of the flow, as if nothing were nearer than what is FAR high. NaN where the edge of the picture cuts a
    thing off: what is torso and what are legs cannot be told.
    """
    described = np.array([_describe(flow, *box) for box in boxes], np.float32).reshape(-1, 3)
    rows, columns = flow.shape[:2]
    described *= FAR / np.maximum((boxes[:, 3:] - boxes[:, 1:2]) / columns, FAR)
    cut_off = (boxes[:, :2] < EDGE).any(axis=1) | (boxes[:, 2:] > np.array([columns, rows]) - EDGE).any(axis=1)
    described[cut_off] = np.nan
    return described


def _describe(flow: Floats, left: float, top: float, right: float, bottom: float) -> tuple[float, float, float]:
    width, height = right - left, bottom - top
    inner = (left + MARGIN * width, right - MARGIN * width)
    body = _part(flow, inner, (top, bottom))
    torso = _part(flow, inner, (top + TORSO[0] * height, top + TORSO[1] * height)).mean(axis=0)
    legs = _part(flow, (left, right), (top + LEGS * height, bottom)) - torso
    return float(np.hypot(*body.mean(axis=0))), float(np.hypot(*body.T).mean()), float(np.hypot(*legs.T).mean())


def _part(flow: Floats, across: tuple[float, float], down: tuple[float, float]) -> Floats:
    """(points, 2): the flow within; at least one point."""
    rows, columns = flow.shape[:2]
    top, left = min(max(int(down[0]), 0), rows - 1), min(max(int(across[0]), 0), columns - 1)
    bottom, right = max(int(np.ceil(down[1])), top + 1), max(int(np.ceil(across[1])), left + 1)
    part: Floats = flow[top:bottom, left:right].reshape(-1, 2)
    return part
