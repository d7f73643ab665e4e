"""The writer: every record once, in whatever order and however often the batches come."""

from __future__ import annotations

from typing import Any

import pytest

from cameras.models import Camera
from events.models import Event, EventAlias, EventTransition
from events.services import WriteResult, open_event_of, write_records
from events.writer import moment
from project.accounts.models import Site
from tests.events.worker import NOON, Told, claim
from tests.factories import make_camera


def at(seconds: float) -> Any:
    """The moment so many seconds after NOON."""
    return moment(NOON + seconds)


@pytest.fixture
def epoch(camera: Camera) -> int:
    """The lease of a worker that has watched the camera for a minute."""
    return claim(camera, at=NOON - 60)


def kinds(event: Event) -> list[str]:
    """The timeline."""
    return list(event.transitions.values_list("kind", flat=True))


def test_an_event_is_written_as_it_was_told(camera: Camera, epoch: int) -> None:
    told = Told(camera.pk, epoch)
    reasons = (("speed", 2.4, "moves fast"),)
    opened = told.opened(0, 2.0, box=(0.1, 0.2, 0.3, 0.4), provisional=True, trace="t-1")
    peaked = told.peaked(1, 3.0, severity="high", reasons=reasons, box=(0.5, 0.5, 0.6, 0.6))
    result = write_records([opened, peaked, told.closed(2.5)])

    assert result == WriteResult(written=3)
    event = Event.objects.get()
    assert (event.pk, event.camera_id, event.site_id, event.epoch) == (told.event_id, camera.pk, camera.site_id, epoch)
    assert (event.started_at, event.peak_at, event.ended_at) == (at(0), at(1), at(2.5))
    assert (event.score, event.threshold, event.severity, event.provisional) == (3.0, 1.0, "high", True)
    assert event.box == [0.5, 0.5, 0.6, 0.6]
    assert event.reasons == [{"attribute": "speed", "surprise": 2.4, "text": "moves fast"}]
    assert (event.trace, event.status) == ("t-1", "new")
    assert kinds(event) == ["opened", "peaked", "closed"]


def test_a_repeated_batch_changes_nothing(camera: Camera, epoch: int, site: Site) -> None:
    told = Told(camera.pk, epoch)
    batch = [told.opened(0), told.peaked(1, 3.0), told.closed(2)]
    write_records(batch)
    before = Event.objects.values().get(), list(EventTransition.objects.values())

    assert write_records(batch) == WriteResult(repeated=3)
    assert write_records([batch[1], *batch]) == WriteResult(repeated=4)
    assert (Event.objects.values().get(), list(EventTransition.objects.values())) == before
    site.refresh_from_db()
    assert site.event_sequence == 3


def test_a_record_twice_in_one_batch_counts_once(camera: Camera, epoch: int) -> None:
    opened = Told(camera.pk, epoch).opened(0)
    assert write_records([opened, opened]) == WriteResult(written=1, repeated=1)


def test_the_peak_and_the_severity_only_rise(camera: Camera, epoch: int) -> None:
    told = Told(camera.pk, epoch)
    write_records([told.opened(0, 5.0, severity="critical"), told.peaked(1, 4.0, severity="low")])
    event = Event.objects.get()
    assert (event.score, event.peak_at, event.severity) == (5.0, at(0), "critical")


def test_media_come_with_their_records(camera: Camera, epoch: int) -> None:
    told = Told(camera.pk, epoch)
    snapshot, clip = f"events/{told.event_id}/snapshot.jpg", f"events/{told.event_id}/clip.mp4"
    write_records([told.opened(0), told.closed(1)])
    write_records([told.record("snapshot", 1, path=snapshot), told.record("clip", 11, path=clip)])
    event = Event.objects.get()
    assert (event.snapshot_path, event.clip_path) == (snapshot, clip)
    assert list(event.transitions.exclude(path="").values_list("path", flat=True)) == [snapshot, clip]


def test_two_events_follow_one_another_in_one_batch(camera: Camera, epoch: int) -> None:
    first, second = Told(camera.pk, epoch), Told(camera.pk, epoch)
    write_records([first.opened(0)])
    write_records([first.closed(1), second.opened(2)])
    assert Event.objects.get(pk=first.event_id).ended_at == at(1)
    assert Event.objects.get(pk=second.event_id).ended_at is None


def test_categories_are_open_side_by_side(camera: Camera, epoch: int) -> None:
    write_records([Told(camera.pk, epoch).opened(0), Told(camera.pk, epoch).opened(0, category="covered")])
    assert Event.objects.filter(ended_at=None).count() == 2


