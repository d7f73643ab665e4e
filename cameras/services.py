"""The only writer of cameras, of how they are and of what is asked about them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, TypedDict, Unpack
from uuid import UUID

import structlog
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from cameras.control import tell_workers_to_stop
from cameras.leases import DatabaseNow
from cameras.models import Camera, Health, Lease, MemorySnapshot
from project.accounts.models import Site, User
from project.audit import trail
from project.errors import Invalid
from project.masking import MASK, masked, scrub

log = structlog.get_logger(__name__)

Person = User | AnonymousUser
"""Whoever `request.user` is; that it may do this was decided before."""

SOURCE_FIELDS = ("source", "analysis_source")
WHOLE_ADDRESS = f"Type the whole address with its password: {MASK} only stands for what is hidden."
FORGOTTEN = "forgotten"
"""The fingerprint of a Memory that no eye may use."""
DETAIL_LENGTH = Health._meta.get_field("detail").max_length or 300


class CameraSettings(TypedDict, total=False):
    """What people may set on a camera beside its site, name and source."""

    analysis_source: str
    analysis_fps: float
    live_fps: float
    device_class: str
    desired_state: str
    alarm_budget: float
    eye: str
    zones: list[Any]
    masks: list[Any]


class CameraChanges(CameraSettings, total=False):
    """What people may change."""

    name: str
    source: str


def register_camera(
    *, site: Site, name: str, source: str, by: Person | None = None, **settings: Unpack[CameraSettings]
) -> Camera:
    """A new camera with its lease and health rows; the next heartbeat of a worker finds it.

    Raises Invalid with what is wrong by field.
    """
    values = {"name": name, "source": source, **settings}
    _refuse_masked({field: str(values.get(field, "")) for field in SOURCE_FIELDS})
    camera = Camera(site=site, **values)
    _check(camera, fields={"site", *values})
    try:
        with transaction.atomic():
            camera.save(force_insert=True)
            Lease.objects.create(camera=camera)
            Health.objects.create(camera=camera)
            trail.record("camera.registered", by=by, site=site, target=camera, details=values)
    except IntegrityError:
        raise _name_taken() from None
    log.info("camera registered", camera=str(camera.id), site=site.id, by=_name_of(by))
    return camera


def change_camera(*, camera: Camera, by: Person | None = None, **changes: Unpack[CameraChanges]) -> Camera:
    """Write what differs, and let the worker that runs the camera know with its next heartbeat.

    * A source sent back as it was shown, masked, keeps the stored one.
    * A source that is masked and differs is refused: the stored password must not follow to another address.

    Raises Invalid with what is wrong by field.
    """
    wanted = _without_echoes(camera, changes)
    changed = {field: value for field, value in wanted.items() if value != getattr(camera, field)}
    if not changed:
        return camera
    before = {field: getattr(camera, field) for field in changed}
    for field, value in changed.items():
        setattr(camera, field, value)
    _check(camera, fields=set(changed))
    camera.settings_version = F("settings_version") + 1
    try:
        with transaction.atomic():
            camera.save(update_fields=[*changed, "settings_version", "updated_at"])
            what = {field: (before[field], value) for field, value in changed.items()}
            trail.record(_action(changed), by=by, target=camera, changes=what)
    except IntegrityError:
        raise _name_taken() from None
    camera.refresh_from_db(fields=["settings_version"])
    log.info("camera changed", camera=str(camera.id), fields=sorted(changed), by=_name_of(by))
    if changed.get("desired_state") == Camera.DesiredState.STOPPED:
        _stop_soon(camera.id)
    return camera


def start_camera(*, camera: Camera, by: Person | None = None) -> Camera:
    """Let workers run it. Nothing changes where they should already."""
    return change_camera(camera=camera, by=by, desired_state=Camera.DesiredState.RUNNING)


def stop_camera(*, camera: Camera, by: Person | None = None) -> Camera:
    """Let no worker run it; the one that does hears of it at once, or with its next heartbeat."""
    return change_camera(camera=camera, by=by, desired_state=Camera.DesiredState.STOPPED)


def renew_settings(*, camera_id: UUID) -> None:
    """Have the worker that runs the camera load anew what it works with, with its next heartbeat."""
    Camera.objects.filter(pk=camera_id).update(settings_version=F("settings_version") + 1)


def relearn_camera(*, camera: Camera, by: Person | None = None) -> None:
    """Let it forget what it learned; its loop begins anew with its next heartbeat. What it alarmed on stays."""
    with transaction.atomic():
        Camera.objects.filter(pk=camera.pk).update(memory_version=F("memory_version") + 1)
        # The row stays for its path: whoever saves next clears the file away.
        MemorySnapshot.objects.filter(camera=camera).update(fingerprint=FORGOTTEN, learned_seconds=0.0)
        trail.record("camera.relearned", by=by, target=camera)
    camera.refresh_from_db(fields=["memory_version"])
    log.info("camera relearns", camera=str(camera.id), by=_name_of(by))


def remove_camera(*, camera: Camera, by: Person | None = None) -> None:
    """Stop it, forget its address, hide it. Its events are evidence and stay until their time is over."""
    camera.source = camera.analysis_source = ""
    camera.desired_state = Camera.DesiredState.STOPPED
    camera.removed_at = timezone.now()
    with transaction.atomic():
        camera.save(update_fields=[*SOURCE_FIELDS, "desired_state", "removed_at", "updated_at"])
        trail.record("camera.removed", by=by, target=camera)
    log.info("camera removed", camera=str(camera.id), by=_name_of(by))
    _stop_soon(camera.id)


def forget_removed_cameras(*, older_than: timedelta) -> int:
    """Delete the rows of cameras that were removed so long ago that no event of theirs is left; returns how many."""
    forgotten = Camera.with_removed.filter(removed_at__lt=timezone.now() - older_than)
    return len([camera.delete() for camera in forgotten[:100]])


def report_health(
    *,
    camera_id: UUID,
    epoch: int,
    state: str,
    since: float,
    detail: str = "",
    progress: float = 0.0,
    frames_per_second: float = 0.0,
    last_frame_at: float | None = None,
    dropped: int = 0,
    threshold: float = 0.0,
    provisional: bool = True,
    trusted_in: float | None = None,
) -> bool:
    """What the loop says of its camera (see `inference.types.LoopStatus`); False where its lease was superseded."""
    rows = Health.objects.filter(camera_id=camera_id, camera__lease__epoch=epoch)
    return bool(
        rows.update(
            epoch=epoch,
            state=state,
            since=since,
            detail=scrub(detail)[:DETAIL_LENGTH],
            progress=progress,
            frames_per_second=frames_per_second,
            last_frame_at=last_frame_at,
            dropped=dropped,
            threshold=threshold,
            provisional=provisional,
            trusted_in=trusted_in,
            reported_at=DatabaseNow(),
        )
    )


def save_memory_snapshot(
    *, camera_id: UUID, epoch: int, memory_version: int, fingerprint: str, path: str, learned_seconds: float
) -> bool:
    """Remember where the loop saved the camera's Memory.

    False, and nothing is written, where the lease was superseded or the Memory was replaced from outside meanwhile.
    """
    with transaction.atomic():
        lease = Lease.objects.select_for_update().filter(
            camera_id=camera_id, epoch=epoch, camera__memory_version=memory_version
        )
        if not lease.exists():
            return False
        _put_memory(camera_id, epoch=epoch, fingerprint=fingerprint, path=path, learned_seconds=learned_seconds)
    return True


def replace_memory(*, camera_id: UUID, fingerprint: str, path: str, learned_seconds: float) -> int:
    """Give the camera a Memory that was learned elsewhere; its loop hears of it by the version, which is returned."""
    with transaction.atomic():
        Camera.objects.filter(pk=camera_id).update(memory_version=F("memory_version") + 1)
        epoch = Lease.objects.values_list("epoch", flat=True).get(camera_id=camera_id)
        _put_memory(camera_id, epoch=epoch, fingerprint=fingerprint, path=path, learned_seconds=learned_seconds)
        version: int = Camera.objects.values_list("memory_version", flat=True).get(pk=camera_id)
    return version


def _put_memory(camera_id: UUID, **values: Any) -> None:
    MemorySnapshot.objects.update_or_create(camera_id=camera_id, defaults=values)


def _without_echoes(camera: Camera, changes: CameraChanges) -> dict[str, Any]:
    """The changes without the sources that came back as they were shown."""
    wanted = dict(changes)
    for field in SOURCE_FIELDS:
        if field in wanted and wanted[field] == masked(getattr(camera, field)):
            del wanted[field]
    _refuse_masked({field: str(wanted[field]) for field in SOURCE_FIELDS if field in wanted})
    return wanted


def is_masked(source: str) -> bool:
    """Whether something is hidden in it: such an address is for the eyes only."""
    return MASK in source


def _refuse_masked(sources: Mapping[str, str]) -> None:
    hidden = [field for field, source in sources.items() if is_masked(source)]
    if hidden:
        raise Invalid("The address is masked.", fields={field: [WHOLE_ADDRESS] for field in hidden})


def _check(camera: Camera, *, fields: set[str]) -> None:
    """Raises Invalid where one of these fields cannot be so; what was not changed is not judged again."""
    others = {field.name for field in camera._meta.fields} - fields
    try:
        camera.clean_fields(exclude=others)
        if fields & {"site", "name"}:
            camera.validate_constraints()
    except ValidationError as error:
        messages = error.message_dict
        if "__all__" in messages:
            messages = {"name": messages.pop("__all__"), **messages}
        raise Invalid("The camera cannot be set up like this.", fields=messages) from None


def _action(changed: Mapping[str, Any]) -> str:
    """How the trail calls it: starting and stopping are looked for by name."""
    if set(changed) != {"desired_state"}:
        return "camera.changed"
    return "camera.started" if changed["desired_state"] == Camera.DesiredState.RUNNING else "camera.stopped"


def _name_taken() -> Invalid:
    sentence = "This site has a camera with this name already: choose another."
    return Invalid("The camera cannot be set up like this.", fields={"name": [sentence]})


def _stop_soon(camera_id: UUID) -> None:
    transaction.on_commit(lambda: tell_workers_to_stop(camera_id))


def _name_of(user: Person | None) -> str:
    return user.get_username() if user else "the command line"
