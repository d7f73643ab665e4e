"""What a rule narrows: cameras, severities, categories, hours, weekdays, holidays; and whom it tells."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest

from cameras.models import Camera
from notifications.first_rule import FIRST_RULE, ensure_first_rule
from notifications.models import Delivery, InboxItem, Rule, Snooze
from project.accounts.models import Membership, Role, Site, User
from tests.notifications.conftest import Clock
from tests.notifications.scripted_transport import Sink
from tests.notifications.story import Scene, channel_of, pass_on, rule_of

SUNDAY = 6
"""The weekday of the clock's NOON, 1 November 2026."""


@pytest.fixture
def scene(camera: Camera, clock: Clock) -> Scene:
    return Scene(camera)


def is_told(scene: Scene, **event: Any) -> bool:
    scene.event(0, **event)
    pass_on()
    return InboxItem.objects.exists()


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ({}, True),
        ({"enabled": False}, False),
        ({"severity_floor": 2}, True),
        ({"severity_floor": 3}, False),
        ({"categories": ["unusual", "view"]}, True),
        ({"categories": ["offline"]}, False),
        ({"weekdays": [SUNDAY]}, True),
        ({"weekdays": [0, 5]}, False),
        ({"starts": time(11), "ends": time(13)}, True),
        ({"starts": time(13), "ends": time(11)}, False),
        ({"starts": time(12), "ends": time(12)}, True),
        ({"starts": time(22), "ends": time(12)}, False),
        ({"starts": time(22), "ends": time(12, 1), "weekdays": [5]}, True),  # Saturday's night lasts until Sunday noon
        ({"starts": time(22), "ends": time(12, 1), "weekdays": [SUNDAY]}, False),
        ({"holidays": ["2026-11-01"], "on_holidays": "never"}, False),
        ({"holidays": ["2026-11-02"], "on_holidays": "never"}, True),
        ({"holidays": ["2026-11-01"], "on_holidays": "all_day", "starts": time(1), "ends": time(2)}, True),
        ({"holidays": ["2026-11-01"], "on_holidays": "only", "weekdays": [0]}, True),
        ({"holidays": ["2026-11-02"], "on_holidays": "only"}, False),
        ({"holidays": ["2026-11-01"], "on_holidays": "only", "starts": time(13), "ends": time(14)}, False),
        ({"role": Role.MANAGER}, False),
        ({"role": Role.VIEWER}, True),
        ({"role": None}, False),
    ],
)  # fmt: skip
def test_all_that_a_rule_narrows_must_hold(
    scene: Scene, site: Site, operator: User, rule: dict[str, Any], told: bool
) -> None:
    rule_of(site, **rule)
    assert is_told(scene) is told


def test_hours_and_days_are_of_the_sites_time_zone(scene: Scene, site: Site, operator: User) -> None:
    site.time_zone = "Pacific/Auckland"  # it is Monday, 01:00 there
    site.save()
    rule_of(site, weekdays=[0], starts=time(0), ends=time(2))
    assert is_told(scene)


def test_a_rule_may_be_of_some_cameras(scene: Scene, site: Site, operator: User) -> None:
    rule_of(site, cameras=[Scene.at(site, "Yard").camera])
    assert not is_told(scene)


def test_somebody_whom_two_rules_name_is_told_once(scene: Scene, site: Site, operator: User, sink: Sink) -> None:
    channel_of(operator, "webhook")
    rule_of(site, people=[operator])
    Rule.objects.create(site=site, name="Another", severity_floor=0, role=Role.VIEWER)
    assert is_told(scene)
    assert (InboxItem.objects.count(), len(sink.messages)) == (1, 1)


def test_who_is_named_but_no_member_is_not_told(scene: Scene, site: Site, stranger: User, viewer: User) -> None:
    rule_of(site, role=None, people=[stranger, viewer])
    assert is_told(scene)
    assert InboxItem.objects.get().user == viewer


def test_superusers_are_told_like_managers(scene: Scene, superuser: User) -> None:
    assert is_told(scene)


def test_a_sites_channel_is_told_in_its_language(scene: Scene, site: Site, sink: Sink) -> None:
    rule_of(site, role=None, channels=[channel_of(site, "mqtt", language="ko")])
    scene.event(0)
    pass_on()
    assert sink.titles == ["높음: Gate – 평소와 다른 일"]


def test_the_first_rule_comes_once_and_stays_away_when_it_was_removed(scene: Scene, site: Site, operator: User) -> None:
    ensure_first_rule(site_id=site.pk)
    assert Rule.objects.get().name == FIRST_RULE
    Rule.objects.all().delete()
    assert not is_told(scene)
    assert not Rule.objects.exists()


@pytest.mark.parametrize("what", ["camera", "rule"])
def test_what_is_snoozed_is_not_told_until_then(
    scene: Scene, site: Site, operator: User, clock: Clock, what: str
) -> None:
    rule = rule_of(site)
    about: dict[str, Any] = {"camera": scene.camera} if what == "camera" else {"rule": rule}
    Snooze.objects.create(site=site, until=datetime(2026, 11, 1, 13, tzinfo=UTC), by=operator, **about)
    assert not is_told(scene, severity="critical")
    assert not Delivery.objects.exists()
    clock.at(3601)
    scene.event(3601)
    pass_on()
    clock.at(3662)
    pass_on()
    assert InboxItem.objects.exists()


def test_a_member_of_later_is_told_of_what_comes_later(scene: Scene, site: Site, stranger: User, clock: Clock) -> None:
    assert not is_told(scene)
    Membership.objects.create(user=stranger, site=site, role=Role.OPERATOR)
    clock.set(clock.at(0) + timedelta(minutes=10))
    scene.event(600)
    pass_on()
    clock.at(661)
    pass_on()
    assert InboxItem.objects.get().user == stranger
