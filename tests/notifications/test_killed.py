"""A control worker that is killed loses nothing, and sends twice only what was under way, under the same key."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from cameras.models import Camera
from events.models import Event, EventTransition
from notifications.models import Delivery, Notice
from notifications.sender import LEASE
from project.accounts.models import Role
from tests.factories import make_camera, make_event, make_member, make_site
from tests.notifications.story import channel_of
from tests.support.processes import ROOT

pytestmark = pytest.mark.usefixtures("shared_database")


def database_url() -> str:
    """Of the database of this test, for a process of its own."""
    database = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{database['NAME']}"
    return f"postgres://{database['USER']}@{database['HOST']}:{database['PORT']}/{database['NAME']}"


def work(sink: Path, moment: str = "") -> int:
    """Let a control worker do its work once, in a process of its own; how it ended."""
    command = [sys.executable, "-m", "tests.notifications.dying_worker", str(sink), moment]
    environment = os.environ | {"DATABASE_URL": database_url(), "DJANGO_SETTINGS_MODULE": "project.settings"}
    return subprocess.run(command, cwd=ROOT, env=environment, check=False, timeout=60).returncode


@pytest.fixture
def cameras() -> list[Camera]:
    """Three at which something has just happened, in a site with three people who have a webhook each."""
    site = make_site(name="Quay")
    for _ in range(3):
        channel_of(make_member(site=site, role=Role.OPERATOR), "webhook")
    cameras = [make_camera(site=site, name=f"Camera {number}") for number in range(3)]
    for camera in cameras:
        event: Event = make_event(camera=camera, severity="high", started_at=timezone.now())
        EventTransition.objects.create(event=event, sequence=event.sequence, kind="opened", at=event.started_at)
    return cameras


def test_killed_between_sending_and_noting_it_sends_twice_what_had_left(cameras: list[Camera], tmp_path: Path) -> None:
    sink = tmp_path / "sink"
    assert work(sink, "sent") == -signal.SIGKILL
    had_left = sink.read_text().split()
    assert 1 <= len(set(had_left)) == len(had_left) <= 3, "one at a time to each webhook"
    assert work(sink) == 0
    assert len(set(sink.read_text().split())) >= 6, "the others do not wait for what the dead one holds"
    Delivery.objects.filter(state="queued").update(locked_until=timezone.now() - LEASE)  # a minute passes
    assert work(sink) == 0
    times = Counter(sink.read_text().split())
    assert len(times) == 9
    assert {key for key, count in times.items() if count > 1} == set(had_left)
    assert max(times.values()) == 2
    assert set(Delivery.objects.values_list("state", flat=True)) == {"sent"}


def test_killed_while_it_dispatches_it_misses_nothing_and_tells_nothing_twice(
    cameras: list[Camera], tmp_path: Path
) -> None:
    sink = tmp_path / "sink"
    assert work(sink, "dispatching") == -signal.SIGKILL
    assert not Notice.objects.exists()
    assert EventTransition.objects.filter(processed_at=None).count() == 3
    assert work(sink) == 0
    keys = sink.read_text().split()
    assert len(keys) == len(set(keys)) == 9
