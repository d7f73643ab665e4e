"""An event that a person resolved leaves the calibration of its camera, however short it was and whenever they did."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import numpy as np
import pytest
from django.utils import timezone

from cameras.models import Camera, Lease
from events import services
from events.models import Event
from events.services import close_abandoned, write_records
from inference import sink
from inference.decider import Decider
from inference.memory import DensityMemory
from inference.normality import Normality
from inference.types import CameraSettings, Decision, Frame
from project.accounts.models import User
from tests.events.worker import NOON, Told, claim
from tests.factories import make_event
from tests.inference.test_density import FPS, features

SETTINGS = CameraSettings(UUID(int=1), 1, "Gate", "rtsp://192.0.2.1/")
FAST = {"speed": 0.14}
"""Just over the threshold: taken for the normal tail until somebody says otherwise."""


class Watched:
    """A camera that has learned, and its events."""

    def __init__(self) -> None:
        self.normality, self.decider = Normality(DensityMemory(), fingerprint="eye-1"), Decider(SETTINGS)
        self._number = 0
        self.decided: list[Decision] = []
        self.see(100 * FPS)
        usual = np.random.default_rng(9).gumbel(1.0, 0.16, 1000).astype(np.float32)
        self.normality._calibration.restore(usual)

    def see(self, count: int, **how: float) -> None:
        for _ in range(count):
            self._number += 1
            at = self._number / FPS
            frame = Frame(self._number, at, at, np.full((2, 2, 3), self._number % 200, np.uint8))
            judged = self.normality.judge(
                frame,
                features(self._number, **how),  # type: ignore[arg-type]
                event_open=self.decider.is_open,
            )
            self.decided += self.decider.decide(judged)

    @property
    def alarms(self) -> int:
        return len(self.normality._calibration.alarms())

    @property
    def span(self) -> tuple[float, float]:
        opened, closed = self.decided[0], self.decided[-1]
        assert (opened.kind, closed.kind) == ("opened", "closed")
        return opened.started_at, closed.at


@pytest.fixture
def watched() -> Watched:
    """Of an event that was over with the frame that opened it."""
    watched = Watched()
    watched.see(3, **FAST)
    watched.see(60)
    return watched


def test_one_that_was_over_when_it_opened_leaves_too(watched: Watched) -> None:
    start, end = watched.span
    assert end - start == pytest.approx(0.4)
    assert watched.alarms == 1
    watched.normality.confirm([(start, end)])
    assert watched.alarms == 0


def test_it_counts_with_the_peak_of_the_frames_that_opened_it(watched: Watched) -> None:
    assert watched.normality._calibration.array().max() == np.float32(watched.decided[-1].score)


def test_one_that_is_confirmed_before_the_next_picture_comes_leaves_with_it(watched: Watched) -> None:
    again = Watched()
    again.normality.confirm([watched.span])
    again.see(3, **FAST)
    again.see(60)
    assert again.span == watched.span
    assert again.alarms == 0


def version(camera: Camera) -> int:
    camera.refresh_from_db()
    return camera.settings_version


@pytest.mark.django_db
def test_of_one_that_was_resolved_while_it_went_on_its_worker_hears_when_it_ends(
    operator: User, camera: Camera
) -> None:
    told = Told(camera.pk, claim(camera, at=NOON))
    write_records([told.opened(0)])
    services.resolve_event(event_id=told.event_id, by=operator)
    assert sink.load_confirmed(camera.pk, NOON) == []
    before = version(camera)
    write_records([told.peaked(3, 5.0)])
    assert version(camera) == before
    closed = [told.closed(6)]
    for _ in range(2):  # told again, it is no news
        write_records(closed)
        assert version(camera) == before + 1
    assert sink.load_confirmed(camera.pk, NOON) == [(NOON, NOON + 6)]


@pytest.mark.django_db
def test_of_one_that_nobody_resolved_it_hears_nothing(camera: Camera) -> None:
    told = Told(camera.pk, claim(camera, at=NOON))
    write_records([told.opened(0), told.closed(6)])
    assert version(camera) == 1


@pytest.mark.django_db
@pytest.mark.parametrize(("status", "told"), [("resolved", 1), ("new", 0)])
def test_of_one_that_was_abandoned_its_next_worker_hears(camera: Camera, status: str, told: int) -> None:
    make_event(camera=camera, status=status, started_at=timezone.now() - timedelta(seconds=90), ended_at=None)
    Lease.objects.filter(camera=camera).update(expires_at=1.0)
    assert close_abandoned() == 1
    assert Event.objects.get().ended_at is not None
    assert version(camera) == 1 + told
