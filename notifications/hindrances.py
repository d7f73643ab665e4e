"""Why a message must not be sent any more, though it was queued."""

from __future__ import annotations

from datetime import datetime

from notifications.models import Delivery, Preference, Snooze
from notifications.outcomes import Outcome
from notifications.recipients import Person
from project.accounts.models import Role
from project.accounts.rights import role_in


def hindrance_to(delivery: Delivery, now: datetime) -> Outcome | None:
    """What stands against it; None where nothing does. Who tries a channel is not asked whether it is night."""
    if reason := _gone(delivery, now):
        return Outcome(reason, gone=True)
    if delivery.reason != Delivery.Reason.TEST and _is_quiet(delivery, now):
        return Outcome("It is held back in quiet hours.", held=True)
    return None


def _gone(delivery: Delivery, now: datetime) -> str:
    person, channel = delivery.recipient, delivery.channel
    if person is not None and not person.is_active:
        return "The recipient's account is switched off."
    if person is not None and delivery.site_id and role_in(delivery.site_id, person) < Role.VIEWER:
        return "The recipient may not see this site any more."
    if channel is not None and not channel.enabled and delivery.reason != Delivery.Reason.TEST:
        return "The channel is switched off."
    camera = delivery.facts.get("camera")
    if camera and Snooze.objects.filter(camera=camera, until__gt=now).exists():
        return "The camera is snoozed."
    return ""


def _is_quiet(delivery: Delivery, now: datetime) -> bool:
    """The inbox makes no sound, and a site's channel belongs to nobody who sleeps."""
    person, site = delivery.recipient, delivery.site
    if person is None or site is None or delivery.channel_id is None:
        return False
    wish = Preference.objects.filter(user=person).first()
    return Person(person, Role.VIEWER, wish).is_quiet(delivery.severity, now, site)
