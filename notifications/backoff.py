"""When to try again what did not get there."""

from __future__ import annotations

import random
from datetime import timedelta

PAUSES = (10, 30, 120, 300, 900, 1800)
"""Seconds after each failed attempt: six more tries, the last after 53 minutes."""
MOST_ATTEMPTS = len(PAUSES) + 1
JITTER = 0.2
"""Part of the pause, up or down: what failed together need not knock together."""
LONGEST_PAUSE = timedelta(hours=1) * (1 + JITTER)
"""As long as another side may ask for."""


def pause_after(attempts: int, *, asked: float | None = None) -> timedelta | None:
    """How long to wait after so many failed attempts, at least one; None: it is given up.

    `asked`: seconds that the other side wants to be left alone for.
    """
    if attempts >= MOST_ATTEMPTS:
        return None
    ours = PAUSES[attempts - 1] * random.uniform(1 - JITTER, 1 + JITTER)
    return timedelta(seconds=max(ours, (asked or 0.0) * random.uniform(1, 1 + JITTER)))
