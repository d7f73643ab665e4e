"""Real processes to do harm to: a database, a Valkey, scripted cameras and inference workers.

Everything the tests know of the outcome they read from outside: rows by plain SQL, scored frames from the oracle's
file, which only the scripted eye writes.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import psycopg2

from tests.support.processes import ROOT, start, stop, wait_until
from tests.support.scripted import EYE, running_cameras
from tests.support.valkey import ValkeyServer


class Moment(NamedTuple):
    """A scored frame, as the oracle saw it."""

    camera: int
    anomaly: int
    """0: nothing unusual."""
    at: float
    pid: int


class EventRow(NamedTuple):
    """An event, as the database has it. Times are seconds since 1970."""

    id: str
    camera: int
    started_at: float
    ended_at: float | None
    number: int
    """The anomaly that it speaks of, read from its reasons."""


@dataclass
class Worker:
    """One inference worker."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path

    def wait_until_ready(self) -> None:
        """Waits until its heartbeat beats: from then on it can take cameras over."""
        wait_until(lambda: "is ready on" in self.log.read_text(), seconds=60, what=f"worker {self.name} to be ready")

    @property
    def pid(self) -> int:
        return self.process.pid

    def kill(self) -> float:
        """kill -9; returns when, seconds since 1970."""
        self.process.kill()
        at = time.time()
        self.process.wait()
        return at

    def freeze(self) -> None:
        """SIGSTOP."""
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """SIGCONT."""
        self.process.send_signal(signal.SIGCONT)


@dataclass
class Stack:
    """All of it, below one folder."""

    folder: Path
    database_url: str
    valkey: ValkeyServer
    cameras: int
    workers: dict[str, Worker] = field(default_factory=dict)
    extra: dict[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        """What every process of the stack runs with."""
        return {
            **os.environ,
            "VIGIL_HOME": str(self.folder / "home"),
            "DATABASE_URL": self.database_url,
            "REDIS_URL": self.valkey.url,
            "VIGIL_EYE": EYE,
            "VIGIL_ORACLE": str(self.folder / "oracle.jsonl"),
            "VIGIL_DEVICE": "cpu",
            **self.extra,
        }

    def run(self, *arguments: str) -> str:
        """Runs a Python command of the project to its end; returns what it printed."""
        command = [sys.executable, *arguments]
        done = subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def begin_worker(self, name: str, *, sabotages: Sequence[str] = ()) -> Worker:
        """Starts an inference worker of this name, without what `tests.support.sabotage` takes away; not waited for."""
        host = socket.gethostname()
        command = [sys.executable, "-m", "celery", "-A", "celery_app", "worker", "-P", "threads", "-c", "16"]
        command += ["-Q", f"inference,inference.{host}.{name}", "-n", f"inference-{name}@{host}", "--loglevel", "info"]
        command += ["--without-mingle", "--without-gossip", "--include", "tests.support.sabotage"]
        environment = self.environment | {"VIGIL_SABOTAGE": ",".join(sabotages)}
        log = self.folder / f"worker-{name}-{time.monotonic_ns()}.log"
        self.workers[name] = Worker(name, start(command, log=log, cwd=ROOT, env=environment), log)
        return self.workers[name]

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """Rows of the database, read past everything that is under test."""
        if self.database_url.startswith("sqlite"):
            path = self.database_url.removeprefix("sqlite:///")
            with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=20)) as sqlite:
                return sqlite.execute(sql).fetchall()
        with closing(psycopg2.connect(self.database_url)) as postgres, postgres.cursor() as cursor:
            cursor.execute(sql)
            return list(cursor.fetchall())

    def moments(self) -> list[Moment]:
        """What the oracle saw scored so far."""
        path = self.folder / "oracle.jsonl"
        lines = path.read_text().splitlines() if path.exists() else []
        return [Moment(**json.loads(line)) for line in lines]

    def events(self) -> list[EventRow]:
        """The events in the database."""
        seconds = "(julianday({0}) - 2440587.5) * 86400" if self._is_sqlite else "extract(epoch from {0})::float"
        columns = [seconds.format(f"e.{name}") for name in ("started_at", "ended_at")]
        rows = self.query(
            f"select e.id, c.name, {', '.join(columns)}, e.reasons from events_event e"
            " join cameras_camera c on c.id = e.camera_id order by e.started_at"
        )
        return [
            EventRow(str(key), _last(name), begun, ended, _number(reasons)) for key, name, begun, ended, reasons in rows
        ]

    def owners(self) -> dict[int, str]:
        """Camera -> who holds a lease of it that has not expired."""
        now = "(julianday('now') - 2440587.5) * 86400" if self._is_sqlite else "extract(epoch from clock_timestamp())"
        rows = self.query(
            "select c.name, l.owner from cameras_lease l join cameras_camera c on c.id = l.camera_id"
            f" where l.owner <> '' and l.expires_at > {now}"
        )
        return {_last(name): owner for name, owner in rows}

    def wait_until_scoring(
        self, *, seconds: float, since: float | None = None, by: Worker | None = None
    ) -> dict[int, float]:
        """Waits until every camera was scored after `since`, by any worker or by that one.

        Returns camera -> when first, seconds since 1970.
        """
        since = time.time() if since is None else since
        first: dict[int, float] = {}

        def all_scored() -> bool:
            for moment in self.moments():
                if moment.at > since and (by is None or moment.pid == by.pid):
                    first.setdefault(moment.camera, moment.at)
            return len(first) == self.cameras

        wait_until(all_scored, seconds=seconds, what=f"all {self.cameras} cameras to be scored", every=0.1)
        return first

    @property
    def _is_sqlite(self) -> bool:
        return self.database_url.startswith("sqlite")


def _last(name: str) -> int:
    return int(name.rsplit(" ", 1)[-1])


def _number(reasons: str | list[dict[str, Any]]) -> int:
    """Out of 'anomaly 7 of camera 2'."""
    parsed = json.loads(reasons) if isinstance(reasons, str) else reasons
    return int(parsed[0]["text"].split()[1])


@contextmanager
def running_stack(folder: Path, database_url: str | None, *, cameras: int, **extra: str) -> Iterator[Stack]:
    """A stack with its cameras registered and no worker yet; gone afterwards. None: SQLite."""
    url = database_url or f"sqlite:///{folder / 'vigil.sqlite3'}"
    with ExitStack() as exits:
        valkey = ValkeyServer(folder)
        valkey.start()
        exits.callback(valkey.stop)
        port = exits.enter_context(running_cameras(folder / "cameras.log"))
        stack = Stack(folder, url, valkey, cameras, extra=extra)
        stack.run("manage.py", "migrate", "--verbosity", "0")
        stack.run("-m", "tests.support.scripted_cameras", "register", str(port), str(cameras))
        try:
            yield stack
        finally:
            for worker in stack.workers.values():
                worker.thaw()
                stop(worker.process)
