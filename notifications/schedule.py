"""Spans of a week in local time. Pure: a moment comes in, yes or no comes out.

Local clocks decide, so a span from 22:00 to 06:00 is nine hours long in the night in which the clocks go back.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Span:
    """From `starts` to `ends`, which is of the next day where it is not later; the whole day where both are None."""

    starts: time | None = None
    ends: time | None = None

    def holds(self, local: datetime, day_counts: Callable[[date], bool]) -> bool:
        """Whether `local` is in it; `day_counts` says so of the day on which it begins."""
        today, clock = local.date(), local.time()
        if self.starts is None or self.ends is None:
            return day_counts(today)
        if self.starts < self.ends:
            return self.starts <= clock < self.ends and day_counts(today)
        if clock >= self.starts:
            return day_counts(today)
        return clock < self.ends and day_counts(today - timedelta(days=1))


@dataclass(frozen=True, slots=True)
class Schedule:
    """When something holds."""

    zone: ZoneInfo
    span: Span = field(default_factory=Span)
    weekdays: frozenset[int] = frozenset()
    """0 for Monday; none: every day."""
    holidays: frozenset[date] = frozenset()
    on_holidays: str = "as_other_days"
    """As of `Rule.Holidays`."""

    def holds(self, at: datetime) -> bool:
        """Whether it holds at this moment."""
        local = at.astimezone(self.zone)
        if self.on_holidays == "all_day" and local.date() in self.holidays:
            return True
        return self.span.holds(local, self._day_counts)

    def _day_counts(self, day: date) -> bool:
        holiday = day in self.holidays
        if self.on_holidays == "only":
            return holiday
        if self.on_holidays == "never" and holiday:
            return False
        return not self.weekdays or day.weekday() in self.weekdays
