"""What is told to somebody, before it is known how."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

Fact = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Message:
    """One thing told to one recipient, in the recipient's language."""

    key: str
    """The same for every attempt to deliver it: whoever gets it twice can tell."""
    severity: str
    """low, medium, high or critical, as of events: what decides how loudly it is told."""
    language: str
    """en or ko."""
    title: str
    """One line, at most 120 characters."""
    body: str
    """Plain text, a few lines."""
    at: datetime
    """When what it tells of happened; aware."""
    link: str = ""
    """The absolute address of what it tells of; empty where there is none."""
    picture: bytes | None = None
    """JPEG."""
    facts: Mapping[str, Fact] = field(default_factory=dict)
    """The same for programs: kind, event, camera, camera_name, site, category, severity, status, count, started_at."""
