"""What the launcher says while something takes long, with and without a terminal."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
import time

import pytest

from project.launcher import console
from project.launcher.paths import ROOT


@pytest.mark.parametrize(("fraction", "full"), [(-1.0, 0), (0.0, 0), (0.5, 12), (1.0, 24), (7.0, 24)])
def test_a_bar_has_one_width(fraction: float, full: int) -> None:
    assert console.bar(fraction) == "█" * full + "░" * (console.BAR - full)


def test_without_a_terminal_there_is_a_line_now_and_then(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    seconds = iter([0.0, 1.0, 1.0, 15.0, 15.0, 16.0, 16.0, 17.0])
    monkeypatch.setattr(time, "monotonic", lambda: next(seconds))
    with console.Phase("Building") as phase:
        for _ in range(3):
            phase.show(0.5)
    assert capsys.readouterr().out.splitlines() == [
        "Building ...",
        f"  Building  {console.bar(0.5)}  15 s",
        "✓ Building: done after 17.0 s",
    ]


def test_on_a_terminal_one_line_is_drawn_again() -> None:
    script = (
        "from project.launcher.console import Phase\nwith Phase('Building') as p: p.show(0.5); p.show(1.0, 'nearly')"
    )
    ours, theirs = pty.openpty()
    subprocess.run([sys.executable, "-c", script], stdout=theirs, cwd=ROOT, check=True)
    os.close(theirs)
    said = os.read(ours, 4096).decode()
    os.close(ours)
    assert said.count("\r\x1b[K") == 3
    assert "nearly" in said
    assert said.endswith("✓ Building: done after 0.0 s\r\n")


def test_a_reader_that_leaves_does_not_end_the_launcher() -> None:
    script = "from project.launcher.console import say\nfor _ in range(99999): say('x' * 99)\nraise SystemExit(7)"
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, cwd=ROOT) as child:
        assert child.stdout is not None
        child.stdout.readline()
        child.stdout.close()
        assert child.wait(30) == 7
