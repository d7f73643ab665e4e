"""What a worker and the database say to each other about cameras. Frozen values, free of Django."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

BEAT_TIMEOUT = 1.0
"""Seconds a worker waits for the database in its heartbeat."""


@dataclass(frozen=True, slots=True)
class WorkerInfo:
    """An inference worker as it describes itself. `name` is unique: the worker holds a lock on it on its host."""

    name: str
    host: str
    device: str
    device_class: str
    """`cpu` or `cuda`."""
    queue: str
    """Its own queue, on which its `run_camera` messages wait."""
    slots: int
    """Cameras it can run at once; 0: it is about to leave and takes no more."""


@dataclass(frozen=True, slots=True)
class Assignment:
    """A camera that a worker holds, and what is wanted of it."""

    camera_id: UUID
    epoch: int
    desired_state: str
    settings_version: int
    memory_version: int


@dataclass(frozen=True, slots=True)
class Beat:
    """The database's answer to a heartbeat."""

    database_time: float
    assignments: tuple[Assignment, ...]
    """All the worker holds, also what it did not know of: a claim whose answer was lost on the way."""
    lost: tuple[UUID, ...]
    """Cameras the worker thought it held."""
