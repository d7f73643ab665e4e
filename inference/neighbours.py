"""Folders of workers: each locks its own while it lives, so that a neighbour on the same host knows when it is dead.

A kernel lets go of the lock at the very moment its process ends, however it ends; a process that is only stopped keeps
it. So this is faster than a lease and never wrong: who can take the lock may write down the dead worker's events and
give up its leases at once.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LOCK, ALIVE = "lock", "alive"


class NameTaken(RuntimeError):
    """Another process on this host is a worker of this name."""


class Home:
    """A worker's folder below the spool directory, held by this process."""

    def __init__(self, root: Path, name: str) -> None:
        """Raises NameTaken."""
        self.path = root / name
        self.path.mkdir(parents=True, exist_ok=True)
        self._lock = _take(self.path)
        if self._lock is None:
            raise NameTaken(f"A worker named {name} runs on this host already (it holds {self.path / LOCK}).")
        (self.path / ALIVE).touch()

    def leave(self) -> None:
        """Nothing is left to be done by a neighbour."""
        mark_cleared(self.path)
        self.close()

    def close(self) -> None:
        """Let go of the lock."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


def dead_neighbours(root: Path, own: Path, host: str) -> list[Path]:
    """Folders of workers of this host that died and that nobody has cleared up after."""
    return [path for path in sorted(root.glob(f"*@{host}")) if path != own and _is_dead(path)]


@contextmanager
def clearing_up(path: Path) -> Iterator[bool]:
    """Hold a dead worker's folder; false where another neighbour was first, or the worker came back."""
    lock = _take(path)
    if lock is None:
        yield False
        return
    try:
        yield True
    finally:
        os.close(lock)


def mark_cleared(path: Path) -> None:
    """Nothing of that worker is left to be done."""
    (path / ALIVE).unlink(missing_ok=True)


def _is_dead(path: Path) -> bool:
    if not (path / ALIVE).exists():
        return False
    lock = _take(path)
    if lock is not None:
        os.close(lock)
    return lock is not None


def _take(path: Path) -> int | None:
    """The descriptor that holds the folder's lock, None where another process does."""
    descriptor = os.open(path / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor
