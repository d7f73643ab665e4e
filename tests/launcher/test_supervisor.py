"""What dies is started again, and at the end nobody is left."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from project.launcher import processes
from project.launcher.paths import ROOT
from project.launcher.supervisor import LONGEST_PAUSE, pause, rotate
from tests.support.processes import wait_until

SLIPS_AWAY = "import os,time;os.fork()and(time.sleep(60));os.setsid();os.fork()and(os._exit(0));time.sleep(60)"
"""Starts a grandchild in a session of its own whose parent is gone: the classic way to escape."""


class Supervised:
    """A supervisor in another process."""

    def __init__(self, folder: Path) -> None:
        self.child = subprocess.Popen(
            [sys.executable, "-m", "tests.launcher.supervised", str(folder)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def do(self, line: str) -> list[str]:
        """Has it do something; returns what it said."""
        assert self.child.stdin is not None
        assert self.child.stdout is not None
        self.child.stdin.write(line + "\n")
        self.child.stdin.flush()
        return list(iter(lambda: self.child.stdout.readline().strip(), "ok"))  # type: ignore[union-attr]


@pytest.fixture
def supervised(tmp_path: Path) -> Iterator[Supervised]:
    running = Supervised(tmp_path)
    yield running
    with running.child as child:
        processes.end([], lambda: processes.descendants(child.pid), grace=0.0)
        child.kill()


def test_what_dies_is_started_again(supervised: Supervised, tmp_path: Path) -> None:
    supervised.do("start brief print(1);raise(SystemExit(3))")
    (sentence,) = supervised.do("run")
    assert sentence == f"Brief ended with code 3; it is started again in 0.5 s ({tmp_path}/brief.log)"
    wait_until(lambda: (tmp_path / "brief.log").read_text() == "1\n1\n", seconds=5, what="the second run to speak")


def test_at_the_end_nobody_is_left(supervised: Supervised) -> None:
    supervised.do(f"start slippery {SLIPS_AWAY}")
    wait_until(
        lambda: len(processes.descendants(supervised.child.pid)) == 2, seconds=5, what="the grandchild to be adopted"
    )
    left = processes.descendants(supervised.child.pid)
    supervised.do("stop")
    assert not any(process.alive for process in left)
    assert processes.descendants(supervised.child.pid) == []


def test_pauses_grow_and_have_an_end() -> None:
    assert [pause(failures) for failures in (1, 2, 3)] == [0.5, 1.0, 2.0]
    assert pause(20) == LONGEST_PAUSE


def test_a_large_log_makes_room_while_it_is_written(tmp_path: Path) -> None:
    with (tmp_path / "web.log").open("ab", buffering=0) as log:
        log.write(b"x" * 100)
        rotate(tmp_path, largest=99)
        log.write(b"new")
    assert (tmp_path / "web.log").read_bytes() == b"new"
    assert (tmp_path / "web.log.1").read_bytes() == b"x" * 100
