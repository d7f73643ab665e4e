"""What people set: channels, rules, preferences, snoozes. The only writer of these tables beside Vigil itself, which
switches channels off (`outcomes`) and gives each site its first rule (`first_rule`).

Who may do it was decided before. Each change is in the audit trail, without targets.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone

from cameras.models import Camera
from notifications.facts import facts_of_channel
from notifications.models import Channel, Delivery, Preference, Rule, Snooze
from notifications.ruling import check_change, check_rule
from notifications.sender import LEASE, send_taken
from notifications.severity import LOW
from notifications.targets import checked_target
from project.accounts.models import Site, User
from project.accounts.rights import SiteOwnedQuerySet
from project.audit import trail
from project.errors import Invalid, NotFound

MOST_CHANNELS = 20
"""Of one person, and of one site."""
LONGEST_SNOOZE = timedelta(days=7)


def add_channel(
    *, by: User, kind: str, name: str, target: Mapping[str, object], site: Site | None = None, **values: Any
) -> Channel:
    """A channel of one's own, or of a site. Raises Invalid with what is wrong by field."""
    whose: dict[str, Any] = {"site": site} if site else {"user": by}
    if Channel.objects.filter(**whose).count() >= MOST_CHANNELS:
        raise Invalid(f"There are {MOST_CHANNELS} channels already: remove one first.")
    channel = Channel(kind=kind, name=name, target=checked_target(kind, target), **whose, **values)
    _check(channel)
    with transaction.atomic():
        channel.save(force_insert=True)
        trail.record("channel.added", by=by, target=channel, details={"kind": kind})
    return channel


def change_channel(*, by: User, channel: Channel, **changes: Any) -> Channel:
    """Write what differs. A masked secret that comes back keeps the stored one; switching it on forgets why it was off.

    Raises Invalid with what is wrong by field, and NotFound where it was removed meanwhile.
    """
    target = changes.pop("target", None)
    if target is not None:
        changes["target"] = checked_target(channel.kind, target, stored=channel)
    changed = {name: value for name, value in changes.items() if value != getattr(channel, name)}
    if not changed:
        return channel
    shown = {name: (getattr(channel, name), value) for name, value in changed.items() if name != "target"}
    if changed.get("enabled"):
        changed |= {"disabled_reason": "", "disabled_at": None}
    _set(channel, changed)
    with transaction.atomic():
        _hold(channel)
        channel.save(update_fields=list(changed))
        details = {"target": "changed"} if "target" in changed else None
        trail.record("channel.changed", by=by, target=channel, changes=shown, details=details)
    return channel


def remove_channel(*, by: User, channel: Channel) -> None:
    """It goes, and what is in the queue for it."""
    with transaction.atomic():
        Channel.objects.filter(pk=channel.pk).delete()
        trail.record("channel.removed", by=by, target=channel, details={"kind": channel.kind})


def try_channel(*, by: User, channel: Channel) -> Delivery:
    """Send a test message now, at most 10 seconds long; what became of it is in the delivery."""
    now = timezone.now()
    delivery = Delivery.objects.create(
        key=f"test/{uuid4().hex}",
        site=channel.site,
        reason=Delivery.Reason.TEST,
        recipient=channel.user,
        channel=channel,
        kind=channel.kind,
        severity=LOW,
        facts=facts_of_channel(channel, kind="test", at=now),
        due_at=now,
        locked_until=now + LEASE,
        attempts=1,
        created_at=now,
    )
    send_taken(delivery)
    delivery.refresh_from_db()
    trail.record("channel.tested", by=by, target=channel, details={"outcome": delivery.state})
    return delivery


def add_rule(*, by: User, site: Site, **values: Any) -> Rule:
    """Raises Invalid with what is wrong by field."""
    many = {name: list(values.pop(name)) for name in RULE_SETS if name in values}
    rule = Rule(site=site, **values)
    check_rule(rule, many)
    with transaction.atomic():
        rule.save(force_insert=True)
        _set_many(rule, many)
        trail.record("rule.added", by=by, target=rule, details=_shown(values, many))
    return rule


