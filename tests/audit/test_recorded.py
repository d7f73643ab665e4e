"""What people do with cameras and events is in the trail, with who they are and what changed from what to what."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from celery import current_app
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import DatabaseError
from django.utils import timezone

from cameras import requests
from cameras import services as cameras
from cameras.models import Camera, Request
from events import services as events
from events.models import Event
from project.accounts.models import Site, User
from project.audit import trail
from project.audit.models import AuditEntry
from project.audit.verification import verify
from tests.factories import make_event


def entries() -> list[AuditEntry]:
    return list(AuditEntry.objects.order_by("number"))


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(current_app, "send_task", lambda *_, **__: None)


def test_the_life_of_a_camera(site: Site, manager: User) -> None:
    source, other = "rtsp://u:canary-1@192.0.2.1/a", "rtsp://u:canary-2@192.0.2.1/a"
    camera = cameras.register_camera(site=site, name="Dock", source=source, by=manager)
    cameras.change_camera(camera=camera, by=manager, alarm_budget=5.0, source=other)
    cameras.change_camera(camera=camera, by=manager, alarm_budget=5.0)
    cameras.stop_camera(camera=camera, by=manager)
    cameras.stop_camera(camera=camera, by=manager)
    cameras.start_camera(camera=camera)
    cameras.relearn_camera(camera=camera, by=manager)
    requests.request_test(site=site, source=camera.masked_source, camera=camera, by=manager)
    requests.request_learning(camera=camera, paths=[Path("/x/monday.mp4")], by=manager)
    cameras.remove_camera(camera=camera, by=manager)
    told = entries()
    did = ["registered", "changed", "stopped", "started", "relearned", "test_connection", "learn", "removed"]
    assert [entry.action for entry in told] == [f"camera.{action}" for action in did]
    assert [entry.user_name for entry in told] == ["mina"] * 3 + [""] + ["mina"] * 4
    assert {(entry.site_id, entry.target_id, entry.target_name) for entry in told} == {
        (site.pk, str(camera.pk), "Dock")
    }
    masked = "rtsp://***@192.0.2.1/a"
    assert json.loads(told[1].changes) == {"alarm_budget": [2.0, 5.0], "source": [masked, masked]}
    assert json.loads(told[2].changes) == {"desired_state": ["running", "stopped"]}
    assert "canary" not in str(list(AuditEntry.objects.values()))


def test_what_people_decide(operator: User, camera: Camera) -> None:
    event = make_event(camera=camera)
    events.acknowledge_event(event_id=event.pk, by=operator, note="on my way")
    events.dismiss_event(event_id=event.pk, by=operator)
    events.reopen_event(event_id=event.pk, by=operator)
    events.note_event(event_id=event.pk, by=operator, note="a fox")
    events.resolve_event(event_id=event.pk, by=operator)
    told = entries()
    did = ["acknowledged", "dismissed", "reopened", "noted", "resolved"]
    assert [entry.action for entry in told] == [f"event.{action}" for action in did]
    assert {(entry.user_name, entry.target_id, entry.site_id) for entry in told} == {
        ("omar", str(event.pk), event.site_id)
    }
    assert json.loads(told[0].details) == {"camera": "Gate", "note": "on my way"}
    assert json.loads(told[1].changes) == {"status": ["acknowledged", "dismissed"]}
    assert told[3].changes == ""


def test_a_clip_is_opened_once_an_hour_for_each_person(
    api: Any, viewer: User, operator: User, camera: Camera, media: Path
) -> None:
    event = make_event(camera=camera)
    url = f"/api/v1/events/{event.pk}/clip.mp4"
    assert api(viewer).get(url).status_code == 404
    name = default_storage.save(f"events/{event.pk}/clip.mp4", ContentFile(b"clip" * 100))
    Event.objects.filter(pk=event.pk).update(clip_path=name)
    for user in (viewer, viewer, operator):
        b"".join(api(user).get(url, headers={"range": "bytes=0-9"}).streaming_content)
    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        b"".join(api(viewer).get(url).streaming_content)
    assert [(entry.action, entry.user_name) for entry in entries()] == [
        ("clip.opened", "vera"),
        ("clip.opened", "omar"),
        ("clip.opened", "vera"),
    ]
    assert list(verify()) == []


def test_what_cannot_be_recorded_does_not_happen(
    operator: User, camera: Camera, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = make_event(camera=camera)

    def fail(*_: Any) -> None:
        raise DatabaseError("no")

    monkeypatch.setattr(trail, "_append", fail)
    with pytest.raises(DatabaseError):
        events.acknowledge_event(event_id=event.pk, by=operator)
    with pytest.raises(DatabaseError):
        cameras.register_camera(site=site, name="Dock", source="rtsp://192.0.2.1/")
    with pytest.raises(DatabaseError):
        cameras.remove_camera(camera=Camera.objects.get(pk=camera.pk), by=operator)
    with pytest.raises(DatabaseError):
        requests.request_test(site=site, source="rtsp://192.0.2.1/")
    event.refresh_from_db()
    assert (event.status, event.transitions.count()) == ("new", 0)
    assert list(Camera.objects.values_list("name", flat=True)) == ["Gate"]
    assert not Request.objects.exists()
