"""`./vigil test`: the same tests on SQLite and on PostgreSQL."""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from project.launcher import install, nightly, web_build
from project.launcher.console import say
from project.launcher.environment import clean_environment
from project.launcher.paths import PYTHON, ROOT, WEB

_CLOSING = re.compile(r"\bin \d+\.\d+s\b")
_PYTEST = (str(PYTHON), "-m", "pytest")
DATABASES = {
    "SQLite": _PYTEST,
    "PostgreSQL": (str(PYTHON), "-m", "tests.support.postgres", "--", *_PYTEST),
}
_FLAGS = ("--sqlite", "--postgres", "--nightly")


def test(arguments: list[str]) -> int:
    """Runs pytest on both databases, or on the one that is named; 0 if all passed. Ends with pytest's closing lines."""
    flags, rest = {given for given in arguments if given in _FLAGS}, [a for a in arguments if a not in _FLAGS]
    install.install(install.DEVELOPMENT)
    if (WEB / "package.json").exists():
        web_build.build()
    closings: dict[str, str] = {}
    worst = 0
    with tempfile.TemporaryDirectory(prefix="vigil-test-") as folder:
        for database in databases(flags):
            report = Path(folder, f"{database}.xml")
            say(f"\nThe tests on {database}")
            chosen = [*options(flags, rest), f"--junitxml={report}"]
            more = nightly.MORE if "--nightly" in flags else {}
            code, closings[database] = run_pytest(database, chosen, Path(folder), more)
            worst = max(worst, abs(code))
        if "--nightly" in flags:
            nightly.write_report(closings, Path(folder))
    for database, closing in closings.items():
        say(f"\nOn {database}:\n{closing}")
    return worst


def options(flags: set[str], rest: list[str]) -> list[str]:
    """What pytest is told: what takes long is left out unless it is asked for."""
    chosen = "--nightly" in flags or any(argument.startswith("-m") for argument in rest)
    color = ["--color=yes"] if sys.stdout.isatty() else []
    return [*color, *([] if chosen else ["-m", "not nightly"]), *rest]


def databases(flags: set[str]) -> list[str]:
    named = {"SQLite": "--sqlite", "PostgreSQL": "--postgres"}
    return [name for name, flag in named.items() if flag in flags or not flags & set(named.values())]


def run_pytest(database: str, arguments: list[str], folder: Path, more: Mapping[str, str] = {}) -> tuple[int, str]:
    """Runs pytest, with what it says passed on as it comes; returns its exit code and its closing line.

    `more` goes into its environment.
    """
    child = subprocess.Popen(
        [*DATABASES[database], *arguments],
        cwd=ROOT,
        env={**clean_environment(), **more, "VIGIL_HOME": str(folder / database)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    assert child.stdout is not None
    closing = "pytest did not come to its end."
    with child:
        for line in child.stdout:
            say(line.rstrip("\n"))
            if _CLOSING.search(line):
                closing = line.strip()
    return child.returncode, closing