def change_rule(*, by: User, rule: Rule, **changes: Any) -> Rule:
    """Raises Invalid with what is wrong by field, and NotFound where it was removed meanwhile."""
    many = {name: list(changes.pop(name)) for name in RULE_SETS if name in changes}
    before = {name: getattr(rule, name) for name in changes} | {name: getattr(rule, name).all() for name in many}
    old = _shown({name: before[name] for name in changes}, {name: before[name] for name in many})
    for name, value in changes.items():
        setattr(rule, name, value)
    check_change(rule, many, {*changes, *many})
    new = _shown(changes, many)
    with transaction.atomic():
        _hold(rule)
        if changes:
            rule.save(update_fields=list(changes))
        _set_many(rule, many)
        differing = {name: (old[name], new[name]) for name in new if old[name] != new[name]}
        if differing:
            trail.record("rule.changed", by=by, target=rule, changes=differing)
    return rule


def remove_rule(*, by: User, rule: Rule) -> None:
    """Nobody is told by it any more."""
    with transaction.atomic():
        Rule.objects.filter(pk=rule.pk).delete()
        trail.record("rule.removed", by=by, target=rule)


def _hold(row: Channel | Rule) -> None:
    """Nobody removes it before the transaction ends."""
    if not type(row)._default_manager.select_for_update().filter(pk=row.pk).values_list("pk").first():
        raise NotFound("It was removed a moment ago.")


def change_preference(*, by: User, **changes: Any) -> Preference:
    """One's own wishes. Raises Invalid with what is wrong by field."""
    preference = preference_of(by)
    _set(preference, changes)
    if (preference.quiet_starts is None) != (preference.quiet_ends is None):
        sentence = "Give both times, or neither."
        raise Invalid("Quiet hours begin and end.", fields={"quiet_starts": [sentence], "quiet_ends": [sentence]})
    preference.save()
    return preference


def preference_of(user: User) -> Preference:
    """As stored, or as it is for who has set nothing."""
    return Preference.objects.filter(user=user).first() or Preference(user=user)


def snooze(*, by: User, until: datetime, camera: Camera | None = None, rule: Rule | None = None) -> Snooze:
    """Tell nothing of the camera, or by the rule, until then; a snooze that runs is replaced.

    Raises Invalid unless exactly one is given, and for a time that is past or too far ahead.
    """
    about = camera or rule
    if about is None or (camera and rule):
        raise Invalid("Snooze a camera or a rule.", fields={"camera": ["Give a camera or a rule."]})
    now = timezone.now()
    if not now < until <= now + LONGEST_SNOOZE:
        raise Invalid("A snooze ends.", fields={"minutes": [f"At most {LONGEST_SNOOZE.days} days."]})
    with transaction.atomic():
        Snooze.objects.filter(camera=camera, rule=rule, until__gt=now).delete()
        row = Snooze.objects.create(site_id=about.site_id, camera=camera, rule=rule, until=until, by=by)
        trail.record("snooze.begun", by=by, target=about, details={"until": until.isoformat()})
    return row


def running_snoozes() -> SiteOwnedQuerySet:
    """Those that have not ended."""
    rows: SiteOwnedQuerySet = Snooze.objects.filter(until__gt=timezone.now())
    return rows


def end_snooze(*, by: User, snooze: Snooze) -> None:
    """Tell again."""
    with transaction.atomic():
        Snooze.objects.filter(pk=snooze.pk).delete()
        trail.record("snooze.ended", by=by, target=snooze.camera or snooze.rule)


RULE_SETS = ("cameras", "people", "channels")


def _set(row: models.Model, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        setattr(row, name, value)
    _check(row)


def _check(row: models.Model) -> None:
    try:
        row.clean_fields(exclude=["user", "site", "target"])
    except ValidationError as error:
        raise Invalid("It cannot be set up like this.", fields=error.message_dict) from None


def _set_many(rule: Rule, many: Mapping[str, Iterable[Any]]) -> None:
    for name, rows in many.items():
        getattr(rule, name).set(rows)


def _shown(values: Mapping[str, Any], many: Mapping[str, Iterable[Any]]) -> dict[str, Any]:
    """For the audit trail."""
    plain = {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in values.items()}
    return plain | {name: sorted(str(row.pk) for row in rows) for name, rows in many.items()}
