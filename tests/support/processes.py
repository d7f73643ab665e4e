"""Servers that tests start: free ports, and processes that are surely gone afterwards."""

from __future__ import annotations

import os
import pwd
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
"""The checkout."""


def free_port() -> int:
    """A TCP port on 127.0.0.1 that nobody listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def listens(port: int) -> bool:
    """Whether somebody on 127.0.0.1 takes a connection on this port."""
    with socket.socket() as probe:
        probe.settimeout(1.0)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def start(command: Sequence[str], *, log: Path, **options: Any) -> subprocess.Popen[bytes]:
    """The command, running, with what it prints in `log` (a pipe that nobody reads would block it)."""
    with log.open("ab") as output:
        return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, **options)


def stop(process: subprocess.Popen[bytes], *, patience: float = 10.0) -> None:
    """Ends the process: SIGTERM, then SIGKILL after `patience` seconds."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(patience)
        except subprocess.TimeoutExpired:
            process.kill()
    process.wait()


@contextmanager
def running(command: Sequence[str], *, log: Path, **options: Any) -> Iterator[subprocess.Popen[bytes]]:
    """The command, running as by `start`; ended afterwards as by `stop`."""
    process = start(command, log=log, **options)
    try:
        yield process
    finally:
        stop(process)


def wait_until(condition: Callable[[], bool], *, seconds: float, what: str, every: float = 0.05) -> float:
    """Waits for the condition; returns how long it took. Raises AssertionError, naming `what`, when it takes longer."""
    began = time.monotonic()
    while not condition():
        if time.monotonic() - began > seconds:
            raise AssertionError(f"waited {seconds:g} s in vain for: {what}")
        time.sleep(every)
    return time.monotonic() - began


def unprivileged_user() -> str | None:
    """Whom to run a server as that refuses to run as root: None where we are not root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name).pw_name
        except KeyError:
            continue
    raise RuntimeError("there is no unprivileged user to run PostgreSQL as")
