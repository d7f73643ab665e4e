"""Who is told, how, and what became of it."""

from notifications.models.channels import Channel
from notifications.models.deliveries import Attempt, Delivery
from notifications.models.notices import Escalation, Notice, Outage, Watch
from notifications.models.people import InboxItem, Preference
from notifications.models.rules import Rule, SiteSetup, Snooze

__all__ = [
    "Attempt",
    "Channel",
    "Delivery",
    "Escalation",
    "InboxItem",
    "Notice",
    "Outage",
    "Preference",
    "Rule",
    "SiteSetup",
    "Snooze",
    "Watch",
]
