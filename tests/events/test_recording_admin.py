"""What staff are shown of recordings and evidence, and what figures tell of the disk."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from cameras.leases import DatabaseNow
from cameras.models import Camera, Health
from events.models import Event
from events.retention import remove_events
from inference.recording import Recordings
from project.accounts.models import User
from tests.factories import make_event
from tests.inference.fakes import FakeClock
from tests.inference.loop_bench import SETTINGS


@pytest.fixture(autouse=True)
def _media(media: Path) -> None:
    """A folder of the test's own."""


def test_a_cameras_page_says_what_recording_it_would_take(client: Client, superuser: User, camera: Camera) -> None:
    Health.objects.filter(camera=camera).update(bytes_per_second=100_000.0)
    client.force_login(superuser)
    page = client.get(f"/admin/cameras/camera/{camera.pk}/change/").content.decode()
    assert "About 8.6 GB a day, 60 GB in all for the 7 days that recordings are kept." in page
    assert 'name="recording"' in page


def test_evidence_is_not_deleted(client: Client, superuser: User, camera: Camera) -> None:
    flagged, other = make_event(camera=camera, flagged=True), make_event(camera=camera)
    client.force_login(superuser)
    assert client.post(f"/admin/events/event/{flagged.pk}/delete/", {"post": "yes"}).status_code == 403
    remove_events([flagged.pk, other.pk])
    assert list(Event.objects.all()) == [flagged]


def test_figures_tell_of_cameras_that_lose_recordings(client: Client, camera: Camera, tmp_path: Path) -> None:
    def figures() -> Any:
        lines = client.get("/metrics").content.decode().splitlines()
        return dict(line.rsplit(" ", 1) for line in lines if not line.startswith("#"))

    assert float(figures()["vigil_media_disk_free_bytes"]) > 0
    assert float(figures()["vigil_cameras_losing_recordings"]) == 0
    keeper: Any = None
    recordings = Recordings(SETTINGS, tmp_path, keeper, FakeClock())
    recordings.lost("the disk is full")
    Health.objects.filter(camera=camera).update(detail=recordings.problem, reported_at=DatabaseNow())
    assert float(figures()["vigil_cameras_losing_recordings"]) == 1
