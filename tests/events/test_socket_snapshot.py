"""A client that applies what it is told has what a fresh fetch would give, after each action there is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from cameras.models import Camera
from events.services import write_records
from project.accounts.models import User
from tests.events.worker import Told, claim
from tests.support.snapshots import verify_action

Check = Callable[[Callable[[], object]], None]


@pytest.fixture
def worker(camera: Camera) -> Told:
    return Told(camera.pk, claim(camera, at=0.0))


@pytest.fixture
def check(
    api: Callable[..., APIClient],
    operator: User,
    told: list[Any],
    django_capture_on_commit_callbacks: Callable[..., Any],
) -> Check:
    """Acts, with all that follows the commit, and verifies what was told."""

    def fetch() -> list[Any]:
        results: list[Any] = api(operator).get("/api/v1/events/").json()["results"]
        return results

    def verify(act: Callable[[], object]) -> None:
        def act_and_commit() -> None:
            with django_capture_on_commit_callbacks(execute=True):
                act()

        verify_action(fetch, told, act_and_commit)

    return verify


def test_what_a_worker_writes(check: Check, worker: Told) -> None:
    check(lambda: write_records([worker.opened(0)]))
    check(lambda: write_records([worker.peaked(1, 3.0), worker.peaked(2, 4.0)]))
    check(lambda: write_records([worker.record("snapshot", 2, path="events/x/snapshot.jpg")]))
    check(lambda: write_records([worker.closed(5), worker.record("clip", 5, path="events/x/clip.mp4")]))


@pytest.mark.parametrize("verbs", [["acknowledge", "resolve", "reopen"], ["dismiss", "reopen", "note"]])
def test_what_people_do(check: Check, worker: Told, api: Any, operator: User, verbs: list[str]) -> None:
    check(lambda: write_records([worker.opened(0)]))
    for verb in verbs:

        def post(verb: str = verb) -> None:
            response = api(operator).post(f"/api/v1/events/{worker.event_id}/{verb}", {"note": "seen"}, format="json")
            assert response.status_code == 200, response.data

        check(post)
