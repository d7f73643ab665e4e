"""Processes are known by number and start time, or by a mark that they inherit."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

from project.launcher import processes
from project.launcher.processes import Process
from tests.support.processes import wait_until

STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"
PARENT = "import subprocess, sys; print(subprocess.Popen(['sleep', '60']).pid, flush=True); sys.stdin.read()"


@pytest.fixture
def sleeper() -> Iterator[subprocess.Popen[bytes]]:
    child = subprocess.Popen(["sleep", "60"], env={**os.environ, "VIGIL_RUN": "a-run-of-this-test"})
    yield child
    child.kill()
    child.wait()


def test_a_number_that_was_given_out_again_is_another_process(sleeper: subprocess.Popen[bytes]) -> None:
    known = processes.process(sleeper.pid)
    assert known is not None
    assert known.alive
    impostor = Process(known.pid, known.started - 1)
    assert not impostor.alive
    impostor.send(signal.SIGKILL)
    assert sleeper.poll() is None


def test_the_dead_and_the_unburied_are_not_alive(sleeper: subprocess.Popen[bytes]) -> None:
    known = processes.process(sleeper.pid)
    assert known is not None
    sleeper.kill()
    wait_until(lambda: not known.alive, seconds=5, what="the zombie to count as dead")
    sleeper.wait()
    assert processes.look(sleeper.pid) is None
    known.send(signal.SIGTERM)  # to nobody, and without an error


def test_children_of_children_are_descendants() -> None:
    with subprocess.Popen([sys.executable, "-c", PARENT], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        grandchild = int(parent.stdout.readline())
        assert {parent.pid, grandchild} <= {found.pid for found in processes.descendants(os.getpid())}
        processes.end([], lambda: processes.descendants(parent.pid), grace=0.0)
        wait_until(lambda: not processes.descendants(parent.pid), seconds=5, what="the grandchild to end")


def test_a_mark_is_found_in_the_environment(sleeper: subprocess.Popen[bytes]) -> None:
    # Popen may return a moment before exec has put the environment in place.
    wait_until(
        lambda: [found.pid for found in processes.marked("VIGIL_RUN=a-run-of-this-test")] == [sleeper.pid],
        seconds=5,
        what="the mark to be found",
    )
    assert processes.marked("VIGIL_RUN=a-run-of-this") == []


def test_who_does_not_listen_is_killed() -> None:
    with subprocess.Popen([sys.executable, "-c", STUBBORN], stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        child.stdout.readline()
        known = processes.process(child.pid)
        assert known is not None
        processes.end([known], lambda: [known], grace=0.2)
        assert child.wait() == -signal.SIGKILL
