"""How a camera is, as people are shown it: derived from what is wanted, who holds it and what the loop said last."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import QuerySet

from cameras.leases import DatabaseNow
from cameras.models import Camera, Health, Lease

if TYPE_CHECKING:
    from project.accounts.rights import SiteOwnedQuerySet

State = Literal["stopped", "waiting", "connecting", "learning", "watching", "stalled", "offline", "failed"]
STATES: tuple[State, ...] = (
    "stopped", "waiting", "connecting", "learning", "watching", "stalled", "offline", "failed",
)  # fmt: skip

SILENT_SECONDS = 15.0
"""A loop tells how it is every few seconds; one that was silent for so long hangs, whatever it said last."""


@dataclass(frozen=True, slots=True)
class CameraHealth:
    """A camera's state with what people need to act on it."""

    state: State
    since: datetime
    detail: str = ""
    """Plain English, no secrets."""
    progress: float = 0.0
    """Of learning, 0..1."""
    frames_per_second: float = 0.0
    last_frame_at: datetime | None = None
    dropped: int = 0
    """Pictures not looked at since the loop began."""
    threshold: float | None = None
    """Surprise from which on it alarms."""
    provisional: bool = True
    """Whether there is too little history for the alarm budget to be kept with confidence."""
    trusted_in_seconds: float | None = None
    """Of normal footage, until the threshold is no longer provisional."""


def with_health(cameras: SiteOwnedQuerySet) -> QuerySet[Any]:
    """The cameras with all that `health_of` needs, in one query: `database_now` is the time to judge them by."""
    whole: QuerySet[Any] = cameras.select_related("lease", "health_row", "site")
    dated: QuerySet[Any] = whole.annotate(database_now=DatabaseNow())
    return dated


def health_of(camera: Camera, *, now: float) -> CameraHealth:
    """What to show of the camera at database time `now`, seconds since 1970.

    * stopped: nobody should run it.
    * waiting: it should run, and no worker holds it.
    * connecting: a worker took it and its loop has not spoken yet, or says so.
    * stalled: pictures stopped coming, or the loop stopped telling.
    * else: what the loop said.
    """
    if camera.desired_state == Camera.DesiredState.STOPPED:
        return CameraHealth("stopped", camera.updated_at)
    lease, said = _lease(camera), _said(camera)
    if lease is None or not lease.owner or lease.expires_at <= now:
        since = _time(lease.expires_at) if lease and lease.expires_at else camera.created_at
        return CameraHealth("waiting", since, "No worker runs it at the moment; one with a free place will take it.")
    if said is None or said.epoch != lease.epoch:
        return CameraHealth("connecting", _time(lease.claimed_at))
    last_frame_at = _time(said.last_frame_at) if said.last_frame_at else None
    if now - said.reported_at > SILENT_SECONDS:
        detail = "The worker that runs it has stopped telling how it is."
        return CameraHealth("stalled", _time(said.reported_at), detail, last_frame_at=last_frame_at)
    return CameraHealth(
        state=_state(said.state),
        since=_time(said.since),
        detail=said.detail,
        progress=said.progress,
        frames_per_second=said.frames_per_second,
        last_frame_at=last_frame_at,
        dropped=said.dropped,
        threshold=said.threshold or None,
        provisional=said.provisional,
        trusted_in_seconds=said.trusted_in,
    )


def _state(said: str) -> State:
    return next((state for state in STATES if state == said), "connecting")


def _time(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _lease(camera: Camera) -> Lease | None:
    try:
        return camera.lease
    except ObjectDoesNotExist:
        return None


def _said(camera: Camera) -> Health | None:
    try:
        return camera.health_row
    except ObjectDoesNotExist:
        return None
