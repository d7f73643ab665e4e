"""What people do with an event, and what time does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from cameras.leases import DatabaseNow
from cameras.models import Camera, Lease
from events import services
from events.models import Event
from events.services import close_abandoned, open_event_of, write_records
from project.accounts.models import User
from project.errors import Conflict, Invalid
from tests.events.worker import Told
from tests.factories import make_event

DECISIONS: dict[str, Callable[..., Event]] = {
    "acknowledged": services.acknowledge_event,
    "resolved": services.resolve_event,
    "dismissed": services.dismiss_event,
    "reopened": services.reopen_event,
}
ALLOWED = {
    ("new", "acknowledged"): "acknowledged",
    ("new", "resolved"): "resolved",
    ("new", "dismissed"): "dismissed",
    ("acknowledged", "resolved"): "resolved",
    ("acknowledged", "dismissed"): "dismissed",
    ("resolved", "reopened"): "new",
    ("dismissed", "reopened"): "new",
}


@pytest.mark.parametrize("status", ["new", "acknowledged", "resolved", "dismissed"])
@pytest.mark.parametrize("kind", DECISIONS)
def test_every_decision_in_every_status(operator: User, camera: Camera, status: str, kind: str) -> None:
    event = make_event(camera=camera, status=status)
    if (status, kind) not in ALLOWED:
        with pytest.raises(Conflict, match=f"This event is {status} already") as caught:
            DECISIONS[kind](event_id=event.pk, by=operator)
        assert caught.value.reason == f"event_{status}"
        assert not event.transitions.exists()
        return
    DECISIONS[kind](event_id=event.pk, by=operator, note="seen it")
    event.refresh_from_db()
    assert event.status == ALLOWED[status, kind]
    row = event.transitions.get()
    assert (row.kind, row.old_status, row.new_status) == (kind, status, event.status)
    assert (row.by, row.note, row.sequence) == (operator, "seen it", event.sequence)


def test_it_is_known_who_acknowledged(operator: User, camera: Camera) -> None:
    event = make_event(camera=camera)
    services.acknowledge_event(event_id=event.pk, by=operator)
    services.resolve_event(event_id=event.pk, by=operator)
    assert Event.objects.get().acknowledged_by == operator
    services.reopen_event(event_id=event.pk, by=operator)
    assert Event.objects.get().acknowledged_by is None


def test_a_note_leaves_the_status(operator: User, camera: Camera) -> None:
    event = make_event(camera=camera, status="acknowledged")
    services.note_event(event_id=event.pk, by=operator, note="a fox")
    event.refresh_from_db()
    assert (event.status, event.transitions.get().note) == ("acknowledged", "a fox")
    with pytest.raises(Invalid):
        services.note_event(event_id=event.pk, by=operator, note=" ")


def test_a_decision_is_told_after_commit(
    operator: User, camera: Camera, told: list[Any], django_capture_on_commit_callbacks: Any
) -> None:
    event = make_event(camera=camera)
    with django_capture_on_commit_callbacks(execute=True):
        services.acknowledge_event(event_id=event.pk, by=operator)
    (message,) = told
    assert (message["site_id"], message["sequence"]) == (camera.site_id, 1)
    assert (message["event"]["status"], message["event"]["acknowledged_by"]) == ("acknowledged", "omar")


class TestAbandoned:
    """An open event ends when nobody watches its camera any more."""

    def held(self, camera: Camera, *, expired: float, epoch: int = 1, claimed: float = 1000) -> None:
        """The lease expired and was claimed so many seconds ago."""
        Lease.objects.filter(camera=camera).update(
            epoch=epoch, expires_at=DatabaseNow() - expired, claimed_at=DatabaseNow() - claimed
        )

    def open_event(self, camera: Camera) -> Event:
        return make_event(camera=camera, started_at=timezone.now() - timedelta(seconds=90), ended_at=None)

    def test_a_watched_one_stays_open(self, camera: Camera) -> None:
        self.open_event(camera)
        self.held(camera, expired=-3)
        assert close_abandoned() == 0

    def test_a_takeover_has_its_time(self, camera: Camera) -> None:
        self.open_event(camera)
        self.held(camera, expired=25)
        assert close_abandoned() == 0

    def test_it_ends_when_it_was_last_watched(self, camera: Camera) -> None:
        event = self.open_event(camera)
        self.held(camera, expired=40)
        assert close_abandoned() == 1
        event.refresh_from_db()
        assert event.ended_at is not None
        assert (timezone.now() - event.ended_at).total_seconds() == pytest.approx(40, abs=3)
        assert [(row.kind, row.by) for row in event.transitions.all()] == [("closed", None)]
        assert close_abandoned() == 0

    def test_one_that_the_next_worker_carries_on_stays_open(self, camera: Camera) -> None:
        self.open_event(camera)
        self.held(camera, expired=-3, epoch=2)
        open_event_of(camera.pk, 2)
        assert close_abandoned() == 0

    def test_one_that_the_next_worker_does_not_know_ends(self, camera: Camera) -> None:
        event = self.open_event(camera)
        self.held(camera, expired=-3, epoch=2, claimed=50)
        assert close_abandoned() == 1
        event.refresh_from_db()
        assert event.ended_at is not None
        assert (timezone.now() - event.ended_at).total_seconds() == pytest.approx(50, abs=3)

    def test_a_worker_that_was_only_cut_off_has_the_last_word(self, camera: Camera) -> None:
        event = self.open_event(camera)
        self.held(camera, expired=40)
        close_abandoned()
        told = Told(camera.pk, 1, event.pk, number=1)
        write_records([told.closed(0)])
        event.refresh_from_db()
        assert event.ended_at is not None
        assert event.ended_at.timestamp() == max(told.closed(0).at, event.peak_at.timestamp())