class TestFencing:
    """What was superseded counts if it was made before, and only then."""

    def test_a_woken_zombie_writes_nothing(self, camera: Camera, epoch: int) -> None:
        claim(camera, at=NOON + 5)
        told = Told(camera.pk, epoch)
        assert write_records([told.opened(5), told.closed(6)]) == WriteResult(refused=2)
        assert not Event.objects.exists()

    def test_the_spool_of_a_dead_worker_passes(self, camera: Camera, epoch: int) -> None:
        claim(camera, at=NOON + 5)
        told = Told(camera.pk, epoch)
        assert write_records([told.opened(1), told.closed(2)]) == WriteResult(written=2)

    def test_only_the_late_records_of_a_batch_are_refused(self, camera: Camera, epoch: int) -> None:
        told = Told(camera.pk, epoch)
        batch = [told.opened(1), told.peaked(2, 3.0), told.peaked(7, 9.0)]
        claim(camera, at=NOON + 5)
        assert write_records(batch) == WriteResult(written=2, refused=1)
        assert Event.objects.get().score == 3.0

    def test_what_follows_from_a_refused_opening_is_refused(self, camera: Camera, epoch: int) -> None:
        told = Told(camera.pk, epoch)
        told.opened(0)
        assert write_records([told.closed(1)]) == WriteResult(refused=1)

    def test_a_camera_that_is_gone_refuses(self, epoch: int, camera: Camera) -> None:
        opened = Told(camera.pk, epoch).opened(0)
        camera.delete()
        assert write_records([opened]) == WriteResult(refused=1)

    def test_nobody_claimed_this_epoch_yet(self, camera: Camera, epoch: int) -> None:
        assert write_records([Told(camera.pk, epoch + 1).opened(0)]) == WriteResult(refused=1)

    @pytest.mark.parametrize(
        "bad",
        [
            {"score": float("nan")},
            {"reasons": (("speed", float("inf"), "fast"),)},
            {"severity": "awful"},
            {"category": "x" * 41},
            {"trace": "a\0b"},
            {"box": (0.0, 0.0, float("nan"), 1.0)},
        ],
    )
    def test_a_bad_record_does_not_hold_up_the_good_ones(self, camera: Camera, epoch: int, bad: dict[str, Any]) -> None:
        batch = [Told(camera.pk, epoch).record("opened", 0, **bad), Told(camera.pk, epoch).opened(0)]
        assert write_records(batch) == WriteResult(written=1, refused=1)


