"""The writer under concurrency: threads with connections of their own against one database file or server."""

from __future__ import annotations

from functools import partial

import pytest

from cameras.models import Camera
from events.models import Event, EventAlias, EventTransition
from events.records import EventRecord
from events.services import WriteResult, acknowledge_event, dismiss_event, write_records
from project.accounts.models import Site
from project.errors import Conflict
from tests.events.worker import NOON, Told, claim
from tests.factories import make_camera, make_site, make_user
from tests.support.together import together

pytestmark = pytest.mark.usefixtures("shared_database")


@pytest.fixture
def lone_camera() -> Camera:
    """A camera, made where the threads see it."""
    return make_camera(site=make_site(name="Quay"))


def story(camera: Camera, epoch: int, events: int) -> list[EventRecord]:
    """Some events one after the other."""
    records = []
    for number in range(events):
        told, start = Told(camera.pk, epoch), 20.0 * number
        records += [told.opened(start), told.peaked(start + 1, 5.0), told.closed(start + 2)]
    return records


def one_by_one(records: list[EventRecord]) -> None:
    """As a worker that has little to tell does it."""
    for record in records:
        write_records([record])


def test_the_same_spool_replayed_by_several_at_once_is_written_once(lone_camera: Camera) -> None:
    records = story(lone_camera, claim(lone_camera, at=NOON - 60), 20)
    batches = [records[start : start + 10] for start in range(0, len(records), 10)]

    def replay() -> WriteResult:
        results = [write_records(batch) for batch in batches]
        return WriteResult(*(sum(getattr(r, name) for r in results) for name in ("written", "repeated", "refused")))

    results = together(*[replay] * 4)
    assert sum(result.written for result in results) == len(records)
    assert sum(result.repeated for result in results) == 3 * len(records)
    assert Event.objects.count() == 20
    assert EventTransition.objects.count() == len(records)
    numbers = sorted(EventTransition.objects.values_list("sequence", flat=True))
    assert numbers == list(range(1, len(records) + 1)), "numbers of a site have no holes and no repetitions"
    assert Site.objects.get().event_sequence == len(records)


def test_two_workers_that_open_the_same_anomaly_leave_one_event(lone_camera: Camera) -> None:
    for round_ in range(5):
        at = 100.0 * round_
        dead = Told(lone_camera.pk, claim(lone_camera, at=NOON + at - 50))
        heir = Told(lone_camera.pk, claim(lone_camera, at=NOON + at + 5))
        late, new = [dead.opened(at, 2.0), dead.peaked(at + 3, 7.0)], [heir.opened(at + 7, 3.0), heir.closed(at + 9)]
        results = together(partial(write_records, late), partial(write_records, new))
        assert results == [WriteResult(written=2), WriteResult(written=2)]
        assert Event.objects.count() == EventAlias.objects.count() == round_ + 1
        event = Event.objects.latest("started_at")
        assert (event.started_at.timestamp(), event.score) == (NOON + at, 7.0)
        assert event.ended_at is not None
        assert event.ended_at.timestamp() == NOON + at + 9


def test_cameras_of_one_site_share_its_numbers(lone_camera: Camera) -> None:
    cameras = [lone_camera, *(make_camera(site=lone_camera.site) for _ in range(3))]
    stories = [story(camera, claim(camera, at=NOON - 60), 5) for camera in cameras]
    together(*(partial(one_by_one, records) for records in stories))
    numbers = sorted(EventTransition.objects.values_list("sequence", flat=True))
    assert numbers == list(range(1, 4 * 15 + 1))


def test_batches_over_two_sites_in_opposite_order_do_not_block_each_other() -> None:
    cameras = [make_camera(), make_camera()]
    epochs = [claim(camera, at=NOON - 60) for camera in cameras]

    def write(order: list[int]) -> None:
        for number in range(10):
            write_records(
                [
                    Told(cameras[i].pk, epochs[i], number=number).opened(number, category=f"{order}{number}")
                    for i in order
                ]
            )

    together(lambda: write([0, 1]), lambda: write([1, 0]))
    assert EventTransition.objects.count() == 40


def test_of_two_who_decide_at_once_one_wins(lone_camera: Camera) -> None:
    people = [make_user(), make_user()]
    for _ in range(5):
        told = Told(lone_camera.pk, claim(lone_camera, at=NOON - 60))
        write_records([told.opened(0, category=str(told.epoch)), told.closed(1)])
        results = together(
            partial(dismiss_event, event_id=told.event_id, by=people[0]),
            partial(acknowledge_event, event_id=told.event_id, by=people[1]),
        )
        event = Event.objects.get(pk=told.event_id)
        conflicts = [result for result in results if isinstance(result, Conflict)]
        # Acknowledged first, it may still be dismissed; dismissed first, it cannot be acknowledged.
        assert event.status == "dismissed"
        decided = list(event.transitions.exclude(by=None).values_list("kind", flat=True))
        assert decided == (["dismissed"] if conflicts else ["acknowledged", "dismissed"])
        assert not conflicts or conflicts[0].reason == "event_dismissed"
