"""A critical event that nobody takes on goes along the chain; taking it on stops that."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cameras.models import Camera
from events import services
from events.models import Event, EventTransition
from notifications import windows
from notifications.escalation import begin
from notifications.models import Delivery, Escalation, InboxItem, Notice, Rule, Snooze
from notifications.severity import CRITICAL
from notifications.windows import Happening
from project.accounts.models import Membership, Site, User
from tests.notifications.conftest import NOON, Clock
from tests.notifications.scripted_transport import Sink
from tests.notifications.story import Scene, channel_of, pass_on, rule_of


@pytest.fixture
def scene(camera: Camera, site: Site, manager: User, viewer: User, clock: Clock) -> Scene:
    """Operators are told; after 5 minutes managers, after 15 everybody's siren."""
    siren = channel_of(site, "mqtt", name="Siren")
    chain: list[dict[str, Any]] = [
        {"after_minutes": 5, "role": 30},
        {"after_minutes": 15, "people": [viewer.pk], "channels": [str(siren.pk)]},
    ]
    rule_of(site, escalation=chain, role=None, people=[])
    return Scene(camera)


def steps(clock: Clock, *moments: float) -> dict[float, set[str]]:
    """Whom each moment's work told, by name; a channel by its own."""
    told: dict[float, set[str]] = {}
    for moment in moments:
        clock.at(moment)
        before = set(Delivery.objects.values_list("pk", flat=True))
        pass_on()
        rows = Delivery.objects.exclude(pk__in=before).values_list("recipient__username", "channel__name")
        told[moment] = {person or channel for person, channel in rows}
    return told


def test_one_minute_is_not_minutes(scene: Scene, site: Site, operator: User, clock: Clock) -> None:
    rule_of(site, role=None, escalation=[{"after_minutes": 1, "role": 20}])
    scene.event(0, "critical")
    steps(clock, 0, 61)
    assert InboxItem.objects.get(user=operator).body.endswith("It has been waiting for 1 minute.")


def test_it_goes_along_the_chain(scene: Scene, sink: Sink, clock: Clock) -> None:
    scene.event(0, "critical")
    told = steps(clock, 0, 299, 301, 600, 899, 901, 2000)
    assert {at: who for at, who in told.items() if who} == {301: {"mina"}, 901: {"vera", "Siren"}}
    item = InboxItem.objects.get(user__username="mina")
    assert item.title == "Nobody has taken this on: Something unusual at Gate"
    assert "waiting for 5 minutes" in item.body
    assert sink.messages[0].facts["reason"] == "escalation"
    assert Escalation.objects.get().state == "finished"


@pytest.mark.parametrize("decide", [services.acknowledge_event, services.resolve_event, services.dismiss_event])
def test_taking_it_on_stops_it(scene: Scene, operator: User, clock: Clock, decide: Any) -> None:
    event = scene.event(0, "critical")
    pass_on()
    clock.at(302)
    pass_on()
    decide(event_id=event, by=operator)
    assert steps(clock, 901, 2000) == {901: set(), 2000: set()}


def test_what_is_not_critical_does_not_escalate(scene: Scene, clock: Clock) -> None:
    scene.event(0, "high")
    assert not any(steps(clock, 0, 301, 901).values())
    assert not Escalation.objects.exists()


def test_one_that_becomes_critical_does(scene: Scene, clock: Clock) -> None:
    scene.grows(0, "critical")
    assert steps(clock, 1, 301)[301] == {"mina"}


def test_another_one_after_the_first_was_taken_on_has_its_own_time(scene: Scene, operator: User, clock: Clock) -> None:
    first = scene.event(0, "critical")
    pass_on()
    services.acknowledge_event(event_id=first, by=operator)
    clock.at(120)
    scene.event(120, "critical")
    told = steps(clock, 121, 301, 419, 421, 901, 1021)
    assert {at: who for at, who in told.items() if who} == {421: {"mina"}, 1021: {"vera", "Siren"}}


def test_a_chain_that_was_stopped_begins_anew_for_another_event(scene: Scene, operator: User, clock: Clock) -> None:
    first = scene.event(0, "critical")
    pass_on()
    services.acknowledge_event(event_id=first, by=operator)
    clock.at(301)
    pass_on()
    clock.at(303)
    scene.event(302, "critical")
    told = steps(clock, 303, 602, 604)
    assert {at: who for at, who in told.items() if who} == {604: {"mina"}}


def test_another_one_goes_along_the_chain_once_the_first_is_taken_on(
    scene: Scene, operator: User, clock: Clock
) -> None:
    first = scene.event(0, "critical")
    pass_on()
    clock.at(60)
    scene.event(60, "critical")
    told = steps(clock, 60, 301, 361, 901, 2000)
    services.acknowledge_event(event_id=first, by=operator)
    told |= steps(clock, 2001, 2002, 4000)
    assert {at: who for at, who in told.items() if who} == {
        301: {"mina"},
        901: {"vera", "Siren"},
        2001: {"mina"},
        2002: {"vera", "Siren"},
    }


