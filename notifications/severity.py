"""Severities as numbers, so that rows and rules can be compared by them."""

from __future__ import annotations

from events.models import Severity
from events.records import SEVERITIES

LOW, MEDIUM, HIGH, CRITICAL = range(len(SEVERITIES))
Choices = [(rank, str(Severity(name).label)) for rank, name in enumerate(SEVERITIES)]


def rank_of(severity: str) -> int:
    """0 for low to 3 for critical."""
    return SEVERITIES.index(severity)


def name_of(rank: int) -> str:
    """As events have it."""
    return SEVERITIES[rank]
