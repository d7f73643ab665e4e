"""Runs the tools that install and build: their words go to a log file, a bar to the user."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from project.launcher.console import Phase
from project.launcher.errors import Refusal

Progress = Callable[[str], float]
"""What has been said so far -> how far it is, 0..1."""


def run(
    title: str,
    command: Sequence[str | Path],
    *,
    log: Path,
    cwd: Path,
    environment: Mapping[str, str] | None = None,
    progress: Progress | None = None,
    reason: Callable[[str], str] = lambda _: "",
) -> None:
    """Runs `command` to its end, as one phase.

    Raises Refusal if it fails: with the sentence that `reason` finds in its output, and the name of the log. An
    interrupt ends the command with all its children.
    """
    with log.open("ab") as file, Phase(title) as phase:
        start = file.tell()
        file.write(f"$ {' '.join(map(str, command))}\n".encode())
        file.flush()
        child = subprocess.Popen(
            command,
            cwd=cwd,
            env={**os.environ, **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            while child.poll() is None:
                phase.show(progress(_said(log, start)) if progress else None)
                time.sleep(0.2)
        except BaseException:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()
            raise
        if child.returncode:
            said = _said(log, start)
            raise Refusal(f"{title} failed. {reason(said) or last_line(said)}\nAll of it is in {log}")


def _said(log: Path, start: int) -> str:
    with log.open("rb") as file:
        file.seek(start)
        return file.read().decode(errors="replace")


def last_line(text: str) -> str:
    """The last line that says something: of a traceback that is the exception, its module left out."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    line = lines[-1] if lines else "It said nothing."
    head, colon, rest = line.partition(": ")
    return rest if colon and rest and " " not in head and "." in head else line
