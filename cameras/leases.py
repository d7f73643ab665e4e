"""Who runs a camera: one lease per camera, with an epoch that fences off whoever held it before.

* All times are the database's (`DatabaseNow`), so that the clocks of the workers do not matter.
* An owner renews by its name even after the lease expired: nobody took it, so it is still the owner.
* Whoever claims makes the epoch grow and writes down when (`Claim`). A record of an older epoch is accepted only if it
  was made before that moment: the spool of a dead worker passes, a worker that was asleep does not (`accepts`).
* No transaction here touches two leases of different owners, so two workers never wait for each other in a circle.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.models import Count, F, FloatField, Func, Q, QuerySet

from cameras.assignments import BEAT_TIMEOUT, Assignment, Beat, WorkerInfo
from cameras.models import Camera, Claim, Lease, Worker
from cameras.sharing import Candidate, Orphan, share_of


class DatabaseNow(Func):
    """The database's clock at this statement, seconds since 1970, to the millisecond or better."""

    template = "((julianday('now') - 2440587.5) * 86400.0)"
    arity = 0

    def __init__(self) -> None:
        super().__init__(output_field=FloatField())

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """`now()` would be the start of the transaction: too early."""
        template = "EXTRACT(EPOCH FROM clock_timestamp())::double precision"
        return self.as_sql(compiler, connection, template=template, **context)


def beat(*, worker: WorkerInfo, held: Mapping[UUID, int]) -> Beat:
    """Describe the worker, renew all its leases and say what is wanted of it.

    `held` is camera -> epoch as the worker believes; what is no longer its own comes back in `lost`.
    """
    with transaction.atomic():
        database_time = _describe(worker)
        leases = Lease.objects.filter(owner=worker.name)
        leases.update(expires_at=DatabaseNow() + settings.VIGIL_LEASE_SECONDS)
        assignments = _assignments(leases)
    owned = {(each.camera_id, each.epoch) for each in assignments}
    return Beat(
        database_time, assignments, tuple(camera for camera, epoch in held.items() if (camera, epoch) not in owned)
    )


def claim_orphans(worker: WorkerInfo, *, settled: bool = True) -> list[Assignment]:
    """Take this worker's fair share of the cameras that should run and that nobody runs.

    `settled` is false while the worker has been in touch with the database for less than one lease: then it takes only
    what was given up. An owner that the same outage kept from renewing must have its turn first.
    """
    orphans = _orphans(settled)
    if not orphans:
        return []
    mine = share_of(worker.name, orphans, _candidates())
    return [claimed for orphan in mine if (claimed := _claim(worker, orphan, settled))]


def release(owner: str, camera_ids: Collection[UUID] | None = None) -> int:
    """Give up these leases of `owner`, or all of them because it leaves or is known to be dead; returns how many."""
    with transaction.atomic():
        leases = Lease.objects.filter(owner=owner)
        if camera_ids is None:
            Worker.objects.filter(name=owner).update(seen_at=0.0)  # nobody keeps a share for it
        else:
            leases = leases.filter(camera_id__in=camera_ids)
        return leases.update(owner="", expires_at=DatabaseNow())


def accepts(camera_id: UUID, epoch: int, database_time: float) -> bool:
    """Whether what the holder of `epoch` wrote down at `database_time` counts.

    It does while the epoch is the current one, and afterwards if it was made before the next epoch was claimed.
    """
    current = Lease.objects.filter(camera_id=camera_id).values_list("epoch", flat=True).first()
    if current is None or epoch >= current:
        return epoch == current
    successor = Claim.objects.filter(camera_id=camera_id, epoch=epoch + 1).values_list("claimed_at", flat=True).first()
    return successor is not None and database_time < successor


def is_superseded(camera_id: UUID, epoch: int) -> bool:
    """Whether somebody has claimed the camera since the holder of `epoch`."""
    return bool(Lease.objects.filter(camera_id=camera_id, epoch__gt=epoch).exists())


