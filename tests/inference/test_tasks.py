"""The tasks: each answers the person who asked, whatever happens."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from cameras.models import Camera, Request
from inference import learning, tasks, worker
from inference.capture import probe as probing
from inference.capture.probe import ProbeResult
from inference.learn import RecordingUnreadable
from inference.tasks import TROUBLE, learn, run_camera

try_connection = tasks.test_connection  # pytest would take its own name for a test

pytestmark = pytest.mark.django_db


class FakeCrew:
    """Stands in for the crew of a running worker."""

    station = object()

    def __init__(self) -> None:
        self.ran: list[tuple[Any, int]] = []

    def run_camera(self, camera_id: Any, epoch: int) -> None:
        self.ran.append((camera_id, epoch))


@pytest.fixture
def crew(monkeypatch: pytest.MonkeyPatch) -> FakeCrew:
    crew = FakeCrew()
    monkeypatch.setattr(worker, "_crew", crew)
    return crew


def asked(camera: Camera, kind: str, payload: str) -> Request:
    request: Request = Request.objects.create(kind=kind, camera=camera, site=camera.site, payload=payload)
    return request


def test_a_camera_is_run_by_the_crew(crew: FakeCrew, camera: Camera) -> None:
    run_camera(str(camera.id), 4)
    assert crew.ran == [(camera.id, 4)]


def test_no_camera_is_run_outside_an_inference_worker(camera: Camera) -> None:
    with pytest.raises(RuntimeError, match="no inference worker"):
        run_camera(str(camera.id), 1)


def test_a_connection_is_tested_and_answered(camera: Camera, monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[str] = []

    def probe(source: str, **_: object) -> ProbeResult:
        tried.append(source)
        return ProbeResult(True, "Connected: 640x360, h264.", preview=b"jpeg")

    monkeypatch.setattr(probing, "probe", probe)
    request = asked(camera, Request.Kind.TEST_CONNECTION, '{"source": "rtsp://192.0.2.1/"}')
    try_connection(str(request.id))
    try_connection(str(request.id))

    request.refresh_from_db()
    assert (request.state, request.message, bytes(request.preview or b"")) == (
        "done",
        "Connected: 640x360, h264.",
        b"jpeg",
    )
    assert tried == ["rtsp://192.0.2.1/"], "a message that comes twice tries once"


def test_trouble_while_testing_is_answered_too(camera: Camera, monkeypatch: pytest.MonkeyPatch) -> None:
    def probe(source: str, **_: object) -> ProbeResult:
        raise OSError("no more processes")

    monkeypatch.setattr(probing, "probe", probe)
    request = asked(camera, Request.Kind.TEST_CONNECTION, '{"source": "rtsp://192.0.2.1/"}')
    with pytest.raises(OSError, match="processes"):
        try_connection(str(request.id))
    request.refresh_from_db()
    assert (request.state, request.message) == ("failed", TROUBLE)


@pytest.mark.parametrize("fails", [False, True])
def test_learning_is_answered(crew: FakeCrew, camera: Camera, monkeypatch: pytest.MonkeyPatch, fails: bool) -> None:
    def learn_recordings(
        station: object, camera_id: object, paths: Sequence[Path], progress: Callable[[float], None]
    ) -> float:
        progress(0.5)
        if fails:
            raise RecordingUnreadable("quiet.mp4 has no video in it.")
        return 90.0

    monkeypatch.setattr(learning, "learn_recordings", learn_recordings)
    request = asked(camera, Request.Kind.LEARN, '{"paths": ["/footage/quiet.mp4"]}')
    learn(str(request.id))
    request.refresh_from_db()
    no, yes = "quiet.mp4 has no video in it.", "The camera knows 1.5 minutes of normal footage now."
    assert (request.state, request.message) == (("failed", no) if fails else ("done", yes))


def test_a_request_nobody_made_is_left_alone(crew: FakeCrew) -> None:
    learn(str(uuid4()))
    try_connection(str(uuid4()))
