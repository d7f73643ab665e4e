"""The files that explain an event: one of each name, the newest worker's; of clips the first."""

from __future__ import annotations

import pytest

from cameras.models import Camera
from events.models import Event
from events.services import WriteResult, write_records
from tests.events.worker import NOON, Told, claim


@pytest.fixture
def epoch(camera: Camera) -> int:
    """That of the worker that watches the camera from NOON on."""
    return claim(camera, at=NOON)


def test_what_explains_an_event_comes_with_its_records(camera: Camera, epoch: int) -> None:
    told = Told(camera.pk, epoch)
    folder = f"events/{told.event_id}"
    batch = [told.opened(0)]
    batch += [told.record("evidence", 1, name=name, path=f"{folder}/{name}.jpg") for name in ("usual-1", "heat")]
    write_records(batch)
    event = Event.objects.get()
    assert event.evidence == {"heat": f"{folder}/heat.jpg", "usual-1": f"{folder}/usual-1.jpg"}
    assert list(event.transitions.values_list("kind", flat=True)) == ["opened", "evidence", "evidence"]
    assert write_records(batch) == WriteResult(repeated=3)
    assert Event.objects.get().evidence == event.evidence


def test_a_superseded_worker_explains_only_what_its_successor_did_not(camera: Camera, epoch: int) -> None:
    told = Told(camera.pk, epoch)
    late = [told.record("evidence", 1, name=name, path=f"late/{name}.jpg") for name in ("heat", "usual-1")]
    write_records([told.opened(0)])
    heir = Told(camera.pk, claim(camera, at=NOON + 4), told.event_id)
    write_records([heir.record("evidence", 5, name="heat", path="heir/heat.jpg")])
    write_records(late)
    assert Event.objects.get().evidence == {"heat": "heir/heat.jpg", "usual-1": "late/usual-1.jpg"}


def test_the_clip_that_shows_how_it_began_stays(camera: Camera, epoch: int) -> None:
    told = Told(camera.pk, epoch)
    write_records([told.opened(0), told.record("clip", 1, path="first/clip.mp4")])
    heir = Told(camera.pk, claim(camera, at=NOON + 4), told.event_id)
    write_records([heir.record("clip", 5, path="heir/clip.mp4")])
    assert Event.objects.get().clip_path == "first/clip.mp4"


def test_what_a_superseded_worker_stored_without_knowing_is_not_shown(camera: Camera, epoch: int) -> None:
    told = Told(camera.pk, epoch)
    write_records([told.opened(0)])
    heir = Told(camera.pk, claim(camera, at=NOON + 4), told.event_id)
    write_records([heir.record("snapshot", 5, path="snapshot-2.jpg")])
    write_records([heir.record("evidence", 5, name=name, path=f"{name}-2.jpg") for name in ("heat", "features")])
    woken = [told.record("snapshot", 6, path="snapshot-1.jpg")]
    woken += [told.record("evidence", 6, name=name, path=f"{name}-1.jpg") for name in ("heat", "features")]
    assert write_records(woken) == WriteResult(refused=3)
    event = Event.objects.get()
    assert event.evidence | {"snapshot": event.snapshot_path} == {
        name: f"{name}-2.jpg" for name in ("snapshot", "heat", "features")
    }
