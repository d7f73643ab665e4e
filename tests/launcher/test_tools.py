"""Commands that hand over to another program."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from project.launcher import tools
from project.launcher.paths import PYTHON


def test_the_evaluation_runs_in_the_users_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    started: list[Any] = []
    monkeypatch.setattr("project.launcher.install.install", lambda: None)
    monkeypatch.setattr("os.execve", lambda *become: started.extend(become))
    tools.evaluate(["yard", "--json"])
    program, command, environment = started
    assert (program, command[0]) == (PYTHON, str(PYTHON))
    (tmp_path / "inference").mkdir()  # what lies in that folder must not be taken for Vigil's
    done = subprocess.run(
        [sys.executable, *command[1:]], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stderr) == (1, "There is no file or folder yard.\n")
