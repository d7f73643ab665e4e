"""Whatever goes wrong ends in a sentence, not in a traceback."""

from __future__ import annotations

import errno
import os
import subprocess
from pathlib import Path

import pytest

from project.launcher import errors
from project.launcher.paths import ROOT


def vigil(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [ROOT / "vigil", *arguments], env={**os.environ, **environment}, capture_output=True, text=True, timeout=60
    )


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("up", "--camera", "Gate"), "write NAME=URL"),
        (("up", "--host", "0.0.0.0"), "in the clear"),
        (("up", "--port", "70000"), "from 1 to 65535"),
        (("logs", "web"), "There is no log web"),
        (("manage", "--data"), "--data needs a folder"),
    ],
)
def test_a_refusal_is_a_sentence(tmp_path: Path, arguments: tuple[str, ...], sentence: str) -> None:
    done = vigil(*arguments, VIGIL_HOME=str(tmp_path))
    assert done.returncode == 1
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr


def test_a_file_in_the_place_of_the_data_folder(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    done = vigil("up", "--data", str(tmp_path / "data"))
    assert done.returncode == 1
    assert done.stderr.startswith("A folder is needed, but this is a file")


def test_an_unknown_command_is_explained(tmp_path: Path) -> None:
    done = vigil("fly")
    assert done.returncode == 2
    assert "invalid choice: 'fly'" in done.stderr


def test_what_does_not_run_has_a_status_and_can_be_stopped(tmp_path: Path) -> None:
    status = vigil("status", "--data", str(tmp_path))
    assert (status.returncode, status.stdout) == (3, f"Vigil does not run on {tmp_path}.\n")
    assert vigil("stop", "--data", str(tmp_path)).returncode == 0


def test_an_old_python_is_named(tmp_path: Path) -> None:
    old = tmp_path / "python"
    old.write_text('#!/bin/sh\n[ "$1" = --version ] && echo "Python 3.9.2" && exit\nexit 1\n')
    old.chmod(0o755)
    done = vigil("up", VIGIL_PYTHON=str(old))
    assert done.returncode == 1
    assert "needs Python 3.11, 3.12 or 3.13; what is found here is: Python 3.9.2." in done.stderr


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        (errno.ENOSPC, "The disk is full: /x."),
        (errno.EACCES, "no permission to use this: /x"),
        (errno.EROFS, "read-only disk: /x"),
        (errno.EMFILE, "Too many files"),
        (errno.EIO, "The operating system says: Input/output error: /x."),
    ],
)
def test_errors_of_the_operating_system_are_explained(number: int, sentence: str) -> None:
    assert sentence in errors.explain(OSError(number, os.strerror(number), "/x"))
