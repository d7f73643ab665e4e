"""Several control workers at once: threads with connections of their own against one database."""

from __future__ import annotations

from collections import Counter
from functools import partial

import pytest

from cameras.models import Camera
from events.models import EventTransition
from notifications.dispatch import dispatch, dispatch_all
from notifications.models import Attempt, Delivery, InboxItem, Notice
from notifications.sender import send_at_once, send_due
from project.accounts.models import Role, Site
from tests.factories import make_camera, make_member, make_site
from tests.notifications.conftest import NOON
from tests.notifications.scripted_transport import Sink
from tests.notifications.story import Scene, channel_of
from tests.support.together import together

send_at_noon = partial(send_due, clock=lambda: NOON)

pytestmark = pytest.mark.usefixtures("shared_database")


@pytest.fixture
def quay() -> Site:
    return make_site(name="Quay")


@pytest.fixture
def pier(quay: Site) -> Camera:
    return make_camera(site=quay, name="Pier")


def test_two_workers_at_once_make_one_notice_and_one_message(quay: Site, pier: Camera, sink: Sink) -> None:
    channel_of(make_member(site=quay, role=Role.OPERATOR), "webhook")
    scene = Scene(pier)
    for second in range(40):
        scene.event(second)
    together(*(partial(dispatch, now=NOON, limit=7) for _ in range(4)))
    together(*[partial(dispatch_all, now=NOON)] * 4)
    together(*[send_at_noon] * 4)
    assert Notice.objects.get().count == 40
    assert not EventTransition.objects.filter(processed_at=None).exists()
    assert Counter(Delivery.objects.values_list("kind", "state")) == {("in_app", "sent"): 1, ("webhook", "sent"): 1}
    assert len(sink.messages) == 1


def test_many_messages_and_many_senders_are_each_sent_once(quay: Site, sink: Sink) -> None:
    channel_of(make_member(site=quay, role=Role.OPERATOR), "webhook")
    for number in range(30):
        Scene.at(quay, f"Camera {number}").event(0)
    together(*[partial(dispatch_all, now=NOON)] * 3)
    together(*[send_at_noon] * 4)
    assert len(sink.messages) == len(set(sink.keys)) == 30
    assert InboxItem.objects.count() == 30
    assert set(Attempt.objects.values_list("number", flat=True)) == {1}


def test_a_pool_of_threads_sends_all(quay: Site, sink: Sink) -> None:
    channel_of(make_member(site=quay, role=Role.OPERATOR), "webhook")
    for number in range(20):
        Scene.at(quay, f"Camera {number}").event(0)
    dispatch_all(now=NOON)
    assert send_at_once(threads=4, clock=lambda: NOON) == 40
    assert len(set(sink.keys)) == 20
