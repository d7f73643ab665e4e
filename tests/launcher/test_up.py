"""A whole instance: it comes up, mends itself, and leaves nothing behind however it ends."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from project.launcher import instance, network, processes
from project.launcher.paths import ROOT, Home
from project.launcher.processes import Process
from tests.support.processes import free_port, wait_until

pytestmark = [pytest.mark.fault, pytest.mark.timeout(300)]
READY = re.compile(r"^Vigil is ready at (\S+) \(log in as admin(?:, password (\S+))?", re.MULTILINE)
PATIENCE = 90.0
LAUNCHER = [sys.executable, "-m", "tests.launcher.launched"]


class Launched:
    """An instance that was started with `up`, without a terminal."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self.home = Home(folder / "data")
        self.said = folder / f"said-{free_port()}"
        environment = {name: value for name, value in os.environ.items() if name not in ("REDIS_URL", "DATABASE_URL")}
        with self.said.open("wb") as file:
            self.launcher = subprocess.Popen(
                [*LAUNCHER, "up", "--data", str(self.home.folder), "--port", str(free_port()), *arguments],
                cwd=ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
            )

    @property
    def ready(self) -> re.Match[str] | None:
        assert self.launcher.poll() is None, self.said.read_text()
        return READY.search(self.said.read_text())

    def wait(self) -> re.Match[str]:
        """The line that says that it is ready."""
        wait_until(lambda: self.ready is not None, seconds=PATIENCE, what="the instance to be ready")
        found = self.ready
        assert found
        return found

    @property
    def record(self) -> instance.Record:
        record = instance.read(self.home)
        assert record
        return record

    def process(self, name: str) -> Process | None:
        """The process that runs a service at the moment."""
        return self.record.services[name].process

    def call(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Another command of the launcher, for the same data folder."""
        command = [*LAUNCHER, *arguments[:1], "--data", str(self.home.folder), *arguments[1:]]
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)


@contextmanager
def launched(folder: Path, *arguments: str) -> Iterator[Launched]:
    """An instance; whatever of it is left at the end of the test is ended."""
    started = Launched(folder, *arguments)
    try:
        yield started
    finally:
        if started.launcher.poll() is None:
            started.call("stop")
        started.launcher.kill()
        started.launcher.wait()


def test_an_instance_lives_through_all_that_can_happen(tmp_path: Path) -> None:
    with launched(tmp_path) as vigil:
        ready = vigil.wait()
        assert ready[2], "the first password is shown"
        assert network.ask(f"{ready[1]}/health").status == 200
        assert vigil.call("status").returncode == 0
        what_is_killed_comes_back(vigil)
        family = a_killed_launcher_leaves_orphans(vigil)
    with launched(tmp_path) as again:
        assert again.wait()[2] is None, "the password is shown once"
        assert not [process for process in family if process.alive]
        nobody_is_left_after(signal.SIGINT, again)


def what_is_killed_comes_back(vigil: Launched) -> None:
    wait_until(lambda: len(vigil.record.services) == 5, seconds=5, what="all five to run")
    killed = {name: vigil.process(name) for name in vigil.record.services}
    for process in killed.values():
        assert process
        process.send(signal.SIGKILL)
    wait_until(
        lambda: all(vigil.process(name) not in (None, process) for name, process in killed.items()),
        seconds=20,
        what="all five to be started again",
    )
    url = vigil.record.check_url
    wait_until(lambda: network.ask(f"{url}/ready").status == 200, seconds=PATIENCE, what="the instance to be ready")


def a_killed_launcher_leaves_orphans(vigil: Launched) -> list[Process]:
    family = processes.descendants(vigil.launcher.pid)
    vigil.launcher.kill()
    vigil.launcher.wait()
    assert len(family) >= 5
    assert all(process.alive for process in family)
    status = vigil.call("status")
    assert status.returncode == 3
    assert "processes of a launcher that was killed are left" in status.stdout
    return family


def nobody_is_left_after(number: signal.Signals, vigil: Launched) -> None:
    family = processes.descendants(vigil.launcher.pid)
    vigil.launcher.send_signal(number)
    assert vigil.launcher.wait(10) == 0
    assert not [process for process in family if process.alive]
    assert vigil.call("status").returncode == 3


def test_two_instances_live_side_by_side(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    with launched(tmp_path / "one") as one, launched(tmp_path / "two") as two:
        assert one.wait()[1] != two.wait()[1]
        assert one.record.environment["REDIS_URL"] != two.record.environment["REDIS_URL"]
        refused = one.call("up")
        assert refused.returncode == 1
        assert f"Vigil already runs on {one.home.folder} at {one.record.url}" in refused.stderr
        one.call("stop")
        assert one.launcher.wait(10) == 0
        assert network.ask(f"{two.record.check_url}/health").status == 200
        nobody_is_left_after(signal.SIGTERM, two)
