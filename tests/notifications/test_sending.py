"""What becomes of a message that cannot be delivered, or must not be any more."""

from __future__ import annotations

import itertools
from datetime import timedelta

import pytest
from django.utils import timezone

from cameras.models import Camera
from notifications.backoff import MOST_ATTEMPTS
from notifications.dispatch import dispatch_all
from notifications.models import Attempt, Channel, Delivery, InboxItem
from notifications.sender import send_due
from notifications.transports.protocol import TransportError
from project.accounts.models import Membership, Site, User
from tests.notifications.conftest import Clock
from tests.notifications.scripted_transport import Sink
from tests.notifications.story import Scene, channel_of, pass_on, rule_of


@pytest.fixture
def scene(camera: Camera, clock: Clock) -> Scene:
    return Scene(camera)


def letter() -> Delivery:
    """The one delivery that is not to an inbox, or was to one of a broken channel."""
    return Delivery.objects.get(channel__isnull=False)


def test_what_may_pass_is_tried_again_with_growing_pauses_for_an_hour(
    scene: Scene, operator: User, sink: Sink, clock: Clock
) -> None:
    channel_of(operator, "webhook")
    sink.failures += [TransportError("The server answered 503.") for _ in range(MOST_ATTEMPTS)]
    scene.event(0)
    tried_at = []
    for second in range(0, 4500, 20):
        clock.at(second)
        before = Attempt.objects.filter(delivery__kind="webhook").count()
        pass_on()
        if Attempt.objects.filter(delivery__kind="webhook").count() > before:
            tried_at.append(second)
    assert len(tried_at) == MOST_ATTEMPTS
    assert 2400 < tried_at[-1] - tried_at[0] < 4000
    pauses = [later - earlier for earlier, later in itertools.pairwise(tried_at)]
    assert pauses == sorted(pauses)
    assert (letter().state, letter().error) == ("given_up", "The server answered 503.")
    assert Channel.objects.get().enabled
    assert [attempt.number for attempt in letter().tries.all()] == list(range(1, MOST_ATTEMPTS + 1))


def test_what_got_there_in_the_end_has_the_same_key(scene: Scene, operator: User, sink: Sink, clock: Clock) -> None:
    channel_of(operator, "webhook")
    sink.failures.append(TransportError("The server was busy."))
    scene.event(0)
    pass_on()
    assert (letter().state, letter().attempts) == ("queued", 1)
    clock.at(15)
    pass_on()
    assert (letter().state, letter().attempts, sink.keys) == ("sent", 2, [letter().key])


def test_a_receiver_that_says_when_to_come_back_is_left_alone_until_then(
    scene: Scene, operator: User, sink: Sink, clock: Clock
) -> None:
    channel_of(operator, "webhook")
    sink.failures.append(TransportError("The server answered 429.", retry_after=600))
    scene.event(0)
    pass_on()
    for second, state in ((15, "queued"), (599, "queued"), (730, "sent")):
        clock.at(second)
        pass_on()
        assert letter().state == state


def test_while_a_receiver_is_away_one_message_waits_and_not_a_heap(
    scene: Scene, operator: User, sink: Sink, clock: Clock
) -> None:
    channel_of(operator, "webhook")
    sink.failures += [TransportError("Away.") for _ in range(3)]
    for second in range(0, 300, 15):
        clock.at(second)
        scene.event(second)
        pass_on()
    assert Delivery.objects.filter(kind="webhook", state="queued").count() <= 1
    assert len(sink.messages) <= 4
    assert sink.messages[-1].facts["count"] == int(str(sink.messages[-1].facts["more"])) + 1


def test_of_a_day_without_a_receiver_only_the_last_hour_is_tried_again(
    scene: Scene, operator: User, sink: Sink, clock: Clock
) -> None:
    channel_of(operator, "webhook")
    sink.failures += [TransportError("Away.") for _ in range(10_000)]
    most = 0
    for second in range(0, 24 * 3600, 600):
        clock.at(second)
        scene.event(second)
        pass_on()
        most = max(most, Delivery.objects.filter(state="queued").count())
    assert 1 < most <= 9
    assert Delivery.objects.filter(kind="webhook", state="given_up").count() > 100
    assert InboxItem.objects.count() == 144
    sink.failures.clear()
    clock.at(25 * 3600)
    pass_on()
    assert 1 <= len(sink.messages) <= 9
    assert not Delivery.objects.filter(state="queued").exists()


def test_what_waits_for_an_inbox_is_never_too_old(scene: Scene, operator: User, clock: Clock) -> None:
    scene.event(0)
    dispatch_all()
    clock.at(7200)
    send_due()
    assert InboxItem.objects.count() == 1


def test_a_permanent_error_switches_the_channel_off_and_its_owner_is_told(
    scene: Scene, operator: User, sink: Sink, clock: Clock
) -> None:
    channel = channel_of(operator, "webhook")
    sink.failures.append(TransportError("There is no such address.", permanent=True))
    scene.event(0)
    pass_on()
    channel.refresh_from_db()
    assert (channel.enabled, channel.disabled_reason) == (False, "There is no such address.")
    assert letter().state == "failed"
    told = InboxItem.objects.get(notice=None)
    assert (told.user, told.title) == (operator, "Switched off: Letters")
    assert "There is no such address." in told.body
    clock.at(400)
    scene.event(400)
    pass_on()
    assert Delivery.objects.filter(kind="webhook").count() == 1


