"""`./vigil check`: all that can be said about the code without running its tests."""

from __future__ import annotations

import argparse
import os
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

from project.launcher import install, processes, web_build
from project.launcher.console import say
from project.launcher.environment import clean_environment
from project.launcher.paths import PYTHON, ROOT, VENV, WEB
from project.launcher.sizes import over_budget

OPENAPI = ROOT / "docs" / "openapi.json"
TYPES = WEB / "src" / "api" / "schema.d.ts"
Command = Sequence[str | Path]
Outcome = str
"""What is wrong; empty if nothing is."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that is looked at."""

    name: str
    look: Callable[[], Outcome]


def check(_: argparse.Namespace) -> int:
    """Runs all checks, two at a time; 0 if all are content."""
    install.install(install.DEVELOPMENT)
    npm = web_build.install_modules(development=True) if (WEB / "package.json").exists() else None
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="vigil-check-") as folder:
        chosen = [*python_checks(Path(folder)), *(web_checks(Path(folder), npm) if npm else [])]
        failed = _look_at(chosen)
    what = f"not content: {', '.join(sorted(failed))}" if failed else "content"
    say(f"\n{len(chosen)} checks, {what}, after {time.monotonic() - began:.0f} s")
    return 1 if failed else 0


def _look_at(chosen: Sequence[Check]) -> list[str]:
    """Says what each check found, as it finds it; returns the names of those that are not content."""
    failed = []
    with ThreadPoolExecutor(2) as pool:
        running = {pool.submit(check.look): check for check in chosen}
        try:
            for done in as_completed(running):
                wrong, name = done.result(), running[done].name
                say(f"{'✗' if wrong else '✓'} {name}")
                if wrong:
                    say("    " + wrong.strip().replace("\n", "\n    "))
                    failed.append(name)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            processes.end([], lambda: processes.descendants(os.getpid()), grace=0.0)
            raise
    return failed


def python_checks(folder: Path) -> list[Check]:
    """The checks that need only Python, slowest first."""
    home = {"VIGIL_HOME": str(folder / "home")}
    django: list[str | Path] = [PYTHON, "manage.py"]
    return [
        Check("mypy", _program([VENV / "bin/mypy", "."], home)),
        Check("docs/openapi.json agrees with the code", lambda: openapi(folder, home)),
        Check("migrations are complete", _program([*django, "makemigrations", "--check", "--dry-run"], home)),
        Check("import contracts", _program([VENV / "bin/lint-imports"], home)),
        Check("ruff check", _program([VENV / "bin/ruff", "check", "."])),
        Check("ruff format", _program([VENV / "bin/ruff", "format", "--check", "."])),
        Check("sizes", lambda: "\n".join(over_budget(ROOT))),
    ]


def web_checks(folder: Path, npm: dict[str, str]) -> list[Check]:
    """The checks of the web UI."""
    return [
        Check(f"web {script}", _program(["npm", "run", "--silent", script], npm, WEB))
        for script in ("typecheck", "lint", "test")
    ] + [Check("web/src/api/schema.d.ts agrees with docs/openapi.json", lambda: types(folder, npm))]


def openapi(folder: Path, environment: dict[str, str]) -> Outcome:
    """Compares the committed OpenAPI document with what the code says; a warning counts as wrong."""
    made = folder / "openapi.json"
    command: Command = [PYTHON, "manage.py", "spectacular", "--validate", "--fail-on-warn", "--format", "openapi-json"]
    wrong = _program([*command, "--file", made], environment)()
    return wrong or differs(made, OPENAPI, "./vigil manage spectacular --format openapi-json --file docs/openapi.json")


def types(folder: Path, npm: dict[str, str]) -> Outcome:
    """Compares the committed types with those that the OpenAPI document gives."""
    made = folder / "schema.d.ts"
    command: Command = ["npx", "openapi-typescript", OPENAPI, "-o", made, "--alphabetize"]
    wrong = _program(command, npm, WEB)()
    return wrong or differs(made, TYPES, "npm run generate (in web/)")


def differs(made: Path, kept: Path, command: str) -> Outcome:
    """Says so where a generated file and the committed one are not the same."""
    if kept.exists() and kept.read_bytes() == made.read_bytes():
        return ""
    return f"{kept.relative_to(ROOT)} is out of step. Make it anew: {command}"


def _program(command: Command, environment: dict[str, str] | None = None, cwd: Path = ROOT) -> Callable[[], Outcome]:
    def look() -> Outcome:
        done = subprocess.run(
            command,
            cwd=cwd,
            env=clean_environment() | (environment or {}),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )
        return done.stdout + f"\n(exit code {done.returncode})" if done.returncode else ""

    return look
