"""What the services of cameras promise beyond the API."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from celery import current_app
from kombu.exceptions import OperationalError
from structlog.testing import capture_logs

from cameras import services
from cameras.models import Camera, Health, Lease, MemorySnapshot
from project.accounts.models import Site
from project.errors import Invalid
from tests.factories import make_camera

SECRET = "canary-password"


class Broadcasts(list[tuple[str, dict[str, str]]]):
    """What was told to all workers."""

    def __call__(self, command: str, *, arguments: dict[str, str]) -> None:
        self.append((command, arguments))


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Broadcasts:
    broadcasts = Broadcasts()
    monkeypatch.setattr("cameras.control.knock", lambda: None)
    monkeypatch.setattr(current_app.control, "broadcast", broadcasts)
    return broadcasts


def hold(camera: Camera, epoch: int) -> None:
    Lease.objects.filter(camera=camera).update(owner="worker", epoch=epoch)


@pytest.mark.parametrize("verb", [services.stop_camera, services.remove_camera])
def test_the_worker_is_told_to_stop_after_the_commit(
    camera: Camera, told: Broadcasts, verb: Any, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        verb(camera=camera)
        assert told == []
    assert told == [("stop_camera", {"camera_id": str(camera.id)})]


def test_stopping_works_while_redis_is_away(
    camera: Camera, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    def away(*_: object, **__: object) -> None:
        raise OperationalError("no route to host")

    monkeypatch.setattr("cameras.control.knock", lambda: None)
    monkeypatch.setattr(current_app.control, "broadcast", away)
    with django_capture_on_commit_callbacks(execute=True):
        services.stop_camera(camera=camera)
    assert Camera.objects.get(pk=camera.pk).desired_state == "stopped"


def test_a_camera_that_cannot_be_is_named_by_field(site: Site) -> None:
    with pytest.raises(Invalid) as caught:
        services.register_camera(site=site, name="Gate", source="/etc/passwd", alarm_budget=-1.0)
    assert set(caught.value.fields) == {"source", "alarm_budget"}


def test_what_was_not_changed_is_not_judged_again(site: Site) -> None:
    camera = make_camera(site=site, source="recording-that-was-deleted.mp4")
    services.change_camera(camera=camera, name="Still watched")
    assert Camera.objects.get(pk=camera.pk).name == "Still watched"


def test_logs_and_reprs_hold_no_secret(site: Site) -> None:
    with capture_logs() as lines:
        camera = services.register_camera(site=site, name="Gate", source=f"rtsp://admin:{SECRET}@192.0.2.1/")
        services.change_camera(camera=camera, source=f"rtsp://admin:{SECRET}2@192.0.2.1/")
    assert [line["event"] for line in lines] == ["camera registered", "camera changed"]
    assert SECRET not in f"{lines} {camera!r} {camera}"


def test_the_column_holds_no_secret(camera: Camera) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT source FROM cameras_camera")
        assert SECRET not in cursor.fetchone()[0]


def test_a_report_of_the_holder_counts_and_of_nobody_else(camera: Camera) -> None:
    hold(camera, epoch=2)
    report: dict[str, Any] = {"camera_id": camera.pk, "state": "watching", "since": 1.0}
    assert not services.report_health(**report, epoch=1)
    assert services.report_health(**report, epoch=2, detail="rtsp://u:pw@192.0.2.1/ is slow")
    row = Health.objects.get(camera=camera)
    assert (row.epoch, row.state, row.detail) == (2, "watching", "rtsp://***@192.0.2.1/ is slow")
    assert row.reported_at > 1_700_000_000


def test_a_superseded_worker_does_not_overwrite_what_was_learned(camera: Camera) -> None:
    hold(camera, epoch=2)
    memory: dict[str, Any] = {"camera_id": camera.pk, "fingerprint": "f", "learned_seconds": 60.0}
    assert services.save_memory_snapshot(**memory, epoch=2, memory_version=0, path="second")
    assert not services.save_memory_snapshot(**memory, epoch=1, memory_version=0, path="first")
    assert MemorySnapshot.objects.get(camera=camera).path == "second"


def test_what_was_learned_from_recordings_is_not_overwritten_by_the_loop_that_did_not_know(camera: Camera) -> None:
    hold(camera, epoch=2)
    memory: dict[str, Any] = {"camera_id": camera.pk, "fingerprint": "f", "learned_seconds": 60.0}
    version = services.replace_memory(**memory, path="recordings")
    assert version == 1
    assert not services.save_memory_snapshot(**memory, epoch=2, memory_version=0, path="old")
    assert services.save_memory_snapshot(**memory, epoch=2, memory_version=version, path="new")
    assert MemorySnapshot.objects.get(camera=camera).path == "new"


def test_a_removed_camera_is_forgotten_when_its_events_have_gone(camera: Camera) -> None:
    services.remove_camera(camera=camera)
    assert services.forget_removed_cameras(older_than=timedelta(days=1)) == 0
    assert services.forget_removed_cameras(older_than=timedelta()) == 1
    assert not Camera.with_removed.exists()
