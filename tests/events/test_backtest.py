"""Asking for a back-test: who may, of what, and what the worker hears."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from celery import current_app

from cameras import requests
from cameras.models import Camera, Request
from project.accounts.models import User
from tests.factories import make_camera, make_event


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    names: list[str] = []
    monkeypatch.setattr("cameras.control.knock", lambda: None)
    monkeypatch.setattr(current_app, "send_task", lambda name, **how: names.append(name))
    return names


@pytest.fixture
def ask(api: Any, camera: Camera, sent: list[str], django_capture_on_commit_callbacks: Any) -> Any:
    def post(user: User | None, **change: Any) -> Any:
        with django_capture_on_commit_callbacks(execute=True):
            return api(user).post(f"/api/v1/cameras/{camera.pk}/backtest/", change, format="json")

    return post


def test_a_worker_is_asked_and_the_answer_awaited(
    ask: Any, api: Any, manager: User, camera: Camera, sent: list[str]
) -> None:
    event = make_event(camera=camera)
    answer = ask(manager, alarm_budget=1.0, dismiss=str(event.pk))
    assert answer.status_code == 202
    shown = answer.json()
    assert (shown["kind"], shown["state"], shown["result"]) == ("backtest", "waiting", None)
    assert sent == ["inference.backtest"]
    taken = requests.take_request(shown["id"])
    assert taken is not None
    assert (taken.camera_id, taken.alarm_budget, taken.dismiss) == (camera.pk, 1.0, event.pk)

    figures = {"events_now": 5, "would_vanish": 2, "would_appear": 0, "days": 7.0}
    requests.finish_request(request_id=taken.id, ok=True, message="Two fewer.", result=figures)
    shown = api(manager).get(f"/api/v1/cameras/requests/{taken.id}").json()
    assert (shown["state"], shown["result"], shown["message"]) == ("done", figures, "Two fewer.")


@pytest.mark.parametrize("change", [{}, {"alarm_budget": None}, {"alarm_budget": -1}, {"alarm_budget": 2000}])
def test_what_is_no_change_is_refused(ask: Any, manager: User, sent: list[str], change: dict[str, Any]) -> None:
    answer = ask(manager, **change)
    assert answer.status_code == 400
    assert list(answer.json()["fields"]) == ["alarm_budget"]
    assert sent == []


def test_only_managers_ask_and_strangers_find_nothing(
    ask: Any, viewer: User, operator: User, stranger: User, sent: list[str]
) -> None:
    statuses = [ask(user, alarm_budget=1.0).status_code for user in (viewer, operator, stranger, None)]
    assert statuses == [403, 403, 404, 401]
    assert not Request.objects.exists()


def test_an_event_of_another_camera_is_not_found(ask: Any, manager: User, camera: Camera) -> None:
    for other in (make_camera(), make_camera(site=camera.site)):
        event = make_event(camera=other)
        assert ask(manager, dismiss=str(event.pk)).status_code == 404
    assert ask(manager, dismiss=str(uuid4())).status_code == 404
    assert not Request.objects.exists()
