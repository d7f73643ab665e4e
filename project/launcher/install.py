"""The virtual environment, and the Python packages in it."""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
import sys
from pathlib import Path

from project.launcher import stamps
from project.launcher.errors import Refusal
from project.launcher.paths import PYTHON, ROOT, VENV
from project.launcher.runner import run

RUNTIME = (ROOT / "requirements.txt",)
DEVELOPMENT = (ROOT / "requirements.txt", ROOT / "requirements-dev.txt")
ROOM_NEEDED = 3 << 30
"""Bytes that the packages and pip's copies of them take while they are installed."""
_PACKAGES = {RUNTIME: 85, DEVELOPMENT: 150}
"""About how many there are with those that they need: only the bar depends on it."""
_VERSION = f"{sys.version_info[0]}.{sys.version_info[1]}"
_REASONS = (
    (r"No space left on device", "The disk is full. Free some space and start again."),
    (
        r"command '[^']*(gcc|cc|clang)[^']*' failed|Failed building wheel|[Cc]ompiler.*not found|find a compiler",
        "A package has no ready-made build for this Python and machine, and could not be compiled here. Install a "
        "compiler (Debian, Ubuntu: sudo apt install build-essential python3-dev) or use Python 3.11 or 3.12.",
    ),
    (
        r"name resolution|NewConnectionError|Failed to establish a new connection|timed out",
        "The package index cannot be reached. Check the network, or the proxy in https_proxy, and start again.",
    ),
    (
        r"No matching distribution found",
        "A package has no build for this Python and machine. Vigil runs on 64-bit Linux with Python 3.11 to 3.13.",
    ),
    (r"[Pp]ermission denied", f"You have no permission to write to {VENV}. Change its owner and start again."),
)
"""(pattern in what pip said, the sentence for it); the first one counts."""


def install(requirements: tuple[Path, ...] = RUNTIME) -> None:
    """Makes `.venv` hold what the files ask for, if they changed since it last did. Raises Refusal where it cannot."""
    with stamps.alone(ROOT):
        if is_current(requirements):
            return
        _demand_room()
        if not _works():
            _make()
        command: list[str | Path] = [
            PYTHON,
            "-m",
            "pip",
            "install",
            "--no-compile",
            "--no-input",
            "--progress-bar",
            "off",
        ]
        run(
            "Installing Python packages",
            [*command, "-r", requirements[-1]],
            log=VENV / "install.log",
            cwd=ROOT,
            progress=lambda said: progress(said, _PACKAGES[requirements]),
            reason=reason,
        )
        for held in {RUNTIME, requirements}:
            stamp, digest = _stamp(held)
            stamp.write_text(digest)


def is_current(requirements: tuple[Path, ...]) -> bool:
    """Whether `.venv` holds what the files ask for."""
    return _works() and stamps.matches(*_stamp(requirements))


def _stamp(requirements: tuple[Path, ...]) -> tuple[Path, str]:
    """Where the stamp of these files is, and what it says once they are installed."""
    return VENV / f"installed-{requirements[-1].stem}", stamps.digest(requirements, _VERSION)


def add_package(requirement: str, title: str) -> None:
    """Adds one package to `.venv`."""
    log = VENV / "install.log"
    run(title, [PYTHON, "-m", "pip", "install", "--no-input", requirement], log=log, cwd=ROOT, reason=reason)


def progress(said: str, packages: int) -> float:
    """How far pip is, 0..1: fetching takes most of the time, and the rest is one line of its output."""
    fetched = len(re.findall(r"^(?:Collecting|Requirement already satisfied:) ", said, re.MULTILINE))
    installing = "\nInstalling collected packages" in said
    return 0.8 if installing else 0.7 * min(fetched / packages, 1.0)


def reason(said: str) -> str:
    """The sentence for what pip stumbled over; empty where it is something else."""
    return next((sentence for pattern, sentence in _REASONS if re.search(pattern, said)), "")


def _works() -> bool:
    """Whether `.venv` has a Python that runs, of the version that runs this."""
    if not PYTHON.exists():
        return False
    told = subprocess.run(
        [PYTHON, "-c", "import pip, sys; print('%d.%d' % sys.version_info[:2])"], capture_output=True, text=True
    )
    return told.returncode == 0 and told.stdout.strip() == _VERSION


def _make() -> None:
    if not (importlib.util.find_spec("ensurepip") and importlib.util.find_spec("venv")):
        raise Refusal(
            f"Python {_VERSION} cannot make virtual environments here. Debian, Ubuntu: sudo apt install python3-venv"
        )
    shutil.rmtree(VENV, ignore_errors=True)
    VENV.mkdir()
    run(
        f"Making a virtual environment with Python {sys.version.split()[0]}",
        [_base_python(), "-m", "venv", VENV],
        log=VENV / "install.log",
        cwd=ROOT,
        reason=reason,
    )


def _base_python() -> Path:
    """The Python behind this one, which may itself live in the environment that is made anew."""
    base = Path(sys.base_prefix, "bin", f"python{_VERSION}")
    return base if base.exists() else Path(sys.executable)


def _demand_room() -> None:
    free = shutil.disk_usage(ROOT).free
    if free < ROOM_NEEDED:
        raise Refusal(
            f"The disk is almost full: {free >> 20} MB are free where {ROOT} is, and installing takes "
            f"{ROOM_NEEDED >> 20} MB. Free some space and start again."
        )
