"""Moments in rows, asked of a clock that may have been set back since they were written, and the clock of the rows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.db.models import Q

from cameras.leases import DatabaseNow
from notifications.models import Watch


def database_now() -> datetime:
    """By the clock that all hosts share. Asks the row of `Watch`, which must be there."""
    return datetime.fromtimestamp(Watch.objects.values_list(DatabaseNow(), flat=True).get(), UTC)


def is_past(field: str, now: datetime, *, at_most: timedelta) -> Q:
    """The rows whose moment has come.

    So has one that lies further ahead than `at_most`, which is how far ahead it is ever set. The clocks of two workers
    differ a little, and one may have read its own before the other wrote: only twice as far is too far.
    """
    return Q(**{f"{field}__lte": now}) | Q(**{f"{field}__gt": now + 2 * at_most})