def test_another_one_does_not_wait_for_the_next_step_of_the_first(
    scene: Scene, site: Site, operator: User, clock: Clock
) -> None:
    rule_of(site, escalation=[{"after_minutes": 5, "role": 30}, {"after_minutes": 60, "role": 30}])
    first = scene.event(0, "critical")
    pass_on()
    clock.at(60)
    scene.event(60, "critical")
    assert steps(clock, 60, 301)[301] == {"mina"}
    services.acknowledge_event(event_id=first, by=operator)
    assert steps(clock, 302, 359, 361) == {302: set(), 359: set(), 361: {"mina"}}


def test_a_chain_that_was_finished_begins_anew_for_what_comes_after_it(
    scene: Scene, operator: User, clock: Clock
) -> None:
    first = scene.event(0, "critical")
    scene.event(290, "high")  # the window goes on
    steps(clock, 291, 301, 901)
    services.acknowledge_event(event_id=first, by=operator)
    pass_on()
    clock.at(910)
    scene.event(910, "critical")
    told = steps(clock, 910, 1209, 1211, 1811)
    assert {at: who for at, who in told.items() if who} == {1211: {"mina"}, 1811: {"vera", "Siren"}}


@pytest.mark.parametrize("resolved_at", [100, 902])
def test_one_that_is_opened_again_goes_along_the_chain_from_then_on(
    scene: Scene, operator: User, clock: Clock, resolved_at: float
) -> None:
    event = scene.event(0, "critical")
    steps(clock, 0, 301 if resolved_at > 301 else 1, 901 if resolved_at > 901 else 2)
    clock.at(resolved_at)
    services.resolve_event(event_id=event, by=operator)
    assert steps(clock, resolved_at + 1) == {resolved_at + 1: set()}
    clock.at(2000)
    services.reopen_event(event_id=event, by=operator)
    told = steps(clock, 2000, 2299, 2301, 2899, 2901, 5000)
    assert {at: who for at, who in told.items() if who} == {2301: {"mina"}, 2901: {"vera", "Siren"}}


def test_one_that_is_resolved_and_opened_again_in_one_moment_begins_anew(
    scene: Scene, operator: User, clock: Clock
) -> None:
    event = scene.event(0, "critical")
    steps(clock, 0, 301)
    services.resolve_event(event_id=event, by=operator)
    services.reopen_event(event_id=event, by=operator)
    told = steps(clock, 302, 600, 602)
    assert {at: who for at, who in told.items() if who} == {602: {"mina"}}


def test_one_that_turns_out_to_have_begun_earlier_still_does(scene: Scene, clock: Clock) -> None:
    scene.event(0, "critical")
    pass_on()
    scene.seen_earlier(-3, "critical")
    assert Event.objects.get().started_at < NOON
    assert steps(clock, 1, 301)[301] == {"mina"}


def test_many_that_nobody_takes_on_are_one_message_a_step(scene: Scene, clock: Clock) -> None:
    for number in range(30):
        scene.event(number / 10, "critical")
    told = steps(clock, 3, 304, 905)
    assert [len(who) for who in told.values()] == [0, 1, 2]


def test_who_left_is_not_told(scene: Scene, manager: User, clock: Clock) -> None:
    scene.event(0, "critical")
    pass_on()
    Membership.objects.filter(user=manager).delete()
    assert steps(clock, 301) == {301: set()}


@pytest.mark.parametrize("snoozed", ["camera", "rule"])
def test_while_its_camera_or_its_rule_is_snoozed_a_step_waits(
    scene: Scene, site: Site, clock: Clock, snoozed: str
) -> None:
    scene.event(0, "critical")
    pass_on()
    about = {"camera": scene.camera} if snoozed == "camera" else {"rule": Rule.objects.get()}
    Snooze.objects.create(site=site, until=NOON + timedelta(seconds=700), **about)
    told = steps(clock, 301, 699, 800, 901)
    assert {at: who for at, who in told.items() if who} == {800: {"mina"}, 901: {"vera", "Siren"}}


def test_one_that_is_removed_while_it_is_counted_begins_no_chain_and_stops_nothing(
    scene: Scene, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted_in = windows.count_in

    def count_in(happening: Happening, now: datetime) -> Any:
        Event.objects.filter(pk=happening.event_id).delete()
        return counted_in(happening, now)

    monkeypatch.setattr(windows, "count_in", count_in)
    scene.event(0, "critical")
    pass_on()
    assert not Escalation.objects.exists()
    assert not EventTransition.objects.filter(processed_at=None).exists()


def test_several_chains_of_one_event_are_begun_with_one_look_at_it(scene: Scene, site: Site, clock: Clock) -> None:
    event = scene.event(0, "critical")
    pass_on()
    Escalation.objects.all().delete()
    first = Rule.objects.get()
    values = {"site": site, "severity_floor": 0, "escalation": first.escalation}
    rules = [first, *(Rule.objects.create(name=f"Rule {number}", **values) for number in range(2))]
    happening = Happening(scene.camera, "unusual", CRITICAL, event, 1, NOON, NOON)
    notice = Notice.objects.get()
    with CaptureQueriesContext(connection) as queries:
        begin(notice, rules, happening, NOON)
    assert sum('FROM "events_' in query["sql"] for query in queries) == 2, "the event, and whether it was reopened"
    assert Escalation.objects.count() == len(rules)
