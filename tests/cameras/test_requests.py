"""Asking a worker, and its answer."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from celery import current_app
from django.utils import timezone

from cameras import requests
from cameras.models import Camera, Request
from cameras.tasks import clean_up
from project.accounts.models import Role, Site, User
from tests.factories import make_camera, make_member

Api = Callable[..., Any]
TEST, ANSWERS = "/api/v1/cameras/test", "/api/v1/cameras/requests/"
SOURCE = "rtsp://admin:canary-password@192.0.2.20/stream"


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    messages: list[dict[str, Any]] = []
    monkeypatch.setattr("cameras.control.knock", lambda: None)
    monkeypatch.setattr(current_app, "send_task", lambda name, **how: messages.append({"name": name, **how}))
    return messages


@pytest.fixture
def ask(
    api: Api, manager: User, site: Site, sent: list[Any], django_capture_on_commit_callbacks: Any
) -> Callable[..., Any]:
    def post(**values: Any) -> Any:
        with django_capture_on_commit_callbacks(execute=True):
            return api(manager).post(TEST, {"site": site.pk, "source": SOURCE} | values, format="json")

    return post


def test_a_worker_is_asked_and_the_answer_awaited(ask: Any, api: Api, manager: User, sent: list[Any]) -> None:
    answer = ask()
    assert answer.status_code == 202
    assert (answer.json()["kind"], answer.json()["state"]) == ("test_connection", "waiting")
    request_id = answer.json()["id"]
    assert sent == [
        {
            "name": "inference.test_connection",
            "args": [request_id],
            "queue": "inference",
            "expires": 30.0,
            "retry": False,
        }
    ]
    assert "canary" not in json.dumps(sent), "the broker hears of no secret"
    assert api(manager).get(f"{ANSWERS}{request_id}").json() == answer.json()


def test_the_worker_takes_it_once_and_answers_once(ask: Any, api: Api, manager: User) -> None:
    row = Request.objects.get(pk=ask().json()["id"])
    taken = requests.take_request(row.pk)
    assert taken is not None
    assert taken.source == SOURCE
    assert requests.take_request(row.pk) is None
    requests.report_progress(request_id=row.pk, progress=0.5, message=f"opening {SOURCE}")
    assert "canary" not in api(manager).get(f"{ANSWERS}{row.pk}").content.decode()
    assert requests.finish_request(request_id=row.pk, ok=True, message="H.264, 1280x720", preview=b"\xff\xd8jpeg")
    assert not requests.finish_request(request_id=row.pk, ok=False, message="too late")
    shown = api(manager).get(f"{ANSWERS}{row.pk}/").json()
    assert (shown["state"], shown["progress"], shown["message"]) == ("done", 1.0, "H.264, 1280x720")
    assert shown["preview"] == "data:image/jpeg;base64,/9hqcGVn"
    row.refresh_from_db()
    assert row.payload == "", "the password is not kept"


def test_where_nobody_takes_it_up_that_is_the_answer(ask: Any, api: Api, manager: User) -> None:
    request_id = ask().json()["id"]
    with time_machine.travel(timezone.now() + timedelta(seconds=31)):
        shown = api(manager).get(f"{ANSWERS}{request_id}").json()
    assert shown["state"] == "failed"
    assert "No inference worker" in shown["message"]


def test_where_the_queue_is_away_that_is_the_answer(ask: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr("cameras.control.knock", away)
    request = Request.objects.get(pk=ask().json()["id"])
    assert request.state == "failed"
    assert "Redis" in request.message


def test_a_source_that_no_camera_may_have_is_not_tested(ask: Any, sent: list[Any]) -> None:
    answer = ask(source="/etc/passwd")
    assert answer.status_code == 400
    assert list(answer.json()["fields"]) == ["source"]
    assert sent == []


def test_the_masked_source_of_a_camera_means_its_stored_one(ask: Any, camera: Camera) -> None:
    answer = ask(source=camera.masked_source, camera=str(camera.pk))
    taken = requests.take_request(answer.json()["id"])
    assert taken is not None
    assert taken.source == camera.source


def test_a_masked_source_without_its_camera_is_refused(ask: Any) -> None:
    assert ask(source="rtsp://***@192.0.2.20/stream").status_code == 400


def test_a_camera_of_another_site_is_not_tested(ask: Any, other_site: Site) -> None:
    foreign = make_camera(site=other_site)
    assert ask(camera=str(foreign.pk), source=foreign.masked_source).status_code == 404


def test_who_does_not_manage_the_site_sees_no_answers(ask: Any, api: Api, viewer: User, stranger: User) -> None:
    request_id = ask().json()["id"]
    for user in (viewer, stranger):
        assert api(user).get(f"{ANSWERS}{request_id}").status_code == 404
    assert api().get(f"{ANSWERS}{request_id}").status_code == 401
    colleague = make_member(site=Site.objects.get(name="Harbour"), role=Role.MANAGER)
    assert api(colleague).get(f"{ANSWERS}{request_id}").status_code == 200
    assert api(colleague).get(f"{ANSWERS}{uuid4()}").status_code == 404


def test_learning_carries_absolute_paths(camera: Camera, sent: list[Any], tmp_path: Path) -> None:
    row = requests.request_learning(camera=camera, paths=[tmp_path / "a" / ".." / "b.mp4"])
    taken = requests.take_request(row.pk)
    assert taken is not None
    assert (taken.camera_id, taken.paths) == (camera.pk, (tmp_path / "b.mp4",))


def test_old_answers_are_forgotten(ask: Any) -> None:
    row = Request.objects.get(pk=ask().json()["id"])
    requests.finish_request(request_id=row.pk, ok=True, message="fine")
    clean_up()
    assert Request.objects.exists()
    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        clean_up()
    assert not Request.objects.exists()
