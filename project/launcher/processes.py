"""Processes, found by number and start time or by a mark in their environment, never by name."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

_PROC = Path("/proc")
_PR_SET_CHILD_SUBREAPER = 36


@dataclass(frozen=True, slots=True)
class Process:
    """A process for good: a number is given out again, a number with its start time is not."""

    pid: int
    started: int
    """Clock ticks since the machine booted."""

    @property
    def alive(self) -> bool:
        """Whether it is still there, and not only a zombie."""
        seen = look(self.pid)
        return seen is not None and seen.started == self.started and not seen.zombie

    def send(self, number: signal.Signals) -> None:
        """Sends it a signal, and to nobody who got its number meanwhile."""
        with contextlib.suppress(ProcessLookupError):
            handle = os.pidfd_open(self.pid)
            try:
                if self.alive:
                    signal.pidfd_send_signal(handle, number)
            finally:
                os.close(handle)


@dataclass(frozen=True, slots=True)
class Seen:
    """A line of /proc."""

    pid: int
    parent: int
    started: int
    zombie: bool


def look(pid: int) -> Seen | None:
    """The process of that number; None where there is none."""
    try:
        line = (_PROC / str(pid) / "stat").read_text(errors="replace")
    except OSError:
        return None
    fields = line.rpartition(")")[2].split()  # the name before it may hold spaces and brackets
    return Seen(pid, parent=int(fields[1]), started=int(fields[19]), zombie=fields[0] in "ZX")


def process(pid: int) -> Process | None:
    """The process of that number, to be kept."""
    seen = look(pid)
    return Process(pid, seen.started) if seen else None


def _all() -> Iterator[Seen]:
    for entry in _PROC.iterdir():
        if entry.name.isdigit() and (seen := look(int(entry.name))):
            yield seen


def descendants(of: int) -> list[Process]:
    """The children of a process, and theirs, zombies left out."""
    children: dict[int, list[Seen]] = {}
    for seen in _all():
        children.setdefault(seen.parent, []).append(seen)
    found: list[Seen] = []
    queue = [of]
    while queue:
        born = children.get(queue.pop(), [])
        found += born
        queue += [seen.pid for seen in born]
    return [Process(seen.pid, seen.started) for seen in found if not seen.zombie]


def marked(mark: str) -> list[Process]:
    """The processes that were given the environment entry `mark` ("NAME=value"), or inherited it."""
    wanted = b"\0" + mark.encode() + b"\0"
    found = []
    for seen in _all():
        with contextlib.suppress(OSError):
            if wanted in b"\0" + (_PROC / str(seen.pid) / "environ").read_bytes() and not seen.zombie:
                found.append(Process(seen.pid, seen.started))
    return found


def boot_id() -> str:
    """Tells one boot of the machine from another: numbers and start times of an older one mean nothing."""
    return (_PROC / "sys/kernel/random/boot_id").read_text().strip()


def adopt_orphans() -> None:
    """Makes the descendants of this process whose parent dies its children, so that none can slip away."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def wait_for(condition: Callable[[], bool], seconds: float) -> bool:
    """Waits until `condition` holds, at most `seconds`; whether it does."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def end(leaders: Iterable[Process], everything: Callable[[], Iterable[Process]], *, grace: float) -> None:
    """Asks `leaders` to stop, and after `grace` seconds kills whatever `everything` still finds."""
    leaders = list(leaders)
    for leader in leaders:
        leader.send(signal.SIGTERM)
    wait_for(lambda: not any(leader.alive for leader in leaders), grace)

    def none_left() -> bool:
        left = [found for found in (*leaders, *everything()) if found.alive]
        for found in left:
            found.send(signal.SIGKILL)
        return not left

    wait_for(none_left, 3.0)
