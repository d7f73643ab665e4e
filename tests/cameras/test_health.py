"""What people are told about a camera."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from cameras.health import SILENT_SECONDS, CameraHealth, health_of, with_health
from cameras.models import Camera, Health, Lease
from tests.factories import make_camera

NOW = 1_800_000_000.0


@pytest.fixture
def camera(site: Any) -> Camera:
    return make_camera(site=site)


def hold(camera: Camera, *, expires_at: float = NOW + 2, owner: str = "worker") -> None:
    Lease.objects.filter(camera=camera).update(owner=owner, epoch=3, claimed_at=NOW - 60, expires_at=expires_at)


def say(camera: Camera, state: str, **values: Any) -> None:
    values = {"epoch": 3, "since": NOW - 30, "reported_at": NOW - 1} | values
    Health.objects.filter(camera=camera).update(state=state, **values)


def shown(camera: Camera) -> CameraHealth:
    return health_of(Camera.objects.get(pk=camera.pk), now=NOW)


def test_a_camera_that_should_not_run_is_stopped_even_while_its_loop_ends(camera: Camera) -> None:
    hold(camera)
    say(camera, "watching")
    Camera.objects.update(desired_state="stopped")
    assert shown(camera).state == "stopped"


@pytest.mark.parametrize("lease", [{"owner": ""}, {"expires_at": NOW - 1}])
def test_a_camera_that_nobody_holds_waits(camera: Camera, lease: dict[str, Any]) -> None:
    hold(camera, **lease)
    say(camera, "watching")
    assert shown(camera).state == "waiting"
    assert "worker" in shown(camera).detail


def test_a_camera_without_rows_of_its_own_waits(camera: Camera) -> None:
    Lease.objects.all().delete()
    Health.objects.all().delete()
    assert shown(camera) == CameraHealth("waiting", camera.created_at, shown(camera).detail)


def test_what_the_loop_before_said_is_not_what_this_one_does(camera: Camera) -> None:
    hold(camera)
    say(camera, "watching", epoch=2)
    assert shown(camera) == CameraHealth("connecting", datetime.fromtimestamp(NOW - 60, UTC))


def test_learning_shows_how_far_it_is(camera: Camera) -> None:
    hold(camera)
    say(camera, "learning", progress=0.4, frames_per_second=5.0, last_frame_at=NOW - 0.2)
    health = shown(camera)
    assert (health.state, health.progress, health.frames_per_second) == ("learning", 0.4, 5.0)
    assert health.last_frame_at == datetime.fromtimestamp(NOW - 0.2, UTC)
    assert health.since == datetime.fromtimestamp(NOW - 30, UTC)


@pytest.mark.parametrize("state", ["connecting", "watching", "stalled", "offline", "failed"])
def test_what_the_loop_says_is_shown_with_its_reason(camera: Camera, state: str) -> None:
    hold(camera)
    say(camera, state, detail="the camera refused the password (401)")
    assert (shown(camera).state, shown(camera).detail) == (state, "the camera refused the password (401)")


def test_a_loop_that_fell_silent_is_not_believed(camera: Camera) -> None:
    hold(camera)
    say(camera, "watching", reported_at=NOW - SILENT_SECONDS - 1)
    assert shown(camera).state == "stalled"


def test_the_time_to_judge_by_is_the_databases(camera: Camera) -> None:
    row = with_health(Camera.objects.all()).get()
    assert abs(row.database_now - datetime.now(UTC).timestamp()) < 60