def test_the_managers_are_told_of_a_sites_channel(
    scene: Scene, site: Site, operator: User, manager: User, superuser: User, sink: Sink
) -> None:
    rule_of(site, channels=[channel_of(site, "mqtt")])
    sink.failures.append(TransportError("The broker refused the password.", permanent=True))
    scene.event(0)
    pass_on()
    told = InboxItem.objects.filter(notice=None).values_list("user__username", flat=True)
    assert set(told) == {manager.username, superuser.username}


def test_a_mistake_in_a_transport_holds_nobody_else_up(
    scene: Scene, operator: User, manager: User, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    channel_of(operator, "webhook")
    channel_of(manager, "webhook")
    monkeypatch.setattr(sink, "failures", [KeyError("a secret")])
    scene.event(0)
    pass_on()
    assert len(sink.messages) == 1
    assert "a secret" not in "".join(Delivery.objects.values_list("error", flat=True))


@pytest.mark.parametrize("lost", ["membership", "account"])
def test_who_may_not_see_it_any_more_is_told_nothing(
    scene: Scene, operator: User, sink: Sink, clock: Clock, lost: str
) -> None:
    channel_of(operator, "email")
    scene.event(0)
    pass_on()  # the inbox at once, the letter waits two seconds for its picture
    assert Delivery.objects.filter(state="queued").count() == 1
    if lost == "membership":
        Membership.objects.filter(user=operator).delete()
    else:
        User.objects.filter(pk=operator.pk).update(is_active=False)
    clock.at(10)
    pass_on()
    assert not sink.messages
    assert letter().state == "given_up"
    clock.at(20)
    scene.event(20, "critical")
    pass_on()
    assert Delivery.objects.count() == 2, "and nothing more is queued"


def test_the_most_severe_goes_first(site: Site, operator: User, sink: Sink, clock: Clock) -> None:
    channel_of(operator, "webhook")
    for number, severity in enumerate(("medium", "critical", "high")):
        Scene.at(site, f"Camera {number}").event(0, severity)
    pass_on()
    assert [message.severity for message in sink.messages] == ["critical", "high", "medium"]


def test_of_what_is_due_in_one_moment_the_oldest_goes_first(
    scene: Scene, site: Site, operator: User, sink: Sink, clock: Clock
) -> None:
    channel_of(operator, "webhook")
    for second, name in ((9, "Yard"), (3, "Pier")):
        clock.at(second)
        Scene.at(site, name).event(second)
        dispatch_all()
    Delivery.objects.update(due_at=clock.at(20))
    send_due()
    assert [message.facts["camera_name"] for message in sink.messages] == ["Pier", "Yard"]


def test_what_one_worker_holds_no_other_takes_until_its_lease_is_over(
    scene: Scene, operator: User, sink: Sink, clock: Clock
) -> None:
    channel_of(operator, "webhook")
    scene.event(0)
    dispatch_all()
    Delivery.objects.update(locked_until=timezone.now() + timedelta(seconds=60), attempts=1)
    clock.at(59)
    assert send_due() == 0
    clock.at(61)
    assert send_due() == 2


@pytest.mark.parametrize("field", ["locked_until", "due_at"])
def test_after_the_clock_was_set_back_nothing_waits_for_it_to_come_round(
    scene: Scene, operator: User, clock: Clock, field: str
) -> None:
    scene.event(0)
    dispatch_all()
    Delivery.objects.update(**{field: clock.at(0) + timedelta(seconds=60)})
    assert send_due() == 0
    clock.at(-3 * 3600)
    assert send_due() == 1


def test_after_the_clock_was_set_back_what_is_worse_is_tried_again_though_it_seems_older(
    scene: Scene, operator: User, sink: Sink, clock: Clock
) -> None:
    channel_of(operator, "webhook")
    scene.event(0)
    pass_on()
    clock.at(-200)
    sink.failures.append(TransportError("Busy."))
    scene.event(-200, "critical")
    pass_on()
    clock.at(-180)
    pass_on()
    assert [message.severity for message in sink.messages] == ["high", "critical"]


def test_a_channel_that_is_removed_while_a_message_is_under_way_holds_up_no_other(
    scene: Scene, operator: User, manager: User, sink: Sink, clock: Clock
) -> None:
    for user in (operator, manager):
        channel_of(user, "webhook")

    def remove() -> None:
        Channel.objects.filter(deliveries__locked_until__isnull=False).delete()

    sink.takes_time.append(remove)
    scene.event(0)
    pass_on()
    assert len(sink.messages) == 2
    assert Channel.objects.count() == 1
    assert letter().state == "sent"


def test_what_kills_whoever_sends_it_is_given_up(scene: Scene, operator: User, sink: Sink, clock: Clock) -> None:
    channel_of(operator, "webhook")
    scene.event(0)
    dispatch_all()
    Delivery.objects.filter(kind="webhook").update(attempts=MOST_ATTEMPTS)
    pass_on()
    assert (letter().state, sink.messages) == ("given_up", [])
