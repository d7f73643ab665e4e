"""Runs a Supervisor in a process of its own, since it adopts and ends every descendant: `python -m … FOLDER`.

Reads lines: `start NAME COMMAND…`, `run` (ticks until a service was started again), `stop`; says `ok` to each.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from project.launcher.services import Service
from project.launcher.supervisor import Supervisor


def main() -> None:
    """Do what the lines say."""
    supervisor = Supervisor(Path(sys.argv[1]), {}, lambda: None)
    for line in sys.stdin:
        word, *rest = line.split()
        if word == "start":
            supervisor.start([Service(rest[0], rest[0], (sys.executable, "-c", " ".join(rest[1:])))])
        if word == "run":
            while not any(service.restarts for service in supervisor.running().values()):
                for sentence in supervisor.tick():
                    sys.stdout.write(sentence + "\n")
                time.sleep(0.02)
        if word == "stop":
            supervisor.stop()
        sys.stdout.write("ok\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
