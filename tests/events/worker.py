"""A worker of an inference host, as far as the events can see: it makes records, in order, under its lease."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from cameras.models import Camera, Claim, Lease
from events.records import EventRecord

NOON = 1_793_534_400.0
"""1 November 2026, 12:00 UTC, the wall clock and the database's alike."""


def claim(camera: Camera, *, at: float, owner: str = "worker") -> int:
    """Take the camera over at `at`, as `cameras.leases` does; the new epoch."""
    lease, _ = Lease.objects.get_or_create(camera=camera)
    lease.epoch, lease.owner, lease.claimed_at, lease.expires_at = lease.epoch + 1, owner, at, at + 3
    lease.save()
    Claim.objects.create(camera=camera, epoch=lease.epoch, owner=owner, claimed_at=at)
    return lease.epoch


@dataclass
class Told:
    """One event as one worker tells it."""

    camera_id: UUID
    epoch: int
    event_id: UUID = field(default_factory=uuid4)
    number: int = 0

    def record(self, kind: Any, at: float, **values: Any) -> EventRecord:
        """The next record of this event, `at` seconds after NOON."""
        number, self.number = self.number, self.number + 1
        return EventRecord(
            self.event_id,
            self.camera_id,
            self.epoch,
            number,
            kind,
            NOON + at,
            NOON + at,
            **({"threshold": 1.0} | values),
        )

    def opened(self, at: float, score: float = 2.0, **values: Any) -> EventRecord:
        """It begins."""
        return self.record("opened", at, score=score, **values)

    def peaked(self, at: float, score: float, **values: Any) -> EventRecord:
        """It is worse than before."""
        return self.record("peaked", at, score=score, **values)

    def closed(self, at: float, **values: Any) -> EventRecord:
        """It is over."""
        return self.record("closed", at, **values)
