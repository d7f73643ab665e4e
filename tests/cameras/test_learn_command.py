"""`manage.py learn`"""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from celery import current_app
from django.core.management import call_command
from django.core.management.base import CommandError

from cameras import requests
from cameras.leases import DatabaseNow
from cameras.models import Camera, Request, Worker
from cameras.requests import take_request
from tests.factories import make_camera


@pytest.fixture
def video(tmp_path: Path) -> Path:
    path = tmp_path / "quiet.mp4"
    path.write_bytes(b"")
    return path


@pytest.fixture
def worker(db: None) -> None:
    Worker.objects.create(name="w", host="h", device="cpu", queue="q", slots=1)
    Worker.objects.update(seen_at=DatabaseNow())


def answering(ok: bool, message: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker that takes what is asked and answers at once."""

    def send(request: Request) -> None:
        take_request(request.pk)
        requests.finish_request(request_id=request.pk, ok=ok, message=message)

    monkeypatch.setattr(requests, "_send", send)


@pytest.mark.django_db(transaction=True)
def test_it_waits_for_the_worker_and_tells_what_was_learned(
    video: Path, worker: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_camera(name="Gate")
    answering(True, "learned 60 s of footage", monkeypatch)
    output = io.StringIO()
    call_command("learn", "Gate", "--from", str(video), stdout=output)
    assert "100% learned 60 s of footage" in output.getvalue()


@pytest.mark.django_db(transaction=True)
def test_it_fails_with_what_the_worker_says(video: Path, worker: None, monkeypatch: pytest.MonkeyPatch) -> None:
    camera = make_camera(name="Gate")
    answering(False, "quiet.mp4 holds no picture", monkeypatch)
    with pytest.raises(CommandError, match="holds no picture"):
        call_command("learn", str(camera.pk), "--from", str(video), stdout=io.StringIO())


def test_without_a_worker_it_says_so_at_once(camera: Camera, video: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(current_app, "send_task", lambda *_, **__: pytest.fail("nobody is there to ask"))
    with pytest.raises(CommandError, match=r"no inference worker.*vigil up"):
        call_command("learn", "Gate", "--from", str(video))


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["Door", "--from", "{video}"], "There is no camera Door. There are: Gate"),
        (["Gate", "--from", "missing.mp4"], "There is no file missing.mp4"),
        (["Twin", "--from", "{video}"], "Several sites have a camera Twin"),
    ],
)
def test_what_is_wrong_is_said(camera: Camera, video: Path, worker: Any, arguments: list[str], sentence: str) -> None:
    if "Twin" in arguments:
        make_camera(name="Twin")
        make_camera(name="Twin")
    with pytest.raises(CommandError, match=sentence):
        call_command("learn", *(argument.format(video=video) for argument in arguments))
