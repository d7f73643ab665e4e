"""Addresses of cameras hold passwords, and anybody on a machine can read the command line of any process."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence

from project.launcher.paths import ROOT

HANDED_OVER = "VIGIL_UP_CAMERAS"
"""NAME=URL, one a line: for the process itself, read once. Only its owner can read the environment of a process."""
OPTION = "--camera"


def taken_over() -> tuple[str, ...]:
    """The cameras that were handed over to this process; no process that it starts is told of them."""
    return tuple(os.environ.pop(HANDED_OVER, "").splitlines())


def hide_from_command_line(cameras: Sequence[str]) -> None:
    """Begin anew, in the same process, without the cameras on the command line. Returns only where there are none."""
    if cameras:
        environment = {**os.environ, HANDED_OVER: "\n".join(cameras), "PYTHONPATH": str(ROOT)}
        sys.stdout.flush()
        os.execve(sys.executable, list(without_cameras(sys.orig_argv)), environment)


def without_cameras(arguments: Sequence[str]) -> Iterator[str]:
    """The command line without `--camera NAME=URL`, however it is shortened or joined."""
    rest = iter(arguments)
    for argument in rest:
        name, joined, _ = argument.partition("=")
        if not (name.startswith("--ca") and OPTION.startswith(name)):
            yield argument
        elif not joined:
            next(rest, None)
