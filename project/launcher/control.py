"""Looking at an instance from outside and ending it: status, stop, logs."""

from __future__ import annotations

import signal
import time
from collections import deque
from pathlib import Path

from project.launcher import instance, network, processes
from project.launcher.console import Phase, say
from project.launcher.errors import Refusal
from project.launcher.paths import Home

STOP_SECONDS = 15.0
NOT_RUNNING = 3
"""The exit code of `status`, as init scripts have it."""


def status(home: Home) -> int:
    """Says what runs on the data folder; 0 if it is ready to be used."""
    record = instance.read(home)
    if not instance.is_held(home):
        left = len(record.processes()) if record else 0
        rest = f", but {left} processes of a launcher that was killed are left: ./vigil stop ends them" if left else ""
        say(f"Vigil does not run on {home.folder}{rest}.")
        return NOT_RUNNING
    if record is None:
        say(f"Vigil is being installed or started on {home.folder}.")
        return NOT_RUNNING
    answer = network.ask(f"{record.check_url}/ready")
    ready = answer.status == 200
    say(f"Vigil {'is ready' if ready else 'is not ready'} at {record.url} (data in {home.folder})")
    for name, service in record.services.items():
        alive = service.process is not None and service.process.alive
        what = f"process {service.process.pid}" if service.process and alive else "down, to be started again"
        again = f", restarted {service.restarts} times" if service.restarts else ""
        say(f"  {name:<18} {what}, {time.time() - service.since:.0f} s{again}")
    if not ready:
        say(f"  /ready says: {answer.body or 'nothing'}")
    return 0 if ready else 1


def stop(home: Home) -> int:
    """Ends the instance of the data folder, and what a killed launcher left of one."""
    record = instance.read(home)
    if instance.is_held(home):
        if record is None:
            raise Refusal("The launcher is still installing: end it with Ctrl-C where it was started.")
        with Phase("Stopping"):
            record.launcher.send(signal.SIGTERM)
            if not processes.wait_for(lambda: not instance.is_held(home), STOP_SECONDS):
                record.launcher.send(signal.SIGKILL)
                processes.wait_for(lambda: not instance.is_held(home), 2.0)
    elif record is None or not record.processes():
        say(f"Vigil does not run on {home.folder}.")
        return 0
    with instance.hold(home):
        instance.end_leftovers(home)
    say("Vigil has stopped.")
    return 0


def logs(home: Home, name: str | None, *, lines: int, follow: bool) -> int:
    """Prints the end of one log, or of all; then, with `follow`, what is added."""
    files = sorted(home.logs.glob("*.log"))
    if name:
        files = [file for file in files if file.stem == name or file.stem.startswith(f"{name}-")]
    if not files:
        known = ", ".join(sorted(file.stem for file in home.logs.glob("*.log"))) or "none yet"
        raise Refusal(f"There is no log {name or ''} in {home.logs}. There is: {known}.")
    for file in files:
        say(f"==> {file}")
        with file.open(errors="replace") as text:
            for line in deque(text, maxlen=lines):
                say(line.rstrip("\n"))
    if follow:
        _follow(files)
    return 0


def _follow(files: list[Path]) -> None:
    positions = {file: file.stat().st_size for file in files}
    while True:
        for file, position in positions.items():
            if file.stat().st_size < position:  # it was emptied when it had grown too large
                position = 0
            with file.open(errors="replace") as text:
                text.seek(position)
                for line in text:
                    say(f"{file.stem}: {line.rstrip()}")
                positions[file] = text.tell()
        time.sleep(0.3)
