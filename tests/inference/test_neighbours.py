"""Folders of workers: who is dead is known at once, and who only sleeps is not taken for dead."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from inference.neighbours import Home, NameTaken, clearing_up, dead_neighbours, mark_cleared

HOLD = """
import sys, pathlib
from inference.neighbours import Home
home = Home(pathlib.Path(sys.argv[1]), "b@here")
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def other(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """Worker b, in a process of its own."""
    command = [sys.executable, "-c", HOLD, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_a_name_is_held_by_one_process(tmp_path: Path, other: subprocess.Popen[str]) -> None:
    with pytest.raises(NameTaken, match="b@here"):
        Home(tmp_path, "b@here")


def test_a_killed_worker_is_dead_at_once_and_a_stopped_one_is_not(tmp_path: Path, other: subprocess.Popen[str]) -> None:
    own = Home(tmp_path, "a@here")
    other.send_signal(signal.SIGSTOP)
    assert dead_neighbours(tmp_path, own.path, "here") == []
    other.kill()
    other.wait()
    assert dead_neighbours(tmp_path, own.path, "here") == [tmp_path / "b@here"]
    own.leave()


def test_one_neighbour_clears_up(tmp_path: Path) -> None:
    Home(tmp_path, "b@here").close()
    with clearing_up(tmp_path / "b@here") as first, clearing_up(tmp_path / "b@here") as second:
        assert (first, second) == (True, False)
    assert dead_neighbours(tmp_path, tmp_path / "a@here", "here"), "it was not said to be done"
    mark_cleared(tmp_path / "b@here")
    assert dead_neighbours(tmp_path, tmp_path / "a@here", "here") == []


def test_workers_that_left_properly_or_live_elsewhere_are_left_alone(tmp_path: Path) -> None:
    Home(tmp_path, "b@here").leave()
    Home(tmp_path, "c@elsewhere").close()
    assert dead_neighbours(tmp_path, tmp_path / "a@here", "here") == []
