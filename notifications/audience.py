"""Who of a site is to be told of something now."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q

from notifications.first_rule import ensure_first_rule
from notifications.models import Channel, Preference, Rule, Snooze
from notifications.recipients import Addressee, Person
from notifications.schedule import Schedule, Span
from project.accounts.models import Membership, Role, Site, User


@dataclass(frozen=True, slots=True)
class Topic:
    """What is to be told."""

    camera_id: UUID
    category: str
    severity: int


class Audience:
    """The rules and the people of one site, read once for all that is to be told of it in a moment."""

    def __init__(self, site: Site, now: datetime) -> None:
        ensure_first_rule(site_id=site.pk)
        self.site, self._now = site, now
        rules = Rule.objects.filter(site=site, enabled=True).prefetch_related("cameras", "people", "channels")
        snoozes = Snooze.objects.filter(site=site, until__gt=now)
        snoozed = {pk for pair in snoozes.values_list("camera_id", "rule_id") for pk in pair if pk}
        self._snoozed: set[UUID] = snoozed
        self._rules = [rule for rule in rules if rule.pk not in snoozed]
        self._people = _people_of(site)
        self._channels = {channel.pk: channel for channel in Channel.objects.filter(site=site, enabled=True)}

    def rules_for(self, topic: Topic) -> list[Rule]:
        """The rules that speak of it; none where its camera is snoozed."""
        if self.is_snoozed(topic):
            return []
        return [rule for rule in self._rules if self._speaks_of(rule, topic)]

    def is_snoozed(self, topic: Topic, rule: Rule | None = None) -> bool:
        """Whether nothing is told of its camera for a while, or by this rule."""
        return topic.camera_id in self._snoozed or (rule is not None and rule.pk in self._snoozed)

    def addressees(self, rules: Iterable[Rule], topic: Topic) -> list[Addressee]:
        """Whom these rules tell of it, each place once."""
        found: dict[str, Addressee] = {}
        for rule in rules:
            people, channels = [each.pk for each in rule.people.all()], [each.pk for each in rule.channels.all()]
            found |= {each.place: each for each in self._resolve(rule.role, people, channels, topic)}
        return list(found.values())

    def of_step(self, step: dict[str, Any], topic: Topic) -> list[Addressee]:
        """Whom one step of an escalation tells of it."""
        channels = [UUID(pk) for pk in step.get("channels", ())]
        return self._resolve(step.get("role"), step.get("people", ()), channels, topic)

    def _speaks_of(self, rule: Rule, topic: Topic) -> bool:
        cameras = {camera.pk for camera in rule.cameras.all()}
        if cameras and topic.camera_id not in cameras:
            return False
        if topic.severity < rule.severity_floor or (rule.categories and topic.category not in rule.categories):
            return False
        return schedule_of(rule, self.site).holds(self._now)

    def _resolve(
        self, role: int | None, people: Iterable[int], channels: Iterable[UUID], topic: Topic
    ) -> list[Addressee]:
        chosen = {pk: self._people[pk] for pk in people if pk in self._people}
        if role is not None:
            chosen |= {pk: person for pk, person in self._people.items() if person.role >= role}
        found = [each for person in chosen.values() for each in self._places_of(person, topic)]
        shared = [self._channels[pk] for pk in channels if pk in self._channels]
        return found + [Addressee(None, each) for each in shared if topic.severity >= each.severity_floor]

    def _places_of(self, person: Person, topic: Topic) -> list[Addressee]:
        if not person.wants(topic.severity):
            return []
        held = person.is_quiet(topic.severity, self._now, self.site)
        loud = [each for each in person.channels if topic.severity >= each.severity_floor]
        return [Addressee(person.user, None), *(Addressee(person.user, channel, held) for channel in loud)]


def managers_of(site: Site) -> list[User]:
    """Who sets the site up."""
    return [person.user for person in _people_of(site).values() if person.role >= Role.MANAGER]


def schedule_of(rule: Rule, site: Site) -> Schedule:
    """When the rule holds."""
    return Schedule(
        ZoneInfo(site.time_zone),
        Span(rule.starts, rule.ends),
        frozenset(rule.weekdays),
        frozenset(date.fromisoformat(day) for day in rule.holidays),
        rule.on_holidays,
    )


def _people_of(site: Site) -> dict[int, Person]:
    """Who may see the site: its members, and superusers, who manage all of them."""
    roles = dict(Membership.objects.filter(site=site).values_list("user_id", "role"))
    users = User.objects.filter(Q(pk__in=roles) | Q(is_superuser=True), is_active=True).in_bulk()
    wishes = Preference.objects.in_bulk(list(users))
    channels: dict[int, list[Channel]] = {}
    for channel in Channel.objects.filter(user__in=users, enabled=True):
        channels.setdefault(channel.user_id or 0, []).append(channel)
    return {
        pk: Person(user, Role.MANAGER if user.is_superuser else roles[pk], wishes.get(pk), channels.get(pk, ()))
        for pk, user in users.items()
    }
