"""Workers that claim, renew, sleep, die and write in any order, in virtual time, on the real lease functions.

What must hold whatever happens:

* What a worker wrote down while it held the camera is accepted, however late it is offered; nothing else is.
* At no time are two epochs of one camera both accepted.
* A camera that should run and for which a living worker has room is owned within one lease and two beats.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from itertools import combinations
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from cameras import leases
from cameras.assignments import WorkerInfo
from cameras.models import Camera, Claim, Lease, Worker
from inference.clocks import DatabaseClock
from inference.heartbeat import Contact
from tests.cameras.virtual_time import VirtualTime, virtual_database_time
from tests.factories import make_camera, make_site

__all__ = ["virtual_database_time"]

LEASE_SECONDS, PERIOD = 3.0, 1.0
CAMERAS = 3
EXAMPLES = int(os.environ.get("VIGIL_EXAMPLES", "15"))
"""Runs of the machine; the nightly run has many more."""


@dataclass(frozen=True)
class Written:
    """A record on a worker's disk."""

    camera_id: UUID
    epoch: int
    stamp: float
    rightful: bool
    """Whether its worker was the owner at that moment, by the database."""


@dataclass
class ModelWorker:
    """A worker as the heartbeat has it, without its threads."""

    name: str
    time: VirtualTime
    held: dict[UUID, int] = field(default_factory=dict)
    asleep: bool = False
    dead: bool = False
    connected: bool = True
    spool: list[Written] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        """A new life under the same name: its heartbeat gives the leases of the former one up first."""
        self.clock = DatabaseClock(self)
        self.contact = Contact(LEASE_SECONDS, PERIOD)
        self.held, self.dead, self.asleep, self.fresh = {}, False, False, True

    def wall(self) -> float:
        return self.time.now

    def monotonic(self) -> float:
        return self.time.now

    def boottime(self) -> float:
        return self.time.now

    @property
    def info(self) -> WorkerInfo:
        return WorkerInfo(self.name, "here", "cpu", "cpu", f"inference.{self.name}", slots=CAMERAS)

    def beat(self) -> None:
        """As `Heartbeat.beat_once`."""
        if self.dead or self.asleep or not self.connected:
            return
        if self.fresh:
            leases.release(self.name)
            self.fresh = False
        answer = leases.beat(worker=self.info, held=self.held)
        self.clock.set(answer.database_time, self.boottime())
        self.contact.made(answer.database_time, self.boottime())
        self.held = {each.camera_id: each.epoch for each in answer.assignments}
        for each in leases.claim_orphans(self.info, settled=self.contact.settled(self.boottime())):
            self.held[each.camera_id] = each.epoch

    def write(self) -> None:
        """A loop of each camera it believes to hold writes something down."""
        if self.dead or self.asleep:
            return
        for camera_id, epoch in self.held.items():
            rightful = Lease.objects.filter(camera_id=camera_id, epoch=epoch).exists()
            self.spool.append(Written(camera_id, epoch, self.clock.now(), rightful))


