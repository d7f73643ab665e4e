"""Commands that hand over to another program: manage, evaluate and bench."""

from __future__ import annotations

import os

from project.launcher import install, instance
from project.launcher.errors import Refusal
from project.launcher.paths import PYTHON, ROOT, home_of


def manage(arguments: list[str]) -> int:
    """Becomes Django's manage.py, in the environment of the instance: the running one's, if it runs."""
    data, rest = _data(arguments)
    install.install()
    home = home_of(data)
    environment = {**os.environ, "VIGIL_HOME": str(home.folder)}
    record = instance.read(home)
    if record is not None and instance.is_held(home):
        environment |= {name: value for name, value in record.environment.items() if name != instance.MARK}
    os.execve(PYTHON, [str(PYTHON), str(ROOT / "manage.py"), *rest], environment)


def evaluate(arguments: list[str]) -> int:
    """Becomes the evaluation, in the user's folder: the paths among the arguments are relative to it."""
    install.install()
    command = [str(PYTHON), "-P", "-m", "inference.evaluation", *arguments]
    os.execve(PYTHON, command, {**os.environ, "PYTHONPATH": str(ROOT)})


def bench(arguments: list[str]) -> int:
    """Becomes the benchmarks."""
    install.install(install.DEVELOPMENT)
    os.execve(PYTHON, [str(PYTHON), "-m", "bench", *arguments], {**os.environ, "PYTHONPATH": str(ROOT)})


def _data(arguments: list[str]) -> tuple[str | None, list[str]]:
    """Takes a leading `--data DIR` off; what follows is not ours to read."""
    if arguments and arguments[0].startswith("--data="):
        return arguments[0].removeprefix("--data="), arguments[1:]
    if arguments and arguments[0] == "--data":
        if len(arguments) < 2:
            raise Refusal("--data needs a folder.")
        return arguments[1], arguments[2:]
    return None, arguments
