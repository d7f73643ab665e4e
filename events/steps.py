"""Writes of many rows in steps, so that none takes long: SQLite has one writer, and events must keep flowing."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import QuerySet

STEP_SECONDS = 0.05
"""What one write should take at most; half of what nobody may exceed."""


def delete_in_steps(rows: QuerySet[Any]) -> None:
    """Delete the rows, which have no rows of their own any more."""
    model = rows.model
    while ids := list(rows.order_by().values_list("pk", flat=True)[:10_000]):
        in_steps(ids, lambda some: model._base_manager.filter(pk__in=some)._raw_delete(rows.db))


def in_steps(ids: Sequence[Any], write: Callable[[Sequence[Any]], object]) -> None:
    """Call `write` with some of the ids at a time, as many as it can do in STEP_SECONDS on this machine."""
    start, size = 0, 20
    while start < len(ids):
        began = time.monotonic()
        write(ids[start : start + size])
        start += size
        size = max(1, min(500, int(size * STEP_SECONDS / max(time.monotonic() - began, STEP_SECONDS / 2))))
