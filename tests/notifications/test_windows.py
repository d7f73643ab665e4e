"""One message per camera and category in five minutes, which counts; what is worse breaks through."""

from __future__ import annotations

import pytest

from cameras.models import Camera
from events.models import EventTransition
from notifications.models import Delivery, InboxItem, Notice
from project.accounts.models import Site, User
from tests.notifications.conftest import Clock
from tests.notifications.scripted_transport import Sink
from tests.notifications.story import Scene, channel_of, pass_on


@pytest.fixture
def scene(camera: Camera) -> Scene:
    return Scene(camera)


def test_the_first_event_is_told_at_once_by_the_rule_that_every_site_begins_with(
    scene: Scene, operator: User, viewer: User, stranger: User, clock: Clock
) -> None:
    event = scene.event(0)
    pass_on()
    item = InboxItem.objects.get()
    assert (item.user, item.title, item.link) == (operator, "High: Something unusual at Gate", f"/events/{event}")
    assert item.body == "Harbour, 2026-11-01 12:00:00 (UTC)"
    assert not EventTransition.objects.filter(processed_at=None).exists()


def test_what_follows_within_the_window_is_counted(scene: Scene, operator: User, sink: Sink, clock: Clock) -> None:
    channel_of(operator)
    scene.event(0)
    pass_on()
    clock.at(2)
    pass_on()
    for second in range(10, 17):
        clock.at(second)
        scene.event(second)
        pass_on()
    assert len(sink.messages) == 1
    clock.at(61)
    pass_on()
    assert InboxItem.objects.get().body.endswith("7 more since 12:00")
    assert len(sink.messages) == 1, "letters pile up, so they wait for the end of the window"
    clock.at(303)
    pass_on()
    assert sink.messages[1].body.endswith("7 more since 12:00")
    assert sink.messages[1].facts["more"] == 7
    clock.at(900)
    pass_on()
    assert len(sink.messages) == 2
    assert Notice.objects.get().closed_at is not None


def test_two_events_a_second_apart_at_the_edge_of_a_window_are_not_two_messages(
    scene: Scene, operator: User, sink: Sink, clock: Clock
) -> None:
    channel_of(operator)
    told_at = {}
    moments = [0.0, 299.0, 301.0, 302.0]
    for second in sorted({*moments, *range(0, 1000, 5)}):
        clock.at(second)
        if second in moments:
            scene.event(second)
        before = len(sink.messages)
        pass_on()
        if len(sink.messages) > before:
            told_at[second] = sink.messages[-1].facts["count"]
    assert list(told_at.values()) == [1, 2, 4]
    gaps = [later - earlier for earlier, later in zip(told_at, list(told_at)[1:], strict=False)]
    assert min(gaps) >= 295


def test_what_is_worse_breaks_through_at_once_and_once(scene: Scene, operator: User, sink: Sink, clock: Clock) -> None:
    channel_of(operator)
    scene.event(0, "medium")
    pass_on()
    clock.at(5)
    pass_on()
    clock.at(10)
    scene.event(10, "critical")
    pass_on()
    clock.at(12)
    scene.event(11, "critical")
    pass_on()
    assert [message.severity for message in sink.messages] == ["medium", "critical"]
    assert "worse" in sink.messages[1].body


def test_an_event_that_becomes_worse_breaks_through_too(scene: Scene, operator: User, clock: Clock) -> None:
    event = scene.grows(0, "critical")
    assert not InboxItem.objects.exists(), "the first rule begins at medium"
    pass_on()
    assert InboxItem.objects.get().link == f"/events/{event}"
    assert Notice.objects.get().count == 1


def test_another_category_and_another_camera_have_windows_of_their_own(
    scene: Scene, site: Site, operator: User, clock: Clock
) -> None:
    scene.event(0)
    scene.event(1, category="view")
    Scene.at(site, "Yard").event(1)
    pass_on()
    assert InboxItem.objects.count() == 3


def test_what_somebody_took_on_before_it_could_be_told_needs_no_message(
    scene: Scene, operator: User, clock: Clock
) -> None:
    from events.services import acknowledge_event

    acknowledge_event(event_id=scene.event(0), by=operator)
    pass_on()
    assert not Delivery.objects.exists()


def test_after_a_quiet_window_the_next_event_is_told_anew(
    scene: Scene, operator: User, sink: Sink, clock: Clock
) -> None:
    channel_of(operator)
    scene.event(0)
    pass_on()
    clock.at(3)
    pass_on()
    clock.at(301)
    scene.event(301)
    pass_on()
    clock.at(304)
    pass_on()
    assert [message.facts["count"] for message in sink.messages] == [1, 1]
    assert InboxItem.objects.count() == 2


def test_after_the_clock_was_set_back_nobody_waits_for_it_to_come_round(
    scene: Scene, operator: User, sink: Sink, clock: Clock
) -> None:
    channel_of(operator, "webhook")
    scene.event(0)
    pass_on()
    scene.event(1)
    pass_on()
    clock.at(-3000)
    pass_on()
    assert sink.messages[-1].facts["count"] == 2
    clock.at(-5400)
    scene.event(-3500)
    pass_on()
    assert [message.facts["reason"] for message in sink.messages] == ["first", "more", "first"]
