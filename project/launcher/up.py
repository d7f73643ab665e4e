"""`./vigil up`: from whatever state the checkout is in to a running instance, until it is told to stop."""

from __future__ import annotations

import os
import secrets
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from project.launcher import install, instance, network, preparation, processes, services, web_build
from project.launcher.console import Phase, complain, say
from project.launcher.errors import Refusal
from project.launcher.instance import Record
from project.launcher.listen import Listen
from project.launcher.paths import PYTHON, ROOT, Home
from project.launcher.runner import last_line, run
from project.launcher.services import Service
from project.launcher.supervisor import Supervisor

READY_SECONDS = 120.0
HOPELESS = 3
"""So many deaths in a row before the instance was ever ready, and it will not start."""
_TICK = 0.1


@dataclass(frozen=True, slots=True)
class Wanted:
    """What `./vigil up` was asked for."""

    home: Home
    listen: Listen
    cameras: tuple[str, ...] = ()
    """NAME=URL each."""
    demo: bool = False


def up(wanted: Wanted) -> int:
    """Runs an instance until Ctrl-C, SIGTERM or SIGHUP. Raises Refusal where it cannot be started."""
    home, listen = wanted.home, wanted.listen
    home.make()
    with instance.hold(home):
        if left := instance.end_leftovers(home):
            say(f"Ended {left} processes of a launcher that had been killed.")
        network.demand_port(listen.host, listen.port)
        install.install()
        web_build.build()
        with _started(wanted) as run_:
            run_.announce()
            while True:
                run_.tick()


@contextmanager
def _started(wanted: Wanted) -> Iterator[Run]:
    """An instance that is ready, and whose processes are gone afterwards whatever happens."""
    started = Run(wanted)
    try:
        started.start()
        yield started
    finally:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)  # a second Ctrl-C must not leave half of them behind
        started.stop()


class Run:
    """One run of an instance."""

    def __init__(self, wanted: Wanted) -> None:
        home, listen = wanted.home, wanted.listen
        environment = {
            "VIGIL_HOME": str(home.folder),
            instance.MARK: secrets.token_hex(16),
            "PYTHONUNBUFFERED": "1",
            **listen.environment(),
            **{name: os.environ[name] for name in listen.environment() if name in os.environ},  # the user knows better
        }
        self._valkey: list[Service] = []
        if not os.environ.get("REDIS_URL"):
            valkey, environment["REDIS_URL"] = services.valkey(home)
            self._valkey.append(valkey)
        launcher = processes.process(os.getpid())
        assert launcher is not None
        self._wanted = wanted
        self._record = Record(
            run=environment[instance.MARK],
            boot=processes.boot_id(),
            launcher=launcher,
            url=environment["VIGIL_BASE_URL"],
            check_url=listen.check_url,
            environment=environment,
        )
        self._supervisor = Supervisor(home.logs, environment, self._changed)

    def start(self) -> None:
        """Starts everything and waits until it is ready. Raises Refusal where that does not come."""
        self._supervisor.start(self._valkey)
        if preparation.is_needed(self._wanted.home):
            self._prepare()
        workers = services.inference_workers(os.environ.get("VIGIL_DEVICE"), services.gpus())
        first = [*workers, services.web(self._wanted.listen)]
        self._supervisor.start([*first, *self._commands()])
        with Phase("Starting") as phase:
            self._await_ready([*self._valkey, *first], phase)
        # Housekeeping can wait until what people wait for has had the processor.
        self._supervisor.start([services.control(), services.beat(self._wanted.home)])

    def announce(self) -> None:
        """The line that says where Vigil is, with the first password the first time."""
        password = self._first_password.read_text().strip() if self._first_password.exists() else ""
        shown = f", password {password} (shown only now)" if password else ""
        say(f"Vigil is ready at {self._record.url} (log in as admin{shown})")
        self._first_password.unlink(missing_ok=True)

    def tick(self) -> None:
        """Looks after the processes once, and waits a moment."""
        for sentence in self._supervisor.tick():
            complain(sentence)
        for name in self._supervisor.failed_commands():
            log = self._wanted.home.logs / f"{name}.log"
            complain(f"{last_line(log.read_text(errors='replace'))}\nThis came from {name}; all it said is in {log}")
        time.sleep(_TICK)

    def stop(self) -> None:
        """Ends all processes; Valkey last, so that the others can say goodbye."""
        with Phase("Stopping"):
            self._supervisor.stop(last=[valkey.name for valkey in self._valkey])
            instance.forget(self._wanted.home)

    @property
    def _first_password(self) -> Path:
        return self._wanted.home.run / "first-password"

    def _prepare(self) -> None:
        run(
            "Preparing the database",
            [PYTHON, "manage.py", "prepare", "--password-file", self._first_password],
            log=self._wanted.home.logs / "prepare.log",
            cwd=ROOT,
            environment=self._record.environment,
        )
        preparation.note(self._wanted.home)

    def _commands(self) -> list[Service]:
        """What is done while the servers start."""
        wanted = self._wanted
        cameras = [services.add_cameras(wanted.cameras)] if wanted.cameras else []
        return cameras + ([services.command("demo")] if wanted.demo else [])

    def _await_ready(self, kept: list[Service], phase: Phase) -> None:
        deadline = time.monotonic() + READY_SECONDS
        while (answer := network.ask(f"{self._record.check_url}/ready")).status != 200:
            phase.show(detail="waiting for " + ("the workers" if answer.status else "the web server"))
            self._demand_hope(kept)
            if time.monotonic() > deadline:
                logs = self._wanted.home.logs
                raise Refusal(f"Not ready after {READY_SECONDS:.0f} s: {answer.body}\nThe logs are in {logs}")
            for _ in range(4):
                self.tick()

    def _demand_hope(self, kept: list[Service]) -> None:
        for service in kept:
            if self._supervisor.failures(service.name) >= HOPELESS:
                log = self._wanted.home.logs / f"{service.name}.log"
                said = last_line(log.read_text(errors="replace"))
                raise Refusal(f"{service.title.capitalize()} does not start: {said}\nAll of it is in {log}")

    def _changed(self) -> None:
        self._record = replace(self._record, services=self._supervisor.running())
        self._record.write(self._wanted.home)
