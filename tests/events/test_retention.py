"""What is too old goes, in small steps, and no row ever names a file that is gone."""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage
from django.utils import timezone

from cameras.models import Camera
from events.flags import flag_event
from events.models import Event, EventAlias, EventTransition, ScoreMinute
from events.records import features_name, media_name
from events.retention import remove_stray_media, retire
from events.scores import SecondScore, save_scores
from events.steps import in_steps
from project.accounts.models import User
from tests.factories import make_event

NOW = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _keep_ten_days(settings: Any, media: Path) -> None:
    settings.VIGIL_RETENTION_DAYS = settings.VIGIL_RETENTION_MEDIA_DAYS = 10


def old_event(camera: Camera, *, days: float, files: int = 1) -> Event:
    """An event with that many snapshots, the last of which it shows."""
    event = make_event(camera=camera, started_at=NOW - timedelta(days=days))
    for number in range(files):
        name = default_storage.save(f"events/{event.pk}/snapshot{number}.jpg", ContentFile(b"jpeg"))
        EventTransition.objects.create(event=event, sequence=number, kind="snapshot", at=NOW, path=name)
        Event.objects.filter(pk=event.pk).update(snapshot_path=name)
    return event


def files() -> set[str]:
    folders = default_storage.listdir("events")[0]
    return {f"events/{folder}/{name}" for folder in folders for name in default_storage.listdir(f"events/{folder}")[1]}


def test_what_is_older_than_kept_goes_with_all_its_files(camera: Camera) -> None:
    old, new = old_event(camera, days=11, files=3), old_event(camera, days=9)
    EventAlias.objects.create(id=uuid4(), event=old)
    save_scores(camera.pk, [SecondScore(int((NOW - timedelta(days=d)).timestamp()), 1.0, 1.0) for d in (11, 9)])
    assert retire(now=NOW) == 1
    assert list(Event.objects.all()) == [new]
    assert files() == {f"events/{new.pk}/snapshot0.jpg"}
    assert EventTransition.objects.count() == 1
    assert ScoreMinute.objects.count() == 1
    assert not EventAlias.objects.exists()


def test_what_explained_an_event_goes_with_it(camera: Camera) -> None:
    event = old_event(camera, days=11)
    name = default_storage.save(f"events/{event.pk}/heat.jpg", ContentFile(b"jpeg"))
    Event.objects.filter(pk=event.pk).update(evidence={"heat": name})
    assert retire(now=NOW) == 1
    assert files() == set()


def test_what_it_was_scored_from_goes_with_it_under_each_of_its_names(camera: Camera) -> None:
    old = old_event(camera, days=11)
    alias = EventAlias.objects.create(id=uuid4(), event=old)
    for event_id in (old.pk, alias.pk):
        default_storage.save(features_name(event_id), ContentFile(b"features"))
    assert retire(now=NOW) == 1
    assert files() == set()


def test_what_a_superseded_worker_stored_beside_it_goes_with_it(camera: Camera) -> None:
    event, kept = old_event(camera, days=11), old_event(camera, days=9)
    for each in (event, kept):
        default_storage.save(media_name(each.pk, 1, "heat.jpg"), ContentFile(b"never told"))
    assert retire(now=NOW) == 1
    assert files() == {f"events/{kept.pk}/heat-1.jpg", f"events/{kept.pk}/snapshot0.jpg"}


def test_what_goes_on_stays(camera: Camera) -> None:
    make_event(camera=camera, started_at=NOW - timedelta(days=40), ended_at=None)
    make_event(camera=camera, started_at=NOW - timedelta(days=40), ended_at=NOW)
    assert retire(now=NOW) == 0


