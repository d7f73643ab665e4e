"""Unusual moments that did not alarm can be looked at."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from cameras.models import Camera
from events.scores import SecondScore, save_scores
from project.accounts.models import User
from tests.factories import make_event

Api = Callable[..., Any]
URL = "/api/v1/events/held-back/"


@pytest.fixture
def night(camera: Camera) -> Camera:
    """Two unusual stretches, one of them an event's, in a quiet hour."""
    now = timezone.now()
    start = int(now.timestamp()) - 3600
    scores = {start + second: 0.4 for second in range(0, 3500, 10)}
    scores |= {start + 1000: 1.7, start + 1002: 1.9, start + 1005: 1.6, start + 2000: 4.0}
    save_scores(camera.pk, [SecondScore(second, score, 2.5) for second, score in sorted(scores.items())])
    at = now - timedelta(seconds=1600)
    make_event(camera=camera, started_at=at - timedelta(seconds=2), ended_at=at + timedelta(seconds=6))
    return camera


def test_one_moment_is_told_by_its_peak_and_what_alarmed_is_not(api: Api, viewer: User, night: Camera) -> None:
    (moment,) = api(viewer).get(URL, {"camera": night.pk}).json()
    assert (moment["surprise"], moment["threshold"]) == (1.9, 2.5)


def test_only_the_hours_asked_for_count(api: Api, viewer: User, night: Camera) -> None:
    assert api(viewer).get(URL, {"camera": night.pk, "hours": 0.5}).json() == []


def test_a_foreign_camera_is_none(api: Api, stranger: User, night: Camera) -> None:
    assert api(stranger).get(URL, {"camera": night.pk}).status_code == 404


@pytest.mark.parametrize("query", [{}, {"camera": "gate"}, {"hours": 0}, {"hours": 1000}])
def test_what_cannot_be_asked_is_named(api: Api, viewer: User, camera: Camera, query: dict[str, Any]) -> None:
    answer = api(viewer).get(URL, ({"camera": camera.pk} if "hours" in query else {}) | query)
    assert answer.status_code == 400
    assert list(answer.json()["fields"]) == ["hours" if "hours" in query else "camera"]
