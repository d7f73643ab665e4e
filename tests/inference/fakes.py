"""Stand-ins for what surrounds the durable core: a clock the test turns, a database that can be away."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from cameras.assignments import Assignment, Beat, WorkerInfo
from events.records import EventRecord

WORKER = WorkerInfo(name="a@here", host="here", device="cpu", device_class="cpu", queue="inference.here.cpu", slots=8)


class FakeClock:
    """All clocks of a machine, standing still until the test turns them."""

    def __init__(self) -> None:
        self.now = 100.0
        self.asleep = 0.0
        self.ahead = 0.0
        """By so many seconds the wall clock was set."""

    def advance(self, seconds: float) -> None:
        self.now += seconds

    def wall(self) -> float:
        return 1_700_000_000.0 + self.now + self.ahead

    def monotonic(self) -> float:
        return self.now

    def boottime(self) -> float:
        return self.now + self.asleep


class DatabaseAway(Exception):
    """What a fake database raises while it is away."""


@dataclass(frozen=True)
class FakeResult:
    refused: int = 0


@dataclass
class FakeDatabase:
    """Takes records, unless it is away or a record is one it never takes."""

    records: list[EventRecord] = field(default_factory=list)
    batches: list[int] = field(default_factory=list)
    away: bool = False
    poison: frozenset[UUID] = frozenset()
    stale_epochs: frozenset[int] = frozenset()

    def write(self, records: Sequence[EventRecord]) -> FakeResult:
        """All of the batch or nothing."""
        if self.away:
            raise DatabaseAway
        if bad := [record for record in records if record.event_id in self.poison]:
            raise ValueError(f"{len(bad)} records cannot be written")
        self.batches.append(len(records))
        accepted = [record for record in records if record.epoch not in self.stale_epochs]
        self.records += [record for record in accepted if record not in self.records]
        return FakeResult(refused=len(records) - len(accepted))


def is_away(error: Exception) -> bool:
    return isinstance(error, DatabaseAway)


def assignment(camera: int, epoch: int = 1, desired_state: str = "running", **versions: int) -> Assignment:
    """Of camera number `camera`."""
    values = {"settings_version": 1, "memory_version": 0} | versions
    return Assignment(UUID(int=camera), epoch, desired_state, **values)


@dataclass
class FakeLeases:
    """A lease table that answers what the test puts into it."""

    clock: FakeClock
    assignments: tuple[Assignment, ...] = ()
    orphans: list[Assignment] = field(default_factory=list)
    away: bool = False
    step: float = 0.0
    """Of the database's clock against ours."""
    takes: float = 0.0
    """Seconds an answer is on its way."""
    released: list[UUID | str] = field(default_factory=list)
    claims_settled: list[bool] = field(default_factory=list)

    def beat(self, *, worker: WorkerInfo, held: Mapping[UUID, int]) -> Beat:
        if self.away:
            raise DatabaseAway
        database_time = self.clock.wall() + self.step
        self.clock.advance(self.takes)
        owned = {(each.camera_id, each.epoch) for each in self.assignments}
        lost = tuple(camera for camera, epoch in held.items() if (camera, epoch) not in owned)
        return Beat(database_time, self.assignments, lost)

    def claim_orphans(self, worker: WorkerInfo, *, settled: bool = True) -> list[Assignment]:
        self.claims_settled.append(settled)
        claimed, self.orphans = self.orphans, []
        self.assignments += tuple(claimed)
        return claimed

    def release(self, owner: str, camera_ids: Collection[UUID] | None = None) -> int:
        self.released += [owner] if camera_ids is None else list(camera_ids)
        gone = {each.camera_id for each in self.assignments} if camera_ids is None else set(camera_ids)
        self.assignments = tuple(each for each in self.assignments if each.camera_id not in gone)
        return len(gone)