class TestTakeover:
    """An anomaly that spans a takeover is one event."""

    def test_the_successor_carries_the_open_event_on(self, camera: Camera, epoch: int) -> None:
        dead = Told(camera.pk, epoch)
        write_records([dead.opened(0, 2.0)])
        later = claim(camera, at=NOON + 5)
        (row,) = open_event_of(camera.pk, later)
        assert (row.event_id, row.started_at, row.peak, row.category) == (dead.event_id, NOON, 2.0, "unusual")

        heir = Told(camera.pk, later, row.event_id)
        assert write_records([heir.peaked(7, 4.0), heir.closed(9)]) == WriteResult(written=2)
        event = Event.objects.get()
        assert (event.started_at, event.peak_at, event.ended_at) == (at(0), at(7), at(9))
        assert kinds(event) == ["opened", "peaked", "closed"]

    def test_the_dead_one_cannot_end_what_was_taken_over(self, camera: Camera, epoch: int) -> None:
        dead = Told(camera.pk, epoch)
        write_records([dead.opened(0)])
        open_event_of(camera.pk, claim(camera, at=NOON + 5))
        write_records([dead.peaked(3, 6.0), dead.closed(4)])
        event = Event.objects.get()
        assert event.ended_at is None
        assert (event.score, kinds(event)) == (6.0, ["opened", "peaked", "closed"])

    def test_a_late_opening_joins_the_event_that_is_open(self, camera: Camera, epoch: int) -> None:
        dead = Told(camera.pk, epoch)
        heir = Told(camera.pk, claim(camera, at=NOON + 5))
        write_records([heir.opened(8, 3.0)])
        late = [dead.opened(1, 2.0, threshold=1.1), dead.peaked(4, 5.0)]
        assert write_records(late) == WriteResult(written=2)

        event = Event.objects.get()
        assert event.pk == heir.event_id
        assert (event.started_at, event.threshold, event.ended_at) == (at(1), 1.1, None)
        assert (event.score, event.peak_at) == (5.0, at(4))
        assert kinds(event) == ["opened", "merged", "peaked"]
        assert EventAlias.objects.get().event_id == heir.event_id
        assert write_records(late) == WriteResult(repeated=2)

    def test_a_late_opening_joins_the_event_that_has_ended(self, camera: Camera, epoch: int) -> None:
        dead = Told(camera.pk, epoch)
        heir = Told(camera.pk, claim(camera, at=NOON + 5))
        write_records([heir.opened(8), heir.closed(20)])
        write_records([dead.opened(1)])
        event = Event.objects.get()
        assert (event.started_at, event.ended_at) == (at(1), at(20))

    def test_the_successors_opening_joins_what_came_late_before_it(self, camera: Camera, epoch: int) -> None:
        """The dead worker's spool was replayed after its successor had asked what is open."""
        dead = Told(camera.pk, epoch)
        heir = Told(camera.pk, claim(camera, at=NOON + 5))
        write_records([dead.opened(1)])
        assert Event.objects.get().ended_at == at(5)
        write_records([heir.opened(8)])
        assert Event.objects.get().ended_at is None
        write_records([heir.closed(20), heir.record("clip", 30, path="events/b/clip.mp4")])
        event = Event.objects.get()
        assert (event.pk, event.started_at, event.ended_at) == (dead.event_id, at(1), at(20))
        assert event.clip_path == "events/b/clip.mp4"

    def test_anomalies_that_lie_apart_stay_apart(self, camera: Camera, epoch: int) -> None:
        dead, again = Told(camera.pk, epoch), Told(camera.pk, epoch)
        heir = Told(camera.pk, claim(camera, at=NOON + 60))
        write_records([heir.opened(200)])
        write_records([dead.opened(0), dead.closed(5), again.opened(30), again.closed(35)])
        assert Event.objects.count() == 3
        assert Event.objects.get(pk=heir.event_id).started_at == at(200)

    def test_a_worker_that_tells_two_events_apart_is_believed(self, camera: Camera, epoch: int) -> None:
        first, second = Told(camera.pk, epoch), Told(camera.pk, epoch)
        write_records([first.opened(0), first.closed(2), second.opened(4), second.closed(6)])
        assert Event.objects.count() == 2

    def test_what_people_put_aside_does_not_swallow_a_new_alarm(self, camera: Camera, epoch: int) -> None:
        dead = Told(camera.pk, epoch)
        write_records([dead.opened(0), dead.closed(3)])
        Event.objects.update(status="dismissed")
        heir = Told(camera.pk, claim(camera, at=NOON + 5))
        write_records([heir.opened(8)])
        assert Event.objects.get(pk=heir.event_id).status == "new"

    def test_the_dead_ones_word_corrects_the_supposed_end(self, camera: Camera, epoch: int) -> None:
        dead = Told(camera.pk, epoch)
        claim(camera, at=NOON + 50)
        write_records([dead.opened(1)])
        write_records([dead.closed(4)])
        assert Event.objects.get().ended_at == at(4)

    def test_other_cameras_have_nothing_to_do_with_it(self, camera: Camera, epoch: int, site: Site) -> None:
        other = make_camera(site=site)
        write_records([Told(camera.pk, epoch).opened(0)])
        claim(camera, at=NOON + 5)
        write_records([Told(other.pk, claim(other, at=NOON)).opened(6)])
        assert Event.objects.count() == 2


class TestTelling:
    """The sockets hear of each change after commit."""

    def test_every_change_has_the_next_number_of_its_site(
        self, camera: Camera, epoch: int, told: list[Any], django_capture_on_commit_callbacks: Any
    ) -> None:
        event = Told(camera.pk, epoch)
        with django_capture_on_commit_callbacks(execute=True):
            write_records([event.opened(0), event.peaked(1, 4.0)])
        with django_capture_on_commit_callbacks(execute=True):
            write_records([event.closed(2)])
        assert [message["sequence"] for message in told] == [1, 2, 3]
        assert {message["site_id"] for message in told} == {camera.site_id}
        assert told[-1]["event"]["id"] == str(event.event_id)
        assert told[-1]["event"]["sequence"] == 3
        assert [message["event"]["score"] for message in told] == [4.0, 4.0, 4.0]

    def test_a_storm_is_told_by_its_last_change(
        self, camera: Camera, epoch: int, told: list[Any], django_capture_on_commit_callbacks: Any
    ) -> None:
        event = Told(camera.pk, epoch)
        with django_capture_on_commit_callbacks(execute=True):
            write_records([event.opened(0), *(event.peaked(n, n) for n in range(1, 100))])
        assert [message["sequence"] for message in told] == [100]

    def test_a_batch_that_fails_tells_nothing(
        self, camera: Camera, epoch: int, told: list[Any], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail(*_: Any, **__: Any) -> None:
            raise OSError("the disk")

        monkeypatch.setattr(EventTransition.objects, "bulk_create", fail)
        with pytest.raises(OSError, match="the disk"):
            write_records([Told(camera.pk, epoch).opened(0)])
        assert not Event.objects.exists()
        assert told == []
