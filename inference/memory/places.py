"""Where in a frame it was how surprising: the few places that a heat map shows."""

from __future__ import annotations

import numpy as np

from inference.types import Box, Floats, Place

MOST_PLACES = 8
"""As many as a person takes in at a glance; a Judgement stays small."""
LEAST_SURPRISE = 0.5
"""Half of what 1 in 1,000 normal moments has: below, a place is as it always is."""


def places_of(boxes: Floats, surprises: Floats) -> tuple[Place, ...]:
    """The most surprising of `boxes` (n, 4), each once with the highest of its `surprises` (n,), highest first."""
    found: dict[Box, float] = {}
    for thing in np.argsort(-surprises, kind="stable"):
        if surprises[thing] < LEAST_SURPRISE or len(found) >= MOST_PLACES:
            break
        found.setdefault(Box(*(float(edge) for edge in boxes[thing])), float(surprises[thing]))
    return tuple(Place(box, surprise) for box, surprise in found.items())
