"""What a rule may say. People and channels of other places do not exist here."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError

from notifications.models import Channel, Rule
from project.accounts.models import Membership, Role, Site, User
from project.errors import Invalid

MOST_STEPS, LONGEST_MINUTES = 10, 7 * 24 * 60
MOST_NAMED = 200
"""Cameras, people, channels or holidays that one rule names."""
TOO_MANY = f"Name at most {MOST_NAMED}; none means all."
_CATEGORY = re.compile(r"[a-z][a-z0-9_]{0,39}")


def check_change(rule: Rule, many: Mapping[str, Iterable[Any]], names: Collection[str]) -> None:
    """Raises Invalid with what is wrong in the changed fields: what was right once, before people left, may stay."""
    try:
        check_rule(rule, many)
    except Invalid as refusal:
        changed = {*names, *({"ends"} if "starts" in names else ())}
        if fields := {name: sentences for name, sentences in refusal.fields.items() if name in changed}:
            raise Invalid(refusal.message, fields=fields) from None


def check_rule(rule: Rule, many: Mapping[str, Iterable[Any]]) -> None:
    """Raises Invalid with what is wrong by field. `many`: the cameras, people and channels that it is to have."""
    wrong: dict[str, list[str]] = {}
    try:
        rule.clean_fields(exclude=["site"])
    except ValidationError as error:
        wrong |= error.message_dict
    if (rule.starts is None) != (rule.ends is None):
        wrong["ends"] = ["Give both times, or neither."]
    if not _is_list_of(rule.weekdays, lambda day: type(day) is int and 0 <= day <= 6, 7):
        wrong["weekdays"] = ["Give numbers from 0 for Monday to 6."]
    if not _is_list_of(rule.categories, lambda name: isinstance(name, str) and bool(_CATEGORY.fullmatch(name)), 50):
        wrong["categories"] = ["Give names of categories, such as unusual, view or offline."]
    if not _is_list_of(rule.holidays, _is_date, MOST_NAMED):
        wrong["holidays"] = ["Give dates, such as 2026-12-25."]
    if any(camera.site_id != rule.site_id for camera in many.get("cameras", ())):
        wrong["cameras"] = ["There is no such camera in this site."]
    if any(channel.site_id != rule.site_id for channel in many.get("channels", ())):
        wrong["channels"] = ["There is no such channel in this site."]
    if not _are_members([user.pk for user in many.get("people", ())], rule.site):
        wrong["people"] = ["Only members of this site can be told."]
    wrong |= {name: [TOO_MANY] for name, rows in many.items() if len(list(rows)) > MOST_NAMED}
    if problem := _problem_of_chain(rule.escalation, rule.site):
        wrong["escalation"] = [problem]
    if wrong:
        raise Invalid("The rule cannot be so.", fields=wrong)


def _problem_of_chain(chain: object, site: Site) -> str:
    """Why nobody could go along this chain; empty where one can."""
    if not isinstance(chain, list) or len(chain) > MOST_STEPS:
        return f"Give a list of at most {MOST_STEPS} steps."
    before = 0
    for number, step in enumerate(chain, start=1):
        if not isinstance(step, dict) or not {"after_minutes"} <= step.keys() <= _STEP_KEYS:
            return f"Step {number}: give after_minutes, and role, people or channels."
        minutes, role = step["after_minutes"], step.get("role")
        if type(minutes) is not int or not before < minutes <= LONGEST_MINUTES:
            return f"Step {number}: after_minutes must be more than in the step before, and at most a week."
        if role is not None and role not in Role.values:
            return f"Step {number}: there is no such role."
        if not _are_members(step.get("people", []), site):
            return f"Step {number}: only members of this site can be told."
        if not _are_channels(step.get("channels", []), site):
            return f"Step {number}: there is no such channel in this site."
        if role is None and not step.get("people") and not step.get("channels"):
            return f"Step {number}: say who is to be told."
        before = minutes
    return ""


_STEP_KEYS = {"after_minutes", "role", "people", "channels"}


def _are_members(ids: object, site: Site) -> bool:
    """Superusers see every site; others must have a role in it."""
    if not _is_list_of(ids, lambda pk: type(pk) is int and 0 < pk < 2**63, 200):
        return False
    wanted: set[int] = set(ids)  # type: ignore[call-overload]
    members = set(Membership.objects.filter(site=site, user__in=wanted).values_list("user_id", flat=True))
    others = User.objects.filter(pk__in=wanted - members, is_superuser=True)
    return len(wanted) == len(members) + others.count()


def _are_channels(ids: object, site: Site) -> bool:
    if not _is_list_of(ids, _is_uuid, 50):
        return False
    wanted = {UUID(pk) for pk in ids}  # type: ignore[attr-defined]
    return Channel.objects.filter(site=site, pk__in=wanted).count() == len(wanted)


def _is_list_of(value: object, allowed: Any, most: int) -> bool:
    return isinstance(value, list) and len(value) <= most and all(allowed(item) for item in value)


def _is_date(text: object) -> bool:
    try:
        return isinstance(text, str) and len(text) == 10 and bool(date.fromisoformat(text))
    except ValueError:
        return False


def _is_uuid(text: object) -> bool:
    try:
        return isinstance(text, str) and str(UUID(text)) == text
    except ValueError:
        return False
