"""What one person wants, as the rules of telling need it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from notifications.models import Channel, Preference
from notifications.schedule import Schedule, Span
from notifications.severity import CRITICAL
from project.accounts.models import Site, User


@dataclass(frozen=True, slots=True)
class Person:
    """A member of a site, or a superuser, with preferences and channels."""

    user: User
    role: int
    preference: Preference | None = None
    channels: Sequence[Channel] = field(default_factory=tuple)

    def wants(self, severity: int) -> bool:
        """Whether it is bad enough to be told at all."""
        return self.preference is None or severity >= self.preference.severity_floor

    def is_quiet(self, severity: int, at: datetime, site: Site) -> bool:
        """Whether nothing may make a sound now; the inbox makes none."""
        wish = self.preference
        if wish is None or wish.quiet_starts is None or wish.quiet_ends is None:
            return False
        if severity >= CRITICAL and wish.critical_breaks_quiet:
            return False
        zone = ZoneInfo(wish.time_zone or site.time_zone)
        days = frozenset(wish.quiet_weekdays)
        return Schedule(zone, Span(wish.quiet_starts, wish.quiet_ends), days).holds(at)


@dataclass(frozen=True, slots=True)
class Addressee:
    """Where one message goes: to a person's inbox or channel, or to a site's channel."""

    user: User | None
    channel: Channel | None
    held: bool = False
    """Kept back in quiet hours; written down, so that one can see why nothing came."""

    @property
    def place(self) -> str:
        """Of a message that is told twice only one goes here."""
        return f"c{self.channel.pk.hex}" if self.channel else f"u{self.user.pk if self.user else 0}"
