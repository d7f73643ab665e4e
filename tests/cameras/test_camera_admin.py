"""Cameras in the administration."""

from __future__ import annotations

import json
from typing import Any

import pytest
from celery import current_app
from django.contrib.admin.models import LogEntry
from django.test import Client

from cameras import requests
from cameras.models import Camera, Request
from project.accounts.models import Site, User
from tests.factories import make_camera

LIST = "/admin/cameras/camera/"
SECRET = "canary-password"


def staff(user: User) -> Client:
    user.is_staff = True
    user.save()
    client = Client()
    client.force_login(user)
    return client


def form(camera: Camera, **values: Any) -> dict[str, Any]:
    return {
        "name": camera.name,
        "source": camera.masked_source,
        "analysis_source": "",
        "desired_state": camera.desired_state,
        "alarm_budget": "2",
        "analysis_fps": "5",
        "live_fps": "5",
        "device_class": "any",
        "eye": "motion",
        "zones": "[]",
        "masks": "[]",
        "recording": "off",
    } | values


def test_no_page_shows_a_secret(superuser: User, camera: Camera) -> None:
    client = staff(superuser)
    for page in (LIST, f"{LIST}{camera.pk}/change/", f"{LIST}{camera.pk}/history/", f"{LIST}{camera.pk}/delete/"):
        answer = client.get(page, follow=True)
        assert answer.status_code == 200
        assert SECRET not in answer.content.decode()
    assert "rtsp://***@192.0.2.10/stream" in client.get(LIST).content.decode()


def test_saving_the_form_as_it_was_shown_keeps_the_source(superuser: User, camera: Camera) -> None:
    answer = staff(superuser).post(f"{LIST}{camera.pk}/change/", form(camera, name="South gate"))
    assert answer.status_code == 302, answer.content.decode()
    camera.refresh_from_db()
    assert (camera.name, camera.source) == ("South gate", f"rtsp://user:{SECRET}@192.0.2.10/stream")
    assert camera.settings_version == 2


def test_a_new_source_is_written_and_not_into_the_history(superuser: User, camera: Camera) -> None:
    source = "rtsp://user:another-canary@192.0.2.11/stream"
    assert staff(superuser).post(f"{LIST}{camera.pk}/change/", form(camera, source=source)).status_code == 302
    camera.refresh_from_db()
    assert camera.source == source
    assert "canary" not in str(list(LogEntry.objects.values()))


@pytest.mark.parametrize("source", ["rtsp://***@203.0.113.9/stream", "/etc/passwd"])
def test_a_source_that_cannot_be_is_refused_in_the_form(superuser: User, camera: Camera, source: str) -> None:
    answer = staff(superuser).post(f"{LIST}{camera.pk}/change/", form(camera, source=source))
    assert answer.status_code == 200
    assert "errorlist" in answer.content.decode()


@pytest.mark.parametrize("places", ["nonsense", "[" * 100_000])
def test_places_that_cannot_be_read_are_refused_in_the_form(superuser: User, camera: Camera, places: str) -> None:
    answer = staff(superuser).post(f"{LIST}{camera.pk}/change/", form(camera, zones=places))
    assert answer.status_code == 200
    assert list(answer.context["adminform"].form.errors) == ["zones"]


def test_a_camera_is_added_with_its_rows(superuser: User, site: Site) -> None:
    values = form(Camera(name="Dock", source="rtsp://192.0.2.1/"), site=site.pk)
    answer = staff(superuser).post(f"{LIST}add/", values)
    assert answer.status_code == 302, answer.content.decode()
    camera = Camera.objects.get(name="Dock")
    assert camera.lease.epoch == 0
    assert camera.health_row.epoch == 0


def test_removing_hides_the_camera_and_keeps_its_row(superuser: User, camera: Camera) -> None:
    assert staff(superuser).post(f"{LIST}{camera.pk}/delete/", {"post": "yes"}).status_code == 302
    assert not Camera.objects.exists()
    assert Camera.with_removed.exists()


def test_actions_stop_start_and_test(superuser: User, camera: Camera, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cameras.control.knock", lambda: None)
    monkeypatch.setattr(current_app, "send_task", lambda *_, **__: None)
    client = staff(superuser)
    states = []
    for action in ("stop", "start", "relearn", "test"):
        assert client.post(LIST, {"action": action, "_selected_action": [str(camera.pk)]}).status_code == 302
        camera.refresh_from_db()
        states.append(camera.desired_state)
    assert states == ["stopped", "running", "running", "running"]
    assert camera.memory_version == 1
    assert Request.objects.get().camera == camera
    page = client.get(f"{LIST}{camera.pk}/change/").content.decode()
    assert "waiting" in page
    assert SECRET not in page


def test_a_budget_is_tried_before_it_is_set(superuser: User, camera: Camera, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(current_app, "send_task", lambda *_, **__: None)
    client, page = staff(superuser), f"{LIST}{camera.pk}/change/"
    before = camera.settings_version
    assert client.post(page, form(camera, try_budget="20")).status_code == 302
    camera.refresh_from_db()
    assert (camera.alarm_budget, camera.settings_version) == (2.0, before), "trying changes nothing"
    asked = Request.objects.get()
    assert json.loads(asked.payload) == {"alarm_budget": 20.0, "dismiss": None}
    requests.take_request(asked.pk)
    requests.finish_request(request_id=asked.pk, ok=True, message="3 events more in 2 days.")
    assert "done: 3 events more in 2 days." in client.get(page).content.decode()


def test_an_impossible_budget_is_refused_in_the_form(superuser: User, camera: Camera) -> None:
    answer = staff(superuser).post(f"{LIST}{camera.pk}/change/", form(camera, try_budget="-1"))
    assert answer.status_code == 200
    assert "errorlist" in answer.content.decode()
    assert not Request.objects.exists()


def test_staff_sees_the_cameras_of_the_sites_it_manages(manager: User, camera: Camera, other_site: Site) -> None:
    foreign = make_camera(site=other_site, name="Runway")
    client = staff(manager)
    page = client.get(LIST).content.decode()
    assert "Gate" in page
    assert "Runway" not in page
    assert client.get(f"{LIST}{foreign.pk}/change/").status_code == 302
    assert "Airport" not in client.get(f"{LIST}add/").content.decode()
    client.post(LIST, {"action": "stop", "_selected_action": [str(foreign.pk)]})
    foreign.refresh_from_db()
    assert foreign.desired_state == "running"


def test_staff_that_manages_nothing_sees_no_cameras(operator: User, camera: Camera) -> None:
    assert staff(operator).get(LIST).status_code == 403


def test_people_and_tokens_are_for_superusers(manager: User, superuser: User) -> None:
    pages = ["/admin/accounts/user/", "/admin/accounts/site/", "/admin/accounts/token/", "/admin/cameras/worker/"]
    assert [staff(manager).get(page).status_code for page in pages] == [403] * 4
    assert [staff(superuser).get(page).status_code for page in pages] == [200] * 4
    assert staff(superuser).get(f"/admin/accounts/user/{manager.pk}/change/").status_code == 200
