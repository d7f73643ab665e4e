"""What people ask of an inference worker and wait for: a connection test, learning from recordings, a back-test.

A row holds the question and the answer; a message only makes a worker look. The worker takes the row once, tells its
progress, and finishes it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from cameras.control import send_to_inference
from cameras.models import Camera, Request
from cameras.services import WHOLE_ADDRESS, Person, is_masked
from cameras.sources import masked
from cameras.validators import check_source_allowed
from project.accounts.models import Site
from project.audit import trail
from project.errors import Invalid
from project.masking import scrub

TEST_SECONDS = 30.0
"""How long a person looks at a spinner before 'nobody is there' is the better answer."""
LEARN_SECONDS = 3600.0
KEPT = timedelta(hours=1)
"""A finished request holds a picture and maybe a password: it is not kept longer than somebody may look at it."""

_NOBODY = "No inference worker took this up. Is one running? `./vigil status` shows it."
_UNREACHABLE = (
    "The job queue (Redis) cannot be reached, so no worker heard of this. `./vigil status` shows what is down."
)


@dataclass(frozen=True, slots=True)
class TakenRequest:
    """A request as the worker that took it sees it."""

    id: UUID
    kind: str
    camera_id: UUID | None
    source: str = ""
    """To test. Holds secrets: never log it."""
    paths: tuple[Path, ...] = ()
    """Recordings to learn from, absolute."""
    alarm_budget: float | None = None
    """To back-test; None: as it is."""
    dismiss: UUID | None = None
    """The event whose dismissal to back-test."""


@dataclass(frozen=True, slots=True)
class Progress:
    """A request as people are shown it."""

    state: str
    progress: float
    message: str


def request_test(*, site: Site, source: str, camera: Camera | None = None, by: Person | None = None) -> Request:
    """Ask a worker to open `source` and take a picture; masked as the camera's own, its stored source is meant.

    Raises Invalid where no camera may have this source.
    """
    if camera and source == masked(camera.source):
        source = camera.source
    if is_masked(source):
        raise Invalid("The address is masked.", fields={"source": [WHOLE_ADDRESS]})
    try:
        check_source_allowed(source)
    except ValidationError as error:
        raise Invalid("This source cannot be tested.", fields={"source": error.messages}) from None
    payload = json.dumps({"source": source})
    request = Request(kind=Request.Kind.TEST_CONNECTION, site=site, camera=camera, payload=payload)
    return _ask(request, by=by, source=source)


def request_learning(*, camera: Camera, paths: Sequence[Path], by: Person | None = None) -> Request:
    """Ask a worker to give the camera its normality from these recordings."""
    payload = json.dumps({"paths": [str(path.resolve()) for path in paths]})
    request = Request(kind=Request.Kind.LEARN, site=camera.site, camera=camera, payload=payload)
    return _ask(request, by=by, recordings=[path.name for path in paths])


def request_backtest(
    *, camera: Camera, alarm_budget: float | None = None, dismiss: UUID | None = None, by: Person | None = None
) -> Request:
    """Ask a worker what this budget, or dismissing that event, would have changed in the camera's last days.

    Raises Invalid where neither is given.
    """
    if alarm_budget is None and dismiss is None:
        sentence = "Give a budget, an event to dismiss, or both."
        raise Invalid("There is no change to test.", fields={"alarm_budget": [sentence]})
    payload = json.dumps({"alarm_budget": alarm_budget, "dismiss": dismiss and str(dismiss)})
    request = Request(kind=Request.Kind.BACKTEST, site=camera.site, camera=camera, payload=payload)
    return _ask(request, by=by, alarm_budget=alarm_budget)


def take_request(request_id: UUID) -> TakenRequest | None:
    """The request for the worker that is first to take it; None where it was taken, has ended or was forgotten."""
    waiting = Request.objects.filter(pk=request_id, state=Request.State.WAITING)
    if not waiting.update(state=Request.State.RUNNING):
        return None
    request: Request = Request.objects.get(pk=request_id)
    payload = json.loads(request.payload)
    return TakenRequest(
        id=request.id,
        kind=request.kind,
        camera_id=request.camera_id,
        source=payload.get("source", ""),
        paths=tuple(Path(path) for path in payload.get("paths", ())),
        alarm_budget=payload.get("alarm_budget"),
        dismiss=UUID(payload["dismiss"]) if payload.get("dismiss") else None,
    )


def report_progress(*, request_id: UUID, progress: float, message: str = "") -> None:
    """Tell how far it is, 0..1; nothing happens where the request is not running."""
    running = Request.objects.filter(pk=request_id, state=Request.State.RUNNING)
    running.update(progress=progress, message=scrub(message))


def finish_request(
    *, request_id: UUID, ok: bool, message: str, preview: bytes | None = None, result: Mapping[str, float] | None = None
) -> bool:
    """Write down the answer, once: False where it has ended already. `preview` is a JPEG, `result` figures."""
    unfinished = Request.objects.filter(pk=request_id, finished_at=None)
    return bool(
        unfinished.update(
            state=Request.State.DONE if ok else Request.State.FAILED,
            progress=1.0 if ok else 0.0,
            message=scrub(message),
            preview=preview,
            result=result,
            payload="",
            finished_at=timezone.now(),
        )
    )


def progress_of(request: Request, *, now: datetime) -> Progress:
    """How the request is; one that nobody took up in time has failed, whoever may have been told of it."""
    waited = (now - request.created_at).total_seconds()
    if request.state == Request.State.WAITING and waited > _patience(request.kind):
        return Progress(Request.State.FAILED, 0.0, _NOBODY)
    return Progress(request.state, request.progress, request.message)


def forget_requests() -> int:
    """Delete what nobody looks at any more; returns how many."""
    patience = timedelta(seconds=LEARN_SECONDS) + KEPT
    finished = Request.objects.filter(finished_at__lt=timezone.now() - KEPT)
    abandoned = Request.objects.filter(finished_at=None, created_at__lt=timezone.now() - 24 * patience)
    return int(finished.delete()[0]) + int(abandoned.delete()[0])


@transaction.atomic
def _ask(request: Request, *, by: Person | None, **details: object) -> Request:
    request.save(force_insert=True)
    target = request.camera or request.site
    trail.record(f"camera.{request.kind}", by=by, site=request.site, target=target, details=details)
    transaction.on_commit(lambda: _send(request))
    return request


def _send(request: Request) -> None:
    if not send_to_inference(f"inference.{request.kind}", request.id, expires=_patience(request.kind)):
        finish_request(request_id=request.id, ok=False, message=_UNREACHABLE)
        request.refresh_from_db()


def _patience(kind: str) -> float:
    return LEARN_SECONDS if kind == Request.Kind.LEARN else TEST_SECONDS
