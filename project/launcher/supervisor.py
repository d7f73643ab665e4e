"""Keeps services running, and ends them all."""

from __future__ import annotations

import math
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from project.launcher import processes
from project.launcher.instance import Running
from project.launcher.paths import ROOT
from project.launcher.services import Service

STEADY_SECONDS = 60.0
"""A service that ran this long has not failed at its start; the next pause before a restart is short again."""
LONGEST_PAUSE = 30.0
GRACE_SECONDS = 6.0
"""For services to end by themselves; then they are killed. The whole of a stop stays under 10 s."""
LARGEST_LOG = 20 << 20
_LOGS_EVERY = 60.0


def pause(failures: int) -> float:
    """Seconds to wait before a service that died so many times in a row is started again."""
    return min(0.5 * 2.0 ** (failures - 1), LONGEST_PAUSE)


class Kept:
    """A service and the process that runs it at the moment."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.child: subprocess.Popen[bytes] | None = None
        self.since = 0.0
        """When it was started, on the monotonic clock."""
        self.failures = 0
        """In a row."""
        self.restarts = 0
        self.due = 0.0
        """When to start it again, on the monotonic clock."""
        self.outcome: int | None = None
        """Of a service that runs once."""


class Supervisor:
    """Starts services, each in a session of its own with a log file, and starts again what dies."""

    def __init__(self, logs: Path, environment: Mapping[str, str], changed: Callable[[], None]) -> None:
        self._logs = logs
        self._environment = environment
        self._changed = changed
        self._kept: dict[str, Kept] = {}
        self._look_at_logs = 0.0
        processes.adopt_orphans()

    def start(self, services: Sequence[Service]) -> None:
        """Starts services, all at once."""
        for service in services:
            self._kept[service.name] = Kept(service)
            self._spawn(self._kept[service.name])

    def tick(self) -> list[str]:
        """Reaps what died and starts again what is due; returns what happened, in sentences."""
        now = time.monotonic()
        said = []
        for kept in self._kept.values():
            if kept.child is not None and kept.child.poll() is not None:
                said += self._bury(kept, now)
            elif kept.child is None and now >= kept.due:
                kept.restarts += 1
                self._spawn(kept)
        self._reap_adopted()
        if now >= self._look_at_logs:
            self._look_at_logs = now + _LOGS_EVERY
            rotate(self._logs)
        return said

    def failures(self, name: str) -> int:
        """How often in a row a service died before it was steady."""
        return self._kept[name].failures

    def failed_commands(self) -> list[str]:
        """The services that run once and have failed since this was last asked."""
        failed = [name for name, kept in self._kept.items() if kept.outcome]
        for name in failed:
            self._kept[name].outcome = 0
        return failed

    def running(self) -> dict[str, Running]:
        """The services, by name, and the process of each."""
        wall = time.time() - time.monotonic()
        return {
            name: Running(processes.process(kept.child.pid) if kept.child else None, wall + kept.since, kept.restarts)
            for name, kept in self._kept.items()
            if kept.outcome is None
        }

    def stop(self, last: Sequence[str] = ()) -> None:
        """Ends all services and whatever they have started; those named in `last` after the others."""
        first = [kept for name, kept in self._kept.items() if name not in last]
        self._end(first, GRACE_SECONDS)
        self._end(list(self._kept.values()), 1.0)
        processes.end([], lambda: processes.descendants(os.getpid()), grace=0.0)
        self._reap_adopted()

    def _spawn(self, kept: Kept) -> None:
        service = kept.service
        with (self._logs / f"{service.name}.log").open("ab") as log:
            kept.child = subprocess.Popen(
                service.command,
                cwd=ROOT,
                env={**os.environ, **self._environment, **service.environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        kept.since = time.monotonic()
        self._changed()

    def _bury(self, kept: Kept, now: float) -> list[str]:
        assert kept.child is not None
        code, kept.child = kept.child.returncode, None
        if kept.service.once:
            kept.outcome, kept.due = code, math.inf
            self._changed()
            return []
        kept.failures = 1 if now - kept.since >= STEADY_SECONDS else kept.failures + 1
        wait = pause(kept.failures)
        kept.due = now + wait
        self._changed()
        how = f"was killed by signal {-code}" if code < 0 else f"ended with code {code}"
        log = self._logs / f"{kept.service.name}.log"
        return [f"{kept.service.title.capitalize()} {how}; it is started again in {wait:g} s ({log})"]

    def _end(self, group: Sequence[Kept], grace: float) -> None:
        children = [kept.child for kept in group if kept.child is not None]
        for child in children:
            child.terminate()
        processes.wait_for(lambda: all(child.poll() is not None for child in children), grace)
        for child in children:
            child.kill()
            child.wait()

    def _reap_adopted(self) -> None:
        """Buries the dead that came to this process when their parent died; its own children it asks itself."""
        own = {kept.child.pid for kept in self._kept.values() if kept.child is not None}
        while True:
            try:
                dead = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            except ChildProcessError:
                return
            if dead is None or dead.si_pid in own:
                return
            os.waitpid(dead.si_pid, os.WNOHANG)


def rotate(logs: Path, largest: int = LARGEST_LOG) -> None:
    """Copies a log that has grown too large to `<name>.log.1` and empties it: the process that writes it appends."""
    for log in logs.glob("*.log"):
        if log.stat().st_size > largest:
            shutil.copyfile(log, log.with_suffix(".log.1"))
            os.truncate(log, 0)