def test_an_interruption_leaves_no_row_that_names_a_missing_file(
    camera: Camera, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = old_event(camera, days=11, files=3)
    Event.objects.filter(pk=event.pk).update(evidence={"heat": f"events/{event.pk}/snapshot2.jpg"})
    deleted: list[str] = []

    def fail_later(storage: FileSystemStorage, name: str) -> None:
        if deleted:
            raise OSError("the power")
        deleted.append(name)
        Path(storage.path(name)).unlink(missing_ok=True)

    with monkeypatch.context() as patch:
        patch.setattr(FileSystemStorage, "delete", fail_later)
        with pytest.raises(OSError, match="the power"):
            retire(now=NOW)
    assert not Event.objects.exists()
    assert remove_stray_media(now=timezone.now() + timedelta(days=8)) == 2
    assert files() == set()


def test_who_flags_an_event_while_it_goes_keeps_all_of_it(
    camera: Camera, operator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    event, other = old_event(camera, days=11), old_event(camera, days=11)
    monkeypatch.setattr("events.retention.keep_patterns", lambda _: flag_event(event_id=event.pk, by=operator))
    assert retire(now=NOW) == 1
    assert (Event.objects.get().pk, Event.objects.get().snapshot_path) == (event.pk, f"events/{event.pk}/snapshot0.jpg")
    assert files() == {f"events/{event.pk}/snapshot0.jpg"}
    assert not default_storage.exists(f"events/{other.pk}/snapshot0.jpg")


def test_who_comes_too_late_to_flag_an_event_is_told_so(
    api: Any, camera: Camera, operator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    event, client, delete = old_event(camera, days=11), api(operator), FileSystemStorage.delete
    told: list[int] = []

    def flag_and_delete(storage: FileSystemStorage, name: str) -> None:
        told.append(client.post(f"/api/v1/events/{event.pk}/flag").status_code)
        with pytest.raises(Event.DoesNotExist):
            flag_event(event_id=event.pk, by=operator)
        delete(storage, name)

    monkeypatch.setattr(FileSystemStorage, "delete", flag_and_delete)
    assert retire(now=NOW) == 1
    assert told == [404]
    assert files() == set()


def test_an_event_that_goes_while_somebody_flags_it_is_not_found(
    api: Any, camera: Camera, operator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = old_event(camera, days=11)

    def flag_late(**values: Any) -> Event:
        retire(now=NOW)
        return flag_event(**values)

    monkeypatch.setattr("events.flags.flag_event", flag_late)
    assert api(operator).post(f"/api/v1/events/{event.pk}/flag").status_code == 404


def test_no_write_takes_long(camera: Camera, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a machine where each row takes 3 ms, steps shrink until one takes no more than what they may."""
    steps: list[int] = []
    elapsed = [0.0]

    def write(ids: Any) -> None:
        steps.append(len(ids))
        elapsed[0] += 0.003 * len(ids)

    monkeypatch.setattr("events.steps.time.monotonic", lambda: elapsed[0])
    in_steps(list(range(1000)), write)
    assert sum(steps) == 1000
    assert max(steps) * 0.003 <= 0.1
    steps.clear()
    monkeypatch.undo()
    in_steps(list(range(5000)), lambda ids: steps.append(len(ids)))
    assert sum(steps) == 5000
    assert max(steps) == 500


def test_many_rows_are_deleted_without_a_long_write(camera: Camera) -> None:
    events = [
        Event(
            site=camera.site,
            camera=camera,
            epoch=1,
            score=1,
            threshold=1,
            started_at=at,
            peak_at=at,
            ended_at=at,
            sequence=1,
        )
        for at in [NOW - timedelta(days=20)] * 1000
    ]
    Event.objects.bulk_create(events)
    EventTransition.objects.bulk_create(
        [EventTransition(event=event, sequence=n, kind="peaked", at=NOW) for event in events for n in range(5)]
    )
    began = time.monotonic()
    assert retire(now=NOW) == 1000
    assert not EventTransition.objects.exists()
    assert time.monotonic() - began < 30


def test_files_that_no_event_names_go_after_a_week(camera: Camera, media: Path) -> None:
    kept = make_event(camera=camera)
    alias = EventAlias.objects.create(id=uuid4(), event=kept)
    stray, waiting = uuid4(), uuid4()
    for owner in (kept.pk, alias.pk, stray, waiting):
        default_storage.save(f"events/{owner}/clip.mp4", ContentFile(b"mp4"))
    default_storage.save("events/notes/read.me", ContentFile(b"not ours"))
    week_ago = time.time() - 8 * 86400
    for folder in map(str, (kept.pk, alias.pk, stray, "notes")):
        for path in (media / "events" / folder).iterdir():
            os.utime(path, (week_ago, week_ago))
    assert remove_stray_media() == 1
    assert files() == {
        f"events/{kept.pk}/clip.mp4",
        f"events/{alias.pk}/clip.mp4",
        f"events/{waiting}/clip.mp4",
        "events/notes/read.me",
    }
    assert not (media / "events" / str(stray)).exists()


def test_there_may_be_no_media_yet(db: None) -> None:
    assert remove_stray_media(now=timezone.now()) == 0