def use_impatient_connection() -> None:
    """Give this thread a database connection of its own that gives up after about a second.

    For the heartbeat: it must notice that the database is away, not wait for it.
    """
    patient = connections[DEFAULT_DB_ALIAS]
    options = dict(patient.settings_dict.get("OPTIONS", {}))
    milliseconds = int(BEAT_TIMEOUT * 1000)
    if patient.vendor == "sqlite":
        options |= {"timeout": BEAT_TIMEOUT, "init_command": f"PRAGMA busy_timeout={milliseconds};"}
    else:
        limits = f"-c statement_timeout={milliseconds} -c lock_timeout={milliseconds}"
        options |= {"tcp_user_timeout": milliseconds, "options": f"{options.get('options', '')} {limits}".strip()}
    connections[DEFAULT_DB_ALIAS] = type(patient)({**patient.settings_dict, "OPTIONS": options}, DEFAULT_DB_ALIAS)


def _describe(worker: WorkerInfo) -> float:
    """Write down that the worker is here; the database's time."""
    known = {field: getattr(worker, field) for field in ("host", "device", "device_class", "queue", "slots")}
    if not Worker.objects.filter(name=worker.name).update(seen_at=DatabaseNow(), **known):
        Worker.objects.create(name=worker.name, **known)
        Worker.objects.filter(name=worker.name).update(seen_at=DatabaseNow())
    return Worker.objects.values_list("seen_at", flat=True).get(name=worker.name)


def _assignments(leases: QuerySet[Lease]) -> tuple[Assignment, ...]:
    columns = ("camera_id", "epoch", "camera__desired_state", "camera__settings_version", "camera__memory_version")
    return tuple(Assignment(*row) for row in leases.order_by("camera_id").values_list(*columns))


def _free(settled: bool, prefix: str = "") -> Q:
    """Leases that may be claimed.

    An expiry further ahead than any renewal sets it was set before the database's clock stepped back.
    """
    free = Q(**{f"{prefix}owner": ""})
    if settled:
        free |= Q(**{f"{prefix}expires_at__lte": DatabaseNow()})
        free |= Q(**{f"{prefix}expires_at__gt": DatabaseNow() + 2 * settings.VIGIL_LEASE_SECONDS})
    return free


def _orphans(settled: bool) -> list[Orphan]:
    cameras = Camera.objects.filter(desired_state=Camera.DesiredState.RUNNING)
    orphaned = cameras.filter(Q(lease=None) | _free(settled, "lease__")).order_by("id")
    return [Orphan(*row) for row in orphaned.values_list("id", "device_class", "lease__epoch")]


def _candidates() -> list[Candidate]:
    """The workers heard of within one lease, and what they hold."""
    held = dict(Lease.objects.exclude(owner="").values_list("owner").annotate(Count("camera_id")))
    alive = Worker.objects.filter(seen_at__gt=DatabaseNow() - settings.VIGIL_LEASE_SECONDS)
    rows = alive.values_list("name", "device_class", "slots")
    return [Candidate(name, device_class, slots, held.get(name, 0)) for name, device_class, slots in rows]


def _claim(worker: WorkerInfo, orphan: Orphan, settled: bool) -> Assignment | None:
    """Take one camera by compare-and-set; None where another was faster."""
    with transaction.atomic():
        if orphan.epoch is None:
            Lease.objects.get_or_create(camera_id=orphan.camera_id)
        lease = Lease.objects.filter(camera_id=orphan.camera_id)
        taken = lease.filter(_free(settled), epoch=orphan.epoch or 0).update(
            owner=worker.name,
            epoch=F("epoch") + 1,
            claimed_at=DatabaseNow(),
            expires_at=DatabaseNow() + settings.VIGIL_LEASE_SECONDS,
        )
        if not taken:
            return None
        epoch, claimed_at = lease.values_list("epoch", "claimed_at").get()
        Claim.objects.create(camera_id=orphan.camera_id, epoch=epoch, owner=worker.name, claimed_at=claimed_at)
        return _assignments(lease)[0]
