"""Which moments and days may be asked for: a time zone turns the first and the last day of all into an overflow."""

from __future__ import annotations

from datetime import UTC, date, datetime

from django.core.validators import MaxValueValidator, MinValueValidator

MOMENTS = [MinValueValidator(datetime(1970, 1, 1, tzinfo=UTC)), MaxValueValidator(datetime(9000, 1, 1, tzinfo=UTC))]
DAYS = [MinValueValidator(date(1970, 1, 2)), MaxValueValidator(date(9000, 1, 1))]