class LeaseMachine(RuleBasedStateMachine):
    """Three workers, three cameras, one database, any order of things."""

    time: VirtualTime

    @initialize()
    def begin(self) -> None:
        for model in (Claim, Lease, Worker, Camera):
            model.objects.all().delete()
        site = make_site()
        self.cameras = [make_camera(site=site).id for _ in range(CAMERAS)]
        self.workers = [ModelWorker(name, self.time) for name in ("a", "b", "c")]
        self.orphaned_since: dict[UUID, float] = dict.fromkeys(self.cameras, self.time.now)
        self.outage_until = 0.0

    @rule(seconds=st.sampled_from([0.1, 0.4, 1.0]))
    def time_passes(self, seconds: float) -> None:
        """Every worker that can beats about once a second."""
        self.time.advance(seconds)
        self._beat_due()

    @rule(which=st.integers(0, 2), seconds=st.sampled_from([1.0, 5.0, 30.0]))
    def sleep_and_wake_to_write_before_the_next_beat(self, which: int, seconds: float) -> None:
        sleeper = self.workers[which]
        sleeper.asleep = True
        self._pass(seconds)
        sleeper.asleep = False
        sleeper.write()
        self._beat_due()

    @rule(which=st.integers(0, 2))
    def write(self, which: int) -> None:
        self.workers[which].write()

    @rule(which=st.integers(0, 2))
    def die(self, which: int) -> None:
        self.workers[which].dead = True

    @rule(which=st.integers(0, 2), known=st.booleans())
    def neighbours_find_the_dead(self, which: int, known: bool) -> None:
        """By the lock on its folder, and only when it is really dead."""
        if self.workers[which].dead:
            leases.release(self.workers[which].name)

    @precondition(lambda self: any(worker.dead for worker in self.workers))
    @rule()
    def the_dead_come_back(self) -> None:
        next(worker for worker in self.workers if worker.dead).begin()

    @rule(seconds=st.sampled_from([0.5, 2.5, 10.0, 60.0]))
    def database_is_away(self, seconds: float) -> None:
        """Nobody reaches it; loops go on writing to their disks."""
        for worker in self.workers:
            worker.connected = False
        self._pass(seconds)
        for worker in self.workers:
            worker.write()
            worker.connected = True
        self._beat_due()

    @rule(which=st.integers(0, CAMERAS - 1))
    def leave_one(self, which: int) -> None:
        """A worker gives one camera up."""
        for worker in self.workers:
            if self.cameras[which] in worker.held and not worker.dead and not worker.asleep:
                leases.release(worker.name, [self.cameras[which]])
                worker.held.pop(self.cameras[which])

    @invariant()
    def what_counts_is_what_owners_wrote(self) -> None:
        """An owner's record is accepted for ever, nobody else's ever, and so no two epochs' for one time."""
        written = [each for worker in getattr(self, "workers", ()) for each in worker.spool]
        accepted = [each for each in written if leases.accepts(each.camera_id, each.epoch, each.stamp)]
        assert accepted == [each for each in written if each.rightful]
        for older, newer in combinations(sorted(accepted, key=lambda each: (each.camera_id, each.epoch)), 2):
            assert older.camera_id != newer.camera_id or older.epoch == newer.epoch or older.stamp <= newer.stamp

    @invariant()
    def a_wanted_camera_does_not_stay_alone(self) -> None:
        if not hasattr(self, "cameras"):
            return
        able = [w for w in self.workers if not w.dead and not w.asleep and w.connected]
        for camera_id in self.cameras:
            lease = Lease.objects.get(camera_id=camera_id)
            owner = next((w for w in self.workers if w.name == lease.owner), None)
            watched = owner is not None and owner in able and owner.held.get(camera_id) == lease.epoch
            if watched or not able:
                self.orphaned_since[camera_id] = self.time.now
            alone = self.time.now - self.orphaned_since[camera_id]
            assert alone <= 2 * LEASE_SECONDS + 2 * PERIOD + 0.01, f"nobody watched it for {alone} s"

    def _beat_due(self) -> None:
        for worker in self.workers:
            worker.beat()

    def _pass(self, seconds: float) -> None:
        """Time in which nothing is checked but everybody lives."""
        until = self.time.now + seconds
        while self.time.now < until:
            self.time.advance(min(PERIOD, until - self.time.now))
            self._beat_due()
            if not any(worker.connected and not worker.dead and not worker.asleep for worker in self.workers):
                self.orphaned_since = dict.fromkeys(self.cameras, self.time.now)


def run(machine: type[LeaseMachine], *, examples: int, shrink: bool = True) -> None:
    """Raises what the machine finds."""
    phases = [Phase.generate, Phase.shrink] if shrink else [Phase.generate]
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=25,
            phases=phases,
            report_multiple_bugs=False,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.django_db
def test_leases_hold_whatever_happens(virtual_database_time: VirtualTime) -> None:
    class Machine(LeaseMachine):
        time = virtual_database_time

    run(Machine, examples=EXAMPLES)


@pytest.mark.django_db
def test_the_model_sees_a_missing_fence(virtual_database_time: VirtualTime, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the comparison of times the same machine fails: so the test above proves it."""
    monkeypatch.setattr(leases, "accepts", lambda camera_id, epoch, database_time: True)

    class Machine(LeaseMachine):
        time = virtual_database_time

    with pytest.raises(AssertionError):
        run(Machine, examples=100, shrink=False)
