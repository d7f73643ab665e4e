"""Which places of the picture count: `watch` zones limit alarms to themselves, `ignore` zones take theirs out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from cameras.geometry import contains
from inference.types import Box, Features, Zone


def is_watched(zones: Sequence[Zone], box: Box | None) -> bool:
    """Whether something in this box may alarm: its centre decides. No box is the whole picture, which always may."""
    if box is None or not zones:
        return True
    x, y = (box.left + box.right) / 2, (box.top + box.bottom) / 2
    if any(contains(zone.polygon, x, y) for zone in zones if zone.kind == "ignore"):
        return False
    watched = [zone for zone in zones if zone.kind == "watch"]
    return not watched or any(contains(zone.polygon, x, y) for zone in watched)


def watched(zones: Sequence[Zone], features: Features) -> Features:
    """Without the things that the zones take out: they are neither scored nor learned."""
    if not zones or not len(features.boxes):
        return features
    return features.only(np.array([is_watched(zones, Box(*map(float, box))) for box in features.boxes]))
