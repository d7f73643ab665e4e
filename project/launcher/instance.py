"""What a running instance leaves in its data folder, so that status, stop, manage and the next start find it."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from project.launcher import processes
from project.launcher.errors import Refusal
from project.launcher.paths import Home
from project.launcher.processes import Process

_NAME = "instance.json"
MARK = "VIGIL_RUN"
"""The environment variable that all processes of one run carry, children of children too."""


@dataclass(frozen=True, slots=True)
class Running:
    """A process that the launcher keeps running."""

    process: Process | None
    """None while it waits to be started again."""
    since: float
    """Wall clock, seconds since 1970."""
    restarts: int = 0


@dataclass(frozen=True, slots=True)
class Record:
    """One run of an instance."""

    run: str
    """Random; the value of `MARK`."""
    boot: str
    launcher: Process
    url: str
    check_url: str
    """Where this machine itself reaches the web server."""
    environment: Mapping[str, str]
    """What the launcher added to the environment of its processes. Holds the password of Valkey."""
    services: Mapping[str, Running] = field(default_factory=dict)

    def write(self, home: Home) -> None:
        """Puts the record in the place of the one before."""
        home.write_private(_NAME, json.dumps(asdict(self), indent=1))

    def processes(self) -> list[Process]:
        """Those of its processes that are still there, children of children too."""
        if self.boot != processes.boot_id():
            return []
        recorded = [service.process for service in self.services.values() if service.process]
        return [found for found in {*recorded, *processes.marked(f"{MARK}={self.run}")} if found.alive]


def read(home: Home) -> Record | None:
    """The last record written in this data folder; None where there is none."""
    try:
        values = json.loads(_path(home).read_text())
        services = {name: _running(service) for name, service in values.pop("services").items()}
        return Record(**values | {"launcher": Process(**values["launcher"]), "services": services})
    except (FileNotFoundError, ValueError, TypeError, KeyError):
        return None


def _running(values: dict[str, object]) -> Running:
    running = Running(**values)  # type: ignore[arg-type]  # it was written by `asdict`
    return replace(running, process=Process(**values["process"]) if values["process"] else None)  # type: ignore[arg-type]


def _path(home: Home) -> Path:
    return home.run / _NAME


def is_held(home: Home) -> bool:
    """Whether a launcher runs on this data folder. Its death, however sudden, lets go of the lock."""
    try:
        handle = os.open(home.run / "lock", os.O_RDONLY)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(handle)
    return False


@contextlib.contextmanager
def hold(home: Home) -> Iterator[None]:
    """Makes this launcher the only one of the data folder. Raises Refusal if there is one."""
    handle = os.open(home.run / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        record = read(home)
        place = f" at {record.url}" if record and record.launcher.alive else ""
        raise Refusal(
            f"Vigil already runs on {home.folder}{place}.\n"
            f"Stop it with ./vigil stop --data {home.folder}, or start another with --data and --port of its own."
        ) from None
    try:
        yield
    finally:
        os.close(handle)


def end_leftovers(home: Home) -> int:
    """Ends the processes of a launcher that was killed; returns how many there were. Call it with the lock held."""
    record = read(home)
    left = record.processes() if record else []
    if record and left:
        processes.end(left, record.processes, grace=5.0)
    forget(home)
    return len(left)


def forget(home: Home) -> None:
    """Takes the record away: nothing runs."""
    _path(home).unlink(missing_ok=True)
