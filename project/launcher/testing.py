"""`./vigil test`: the same tests on SQLite and on PostgreSQL, at the same time: most of both is waiting."""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
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
    """Runs pytest on both databases, or on the one that is named; 0 if all passed. Ends with pytest's closing lines.

    What the first says is passed on as it comes, what the second says afterwards.
    """
    flags, rest = {given for given in arguments if given in _FLAGS}, [a for a in arguments if a not in _FLAGS]
    install.install(install.DEVELOPMENT)
    if (WEB / "package.json").exists():
        web_build.build()
    more = nightly.MORE if "--nightly" in flags else {}
    with tempfile.TemporaryDirectory(prefix="vigil-test-") as folder, ThreadPoolExecutor() as pool:
        runs = [
            _Run(database, [*options(flags, rest), f"--junitxml={Path(folder, f'{database}.xml')}"], Path(folder), more)
            for database in databases(flags)
        ]
        done = [pool.submit(run.until_closed, say if run is runs[0] else run.kept.append) for run in runs]
        outcomes = []
        for run, outcome in zip(runs, done, strict=True):
            say(f"\nThe tests on {run.database}")
            outcomes.append(outcome.result())
            for line in run.kept:
                say(line)
        closings = {run.database: closing for run, (_, closing) in zip(runs, outcomes, strict=True)}
        if "--nightly" in flags:
            nightly.write_report(closings, Path(folder))
    for database, closing in closings.items():
        say(f"\nOn {database}:\n{closing}")
    return max(abs(code) for code, _ in outcomes)


def options(flags: set[str], rest: list[str]) -> list[str]:
    """What pytest is told: what takes long is left out unless it is asked for."""
    chosen = "--nightly" in flags or any(argument.startswith("-m") for argument in rest)
    color = ["--color=yes"] if sys.stdout.isatty() else []
    return [*color, *([] if chosen else ["-m", "not nightly"]), *rest]


def databases(flags: set[str]) -> list[str]:
    named = {"SQLite": "--sqlite", "PostgreSQL": "--postgres"}
    return [name for name, flag in named.items() if flag in flags or not flags & set(named.values())]


@dataclass
class _Run:
    """Pytest on one database."""

    database: str
    arguments: list[str]
    folder: Path
    more: Mapping[str, str]
    """For its environment."""
    kept: list[str] = field(default_factory=list)
    """What it said, to be passed on later."""

    def until_closed(self, hear: Callable[[str], None]) -> tuple[int, str]:
        return run_pytest(self.database, self.arguments, self.folder, self.more, hear=hear)


def run_pytest(
    database: str,
    arguments: list[str],
    folder: Path,
    more: Mapping[str, str] = {},
    *,
    hear: Callable[[str], None] = say,
) -> tuple[int, str]:
    """Runs pytest and passes on to `hear` what it says as it comes; returns its exit code and its closing line.

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
            hear(line.rstrip("\n"))
            if _CLOSING.search(line):
                closing = line.strip()
    return child.returncode, closing
