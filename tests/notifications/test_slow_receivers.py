"""A receiver that takes its time holds up nobody else."""

from __future__ import annotations

from threading import Event
from types import SimpleNamespace
from typing import Any

import pytest
from celery.signals import worker_shutting_down
from django.db import OperationalError
from django.db.backends.signals import connection_created

from notifications import composing, outcomes, sender, tasks, turns
from notifications.dispatch import dispatch_all
from notifications.models import Channel, Delivery, InboxItem
from notifications.sender import send_at_once, send_to_inboxes
from project.accounts.models import Role, Site
from tests.factories import make_member, make_site
from tests.notifications.conftest import NOON, Clock
from tests.notifications.scripted_transport import Sink
from tests.notifications.story import Scene, channel_of

pytestmark = pytest.mark.usefixtures("shared_database")


@pytest.fixture
def quay() -> Site:
    site = make_site(name="Quay")
    channel_of(make_member(site=site, role=Role.OPERATOR), "webhook")
    return site


def test_what_comes_while_one_is_sent_goes_out_before_that_has_got_there(quay: Site, sink: Sink) -> None:
    others_arrived = Event()

    def slow() -> None:
        Scene.at(quay, "Yard").event(0, "critical")
        dispatch_all(now=NOON)
        assert others_arrived.wait(20)

    sink.takes_time += [slow, others_arrived.set]
    Scene.at(quay, "Gate").event(0)
    dispatch_all(now=NOON)
    assert send_at_once(threads=2, clock=lambda: NOON) == 4
    assert [message.facts["camera_name"] for message in sink.messages] == ["Yard", "Gate"]
    assert set(Delivery.objects.values_list("state", flat=True)) == {"sent"}


def test_more_of_a_notice_that_is_under_way_keeps_no_other_from_a_quick_receiver(
    quay: Site, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "QUICK", 60.0)
    gate, yard_arrived = Scene.at(quay, "Gate"), Event()
    Scene.at(quay, "Pier").event(0)
    dispatch_all(now=NOON)
    send_at_once(threads=4, clock=lambda: NOON)  # now it is known to be quick

    def slow() -> None:
        gate.event(1, "critical")
        Scene.at(quay, "Yard").event(1)
        dispatch_all(now=NOON)
        assert yard_arrived.wait(20)

    sink.takes_time += [slow, yard_arrived.set]
    gate.event(0)
    dispatch_all(now=NOON)
    send_at_once(threads=4, clock=lambda: NOON)
    assert [message.facts["camera_name"] for message in sink.messages] == ["Pier", "Yard", "Gate", "Gate"]


def test_a_look_takes_few_queries_however_many_receivers_have_no_turn(
    quay: Site, monkeypatch: pytest.MonkeyPatch, django_assert_max_num_queries: Any
) -> None:
    owner = make_member(site=quay, role=Role.OPERATOR)
    for _ in range(120):
        channel_of(owner, "webhook")
    Scene.at(quay, "Gate").event(0)
    dispatch_all(now=NOON)
    send_to_inboxes(clock=lambda: NOON)
    monkeypatch.setattr(sender.turns, "begin", lambda *_, **__: False)
    with django_assert_max_num_queries(4):
        assert send_at_once(threads=4, clock=lambda: NOON) == 0


def test_inboxes_wait_for_no_channel(quay: Site, sink: Sink, clock: Clock) -> None:
    seen = []

    def slow() -> None:
        Scene.at(quay, "Yard").event(0)
        tasks.dispatch()
        seen.append((InboxItem.objects.filter(title__endswith="at Yard").exists(), len(sink.messages)))

    sink.takes_time += [slow]
    Scene.at(quay, "Gate").event(0)
    tasks.dispatch()
    assert seen == [(True, 0)]
    assert len(sink.messages) == 2


def test_a_worker_that_is_asked_to_end_begins_no_other_message(
    quay: Site, sink: Sink, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "_stopping", Event())
    sink.takes_time += [lambda: worker_shutting_down.send(sender=None, sig="SIGTERM", how="Warm", exitcode=0)]
    for name in ("Gate", "Yard"):
        Scene.at(quay, name).event(0)
    tasks.dispatch()
    assert len(sink.messages) == 1
    assert sorted(Delivery.objects.filter(kind="webhook").values_list("state", flat=True)) == ["queued", "sent"]


def test_a_database_that_fails_at_the_wrong_moment_leaves_no_receiver_without_its_turn(
    quay: Site, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> bool:
        raise OperationalError("the connection is gone")

    Scene.at(quay, "Gate").event(0)
    dispatch_all(now=NOON)
    with monkeypatch.context() as away:
        away.setattr(sender, "_take", fail)
        with pytest.raises(OperationalError):
            send_at_once(threads=2, clock=lambda: NOON)
    assert send_at_once(threads=2, clock=lambda: NOON) == 2
    assert len(sink.messages) == 1


def test_each_thread_has_one_connection_and_none_is_left_open(quay: Site, sink: Sink) -> None:
    opened: list[Any] = []

    def note(connection: Any, **_: Any) -> None:
        opened.append(connection)

    for number in range(12):
        Scene.at(quay, f"Camera {number}").event(0)
    dispatch_all(now=NOON)
    connection_created.connect(note)
    try:
        assert send_at_once(threads=3, clock=lambda: NOON) == 24
    finally:
        connection_created.disconnect(note)
    assert 1 <= len(opened) <= 3
    assert [each.connection for each in opened] == [None] * len(opened)


def test_a_slow_database_makes_no_receiver_slow(quay: Site, sink: Sink, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]

    def slow(function: Any) -> Any:
        def wait(*arguments: Any) -> Any:
            now[0] += 60
            return function(*arguments)

        return wait

    monkeypatch.setattr(sender, "time", SimpleNamespace(monotonic=lambda: now[0]))
    monkeypatch.setattr(sender, "turns", turns.Turns(lambda: now[0]))
    monkeypatch.setattr(sender, "compose", slow(composing.compose))
    monkeypatch.setattr(outcomes, "note", slow(outcomes.note))
    Scene.at(quay, "Gate").event(0)
    dispatch_all(now=NOON)
    send_at_once(threads=2, clock=lambda: NOON)
    to_gate = [Delivery(channel=Channel.objects.get()) for _ in range(2)]
    assert all(sender.turns.begin(each, threads=16) for each in to_gate), "it is quick"
