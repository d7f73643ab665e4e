"""A hundred events a second for a minute: one message and its updates, and nobody falls behind."""

from __future__ import annotations

import time
from collections import Counter
from datetime import timedelta
from uuid import uuid4

import pytest

from cameras.models import Camera
from events.models import Event, EventTransition
from notifications.dispatch import dispatch_all
from notifications.models import Delivery, Notice
from notifications.sender import send_due
from project.accounts.models import User
from tests.notifications.conftest import NOON, Clock
from tests.notifications.scripted_transport import Sink
from tests.notifications.story import channel_of

A_SECOND, SECONDS = 100, 60


def a_second_of_it(camera: Camera, second: int) -> None:
    """As the writer leaves it: a closed event for each hundredth of a second, with the transitions that it made."""
    moments = [NOON + timedelta(seconds=second, milliseconds=10 * part) for part in range(A_SECOND)]
    events = [
        Event(
            id=uuid4(),
            site_id=camera.site_id,
            camera=camera,
            epoch=1,
            severity="medium",
            score=2.0,
            threshold=1.0,
            started_at=moment,
            peak_at=moment,
            ended_at=moment,
            sequence=A_SECOND * second + number,
        )
        for number, moment in enumerate(moments)
    ]
    Event.objects.bulk_create(events)
    EventTransition.objects.bulk_create(
        EventTransition(event=event, sequence=event.sequence, kind=kind, at=event.started_at)
        for event in events
        for kind in ("opened", "closed")
    )


@pytest.mark.django_db
def test_a_storm_is_one_message_and_its_updates(camera: Camera, operator: User, sink: Sink, clock: Clock) -> None:
    channel_of(operator, "email")
    channel_of(operator, "mqtt")
    busy = 0.0
    for second in (*range(SECONDS), *range(SECONDS, 700, 5)):
        clock.at(second)
        if second < SECONDS:
            a_second_of_it(camera, second)
        began = time.perf_counter()
        dispatch_all()
        send_due()
        busy += time.perf_counter() - began
        assert not EventTransition.objects.filter(processed_at=None).exists(), "it keeps up"
    told = Counter((delivery.kind, delivery.reason) for delivery in Delivery.objects.filter(state="sent"))
    assert told == {
        ("in_app", "first"): 1,
        ("in_app", "more"): 1,
        ("mqtt", "first"): 1,
        ("mqtt", "more"): 1,
        ("email", "first"): 1,
        ("email", "more"): 1,
    }
    assert not Delivery.objects.exclude(state="sent").exists()
    notice = Notice.objects.get()
    assert (notice.count, notice.closed_at is not None) == (A_SECOND * SECONDS, True)
    assert [message.facts["count"] for message in sink.messages] == [100, 100, 6000, 6000]
    assert len(set(sink.keys)) == 4
    assert busy < SECONDS / 2, "a storm of a minute takes less than half a minute of one process"
