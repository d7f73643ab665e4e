"""How much boxes have in common."""

from __future__ import annotations

import numpy as np

from inference.types import Floats


def overlaps(boxes: Floats, others: Floats) -> tuple[Floats, Floats]:
    """Overlap over union, and overlap over the smaller of the two; both (n, m)."""
    low = np.maximum(boxes[:, None, :2], others[None, :, :2])
    high = np.minimum(boxes[:, None, 2:], others[None, :, 2:])
    both = np.prod((high - low).clip(0), axis=2)
    one, other = (np.prod(each[:, 2:] - each[:, :2], axis=1) for each in (boxes, others))
    union = one[:, None] + other[None] - both
    smaller = np.minimum(one[:, None], other[None])
    return both / union.clip(1e-9), both / smaller.clip(1e-9)
