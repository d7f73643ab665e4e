"""A back-test of a camera, from what the database and the media storage hold of it."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.utils import timezone

from cameras.models import Camera, Request
from events.models import Event
from events.records import features_name
from events.scores import SecondScore, save_scores
from inference import sink, worker
from inference.memory import DensityMemory
from inference.memory.attributes import LEFT
from inference.normality import Normality
from inference.stored import MemoryVersion, StoredFeatures
from inference.tasks import TROUBLE, backtest
from inference.types import Features
from tests.factories import make_event
from tests.inference.eyes import FakeEye
from tests.inference.test_density import FPS, features

pytestmark = pytest.mark.django_db
NOW = timezone.now().replace(microsecond=0)


class Crew:
    """Stands in for the crew of a running worker."""

    def __init__(self) -> None:
        self.station = self
        self.eye = FakeEye()

    def batcher(self, eye: str) -> Crew:
        return self


@pytest.fixture(autouse=True)
def crew(monkeypatch: pytest.MonkeyPatch, media: Path) -> Crew:
    crew = Crew()
    monkeypatch.setattr(worker, "_crew", crew)
    return crew


@pytest.fixture(scope="module")
def learned() -> bytes:
    """A camera that knows slow things at x = 0.5."""
    memory = DensityMemory()
    for number in range(80 * FPS):
        memory.learn([features(number)])
    return Normality(memory, fingerprint="fake-1").to_bytes()


def happened(camera: Camera, minutes_ago: int, thing: Features | None = None, **values: Any) -> Event:
    """An event of ten seconds, scored from `thing`, with its scores among those of two quiet minutes."""
    at = NOW - timedelta(minutes=minutes_ago)
    seconds = range(int(at.timestamp()) - 60, int(at.timestamp()) + 60)
    scores = [SecondScore(each, 3.0 if 60 <= number < 70 else 0.2, 1.5) for number, each in enumerate(seconds)]
    save_scores(camera.pk, scores)
    event = make_event(camera=camera, started_at=at, ended_at=at + timedelta(seconds=10), **values)
    if thing is not None:
        stored = StoredFeatures(thing, 3.0, 1.5, MemoryVersion("fake-1", 0, 80.0), thing)
        sink.store_media(features_name(event.pk), stored.to_bytes())
    return event


def ask(camera: Camera, **change: Any) -> Request:
    request: Request = Request.objects.create(
        kind=Request.Kind.BACKTEST, camera=camera, site=camera.site, payload=json.dumps(change)
    )
    backtest(str(request.id))
    request.refresh_from_db()
    return request


def keep(camera: Camera, snapshot: bytes) -> None:
    sink.replace_memory(camera_id=camera.id, fingerprint="fake-1", content=snapshot, learned_seconds=80.0)


def test_dismissing_an_event_would_spare_its_like_and_no_other(camera: Camera, learned: bytes) -> None:
    keep(camera, learned)
    fast = happened(camera, 50, features(9001, speed=0.5, things=3))
    happened(camera, 40, features(9002, speed=0.5, things=3))
    happened(camera, 30, features(9003, speed=0.5, x=0.9, things=3))
    happened(camera, 20)
    happened(camera, 10, features(9004, speed=0.5, things=3), status="dismissed")
    answer = ask(camera, dismiss=str(fast.pk))
    assert answer.state == "done", answer.message
    assert answer.result == {
        "events_now": 4,
        "would_vanish": 2,
        "would_appear": 0,
        "days": pytest.approx(600 / 86_400),
        "threshold_now": 1.5,
        "threshold_then": 1.5,
    }
    assert answer.message.startswith("Events in the last 0.2 hours: 4. Of these, 2 would not have been")


def left_at(x: float) -> Features:
    """As it is kept of an event about something that was left."""
    box = np.array([[x, 0.5, x + 0.05, 0.6]], np.float32)
    return Features(0.0, box, {LEFT: np.ones((1, 1), np.float32)})


def test_dismissing_what_was_left_would_spare_what_is_left_there(camera: Camera, learned: bytes) -> None:
    keep(camera, learned)
    bag = happened(camera, 50, left_at(0.3))
    happened(camera, 40, left_at(0.32))
    happened(camera, 30, left_at(0.6))
    happened(camera, 20, features(9001, speed=0.5, x=0.3))
    answer = ask(camera, dismiss=str(bag.pk))
    assert answer.result is not None, answer.message
    assert (answer.result["events_now"], answer.result["would_vanish"]) == (4, 2)


def test_a_budget_alone_needs_no_memory(camera: Camera) -> None:
    happened(camera, 10)
    answer = ask(camera, alarm_budget=10.0)
    assert answer.state == "done"
    assert answer.result is not None
    assert answer.result["events_now"] == 1


def test_what_cannot_be_tested_says_why(camera: Camera) -> None:
    assert "let it watch" in ask(camera, alarm_budget=1.0).message
    event = happened(camera, 10)
    assert "teaches nothing" in ask(camera, dismiss=str(event.pk)).message
    taught = happened(camera, 20, features(9001, speed=0.5))
    answer = ask(camera, dismiss=str(taught.pk))
    assert (answer.state, answer.result) == ("failed", None)
    assert "try again in a minute" in answer.message


def test_trouble_is_answered_too(camera: Camera, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sink, "load_scores", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        ask(camera, alarm_budget=1.0)
    assert Request.objects.get().message == TROUBLE
