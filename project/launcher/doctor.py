"""`./vigil doctor`: what this machine lacks, before it is missed."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from project.launcher import install, instance, network, services, stamps, web_build
from project.launcher.console import say
from project.launcher.errors import Refusal, explain
from project.launcher.paths import PYTHON, ROOT, VENV, WEB, Home

LEAST_MEMORY = 2 << 30
LEAST_DATA = 1 << 30


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that was looked at."""

    good: bool
    text: str


def doctor(home: Home, port: int) -> int:
    """Looks at everything that a start needs; 0 if nothing is in its way."""
    findings = list(_findings(home, port))
    for finding in findings:
        say(f"{'✓' if finding.good else '✗'} {finding.text}")
    bad = sum(not finding.good for finding in findings)
    say(f"\n{bad} of {len(findings)} would stop ./vigil up." if bad else "\nNothing stands in the way of ./vigil up.")
    return 1 if bad else 0


def _findings(home: Home, port: int) -> Iterator[Finding]:
    yield Finding(True, f"Python {platform.python_version()} on {platform.system()} {platform.machine()}")
    if sys.platform != "linux":
        yield Finding(False, "Vigil runs on Linux.")
    yield _memory()
    yield _packages()
    yield _web()
    yield _folder(home)
    yield _address(home, port)
    yield _valkey()
    if PYTHON.exists():
        yield _database(home)
    found = services.gpus()
    yield Finding(
        True, f"{found} NVIDIA GPUs: an inference worker for each" if found else "No NVIDIA GPU: the CPU infers"
    )


def _memory() -> Finding:
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return Finding(total >= LEAST_MEMORY, f"{total >> 20} MB of memory, {os.cpu_count()} cores")


def _packages() -> Finding:
    if install.is_current(install.RUNTIME):
        return Finding(True, f"The packages are installed in {VENV}")
    free = shutil.disk_usage(ROOT).free
    return Finding(
        free >= install.ROOM_NEEDED, f"The packages are not installed yet; {free >> 20} MB are free for them"
    )


def _web() -> Finding:
    if stamps.matches(WEB / "dist" / ".sources", stamps.digest(web_build.sources())):
        return Finding(True, "The web UI is built")
    version = web_build.node_version(os.environ.get("PATH", ""))
    own = version >= web_build.OLDEST_NODE and shutil.which("npm")
    return Finding(
        True, f"The web UI is not built yet; {'Node is here' if own else 'Node will come from a Python wheel'}"
    )


def _folder(home: Home) -> Finding:
    try:
        home.make()
    except OSError as error:
        return Finding(False, explain(error))
    free = shutil.disk_usage(home.folder).free
    return Finding(free >= LEAST_DATA, f"{home.folder} can be written, {free >> 20} MB are free there")


def _address(home: Home, port: int) -> Finding:
    if instance.is_held(home):
        record = instance.read(home)
        return Finding(True, f"Vigil runs on this folder{f' at {record.url}' if record else ''}")
    try:
        network.demand_port("127.0.0.1", port)
    except Refusal as refusal:
        return Finding(False, str(refusal))
    return Finding(True, f"Port {port} is free")


def _valkey() -> Finding:
    if url := os.environ.get("REDIS_URL"):
        return Finding(True, f"REDIS_URL names a server of its own, at {url.rpartition('@')[2]}")
    if not PYTHON.exists():
        return Finding(True, "Valkey comes with the packages")
    try:
        done = subprocess.run([services.valkey_binary(), "--version"], capture_output=True, text=True)
    except Refusal as refusal:
        return Finding(False, str(refusal))
    return Finding(done.returncode == 0, done.stdout.strip() or done.stderr.strip())


def _database(home: Home) -> Finding:
    environment = {**os.environ, "VIGIL_HOME": str(home.folder)}
    command = [str(PYTHON), "manage.py", "check", "--database", "default"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    named = "DATABASE_URL" if os.environ.get("DATABASE_URL") else "SQLite"
    wrong = done.stderr.strip().splitlines()[-1:] or ["it said nothing"]
    return Finding(done.returncode == 0, f"The database ({named}) " + ("answers" if not done.returncode else wrong[0]))
