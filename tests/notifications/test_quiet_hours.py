"""Quiet hours are of the person, in the person's time zone; what is critical may break them."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from cameras.models import Camera
from notifications.models import Delivery, InboxItem, Preference, Snooze
from notifications.schedule import Schedule, Span
from notifications.transports.protocol import TransportError
from project.accounts.models import Site, User
from tests.notifications.conftest import NOON, Clock
from tests.notifications.scripted_transport import Sink
from tests.notifications.story import Scene, channel_of, pass_on

NIGHT = Span(time(22), time(6))
BERLIN, SEOUL = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Seoul")


@pytest.mark.parametrize(
    ("utc", "quiet"),
    [
        # Berlin, clocks forward on 29 March 2026: 02:00 becomes 03:00, and 06:00 is 04:00 UTC instead of 05:00.
        (datetime(2026, 3, 28, 4, 59, tzinfo=UTC), True),
        (datetime(2026, 3, 28, 5, 0, tzinfo=UTC), False),
        (datetime(2026, 3, 29, 3, 59, tzinfo=UTC), True),
        (datetime(2026, 3, 29, 4, 0, tzinfo=UTC), False),
        (datetime(2026, 3, 29, 20, 0, tzinfo=UTC), True),
        (datetime(2026, 3, 28, 20, 59, tzinfo=UTC), False),
        # And back on 25 October: 03:00 becomes 02:00, so the night is nine hours long.
        (datetime(2026, 10, 24, 20, 0, tzinfo=UTC), True),
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), True),
        (datetime(2026, 10, 25, 4, 59, tzinfo=UTC), True),
        (datetime(2026, 10, 25, 5, 0, tzinfo=UTC), False),
    ],
)
def test_local_clocks_decide_also_when_they_change(utc: datetime, quiet: bool) -> None:
    assert Schedule(BERLIN, NIGHT).holds(utc) is quiet


def set_quiet(user: User, **values: Any) -> None:
    night = {"quiet_starts": time(22), "quiet_ends": time(6), "time_zone": "Asia/Seoul"}
    Preference.objects.create(user=user, **(night | values))


@pytest.fixture
def scene(camera: Camera, clock: Clock) -> Scene:
    return Scene(camera)


def told_loudly(scene: Scene, sink: Sink, clock: Clock, at: float, severity: str = "high") -> bool:
    """Whether something that happens then comes over the channel."""
    clock.at(at)
    scene.event(at, severity)
    pass_on()
    return bool(sink.messages)


def test_at_night_in_seoul_nothing_comes_but_the_inbox_has_it(
    scene: Scene, operator: User, sink: Sink, clock: Clock
) -> None:
    channel_of(operator, "webhook")
    set_quiet(operator)
    assert not told_loudly(scene, sink, clock, 3600 + 60)  # 13:01 UTC is 22:01 in Seoul
    assert InboxItem.objects.count() == 1
    held = Delivery.objects.get(kind="webhook")
    assert held.state == "held"


def test_before_the_night_begins_it_comes(scene: Scene, operator: User, sink: Sink, clock: Clock) -> None:
    channel_of(operator, "webhook")
    set_quiet(operator)
    assert told_loudly(scene, sink, clock, 3600 - 60)


def test_where_nobody_said_which_zone_it_is_the_sites(
    scene: Scene, site: Site, operator: User, sink: Sink, clock: Clock
) -> None:
    channel_of(operator, "webhook")
    set_quiet(operator, time_zone="")
    site.time_zone = "America/New_York"
    site.save()
    assert told_loudly(scene, sink, clock, 3600 + 60)


def test_what_is_critical_breaks_them_unless_that_is_not_wanted(
    scene: Scene, operator: User, manager: User, sink: Sink, clock: Clock
) -> None:
    channel_of(operator, "webhook")
    channel_of(manager, "webhook", name="Manager")
    set_quiet(operator)
    set_quiet(manager, critical_breaks_quiet=False)
    assert told_loudly(scene, sink, clock, 3600 + 60, "critical")
    sent = Delivery.objects.filter(kind="webhook").values_list("recipient__username", "state")
    assert dict(sent) == {operator.username: "sent", manager.username: "held"}


def test_only_on_the_chosen_weekdays(scene: Scene, operator: User, sink: Sink, clock: Clock) -> None:
    channel_of(operator, "webhook")
    assert NOON.astimezone(SEOUL).weekday() == 6
    set_quiet(operator, quiet_weekdays=[0, 1, 2, 3, 4])
    assert told_loudly(scene, sink, clock, 3600 + 60)


def test_when_they_are_over_the_count_comes(scene: Scene, operator: User, sink: Sink, clock: Clock) -> None:
    channel_of(operator, "webhook")
    set_quiet(operator, quiet_ends=time(22, 2))
    assert not told_loudly(scene, sink, clock, 3600 + 60)
    clock.at(3600 + 110)
    scene.event(3600 + 110)
    pass_on()
    clock.at(3600 + 125)
    pass_on()
    assert sink.messages[0].facts["count"] == 2


@pytest.mark.parametrize(("severity", "state"), [("high", "held"), ("critical", "sent")])
def test_what_could_not_be_sent_before_they_began_is_held_then(
    scene: Scene, operator: User, sink: Sink, clock: Clock, severity: str, state: str
) -> None:
    channel_of(operator, "webhook")
    set_quiet(operator)
    sink.failures.append(TransportError("Away.", retry_after=120))
    assert not told_loudly(scene, sink, clock, 3600 - 60, severity)
    clock.at(3600 + 120)
    pass_on()
    assert Delivery.objects.get(kind="webhook").state == state


def test_what_could_not_be_sent_before_its_camera_was_snoozed_is_given_up(
    scene: Scene, site: Site, operator: User, sink: Sink, clock: Clock
) -> None:
    channel_of(operator, "webhook")
    sink.failures.append(TransportError("Away."))
    assert not told_loudly(scene, sink, clock, 0, "critical")
    Snooze.objects.create(site=site, camera=scene.camera, until=NOON + timedelta(hours=1))
    clock.at(20)
    pass_on()
    waiting = Delivery.objects.get(kind="webhook")
    assert (waiting.state, waiting.error, sink.messages) == ("given_up", "The camera is snoozed.", [])


def test_a_person_can_ask_for_the_worst_only(scene: Scene, operator: User, sink: Sink, clock: Clock) -> None:
    channel_of(operator, "webhook", severity_floor=3)
    channel_of(operator, "mqtt")
    Preference.objects.create(user=operator, severity_floor=2)
    scene.event(0, "medium")
    pass_on()
    assert not Delivery.objects.exists()
    clock.at(1)
    scene.event(1, "high")
    pass_on()
    assert set(Delivery.objects.values_list("kind", flat=True)) == {"in_app", "mqtt"}
