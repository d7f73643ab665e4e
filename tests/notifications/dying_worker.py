"""A control worker that is killed at the worst moment: `python -m tests.notifications.dying_worker SINK [MOMENT]`.

It dispatches and sends once, over a transport that appends the keys of its messages to the file SINK. At MOMENT it
kills itself as the kernel would: `dispatching`, once the messages are queued but not committed; `sent`, once the first
message has left and nobody has noted it: others may be under way.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import django

from notifications.message import Message
from notifications.transports import registry

SINK, MOMENT = Path(sys.argv[1]), [*sys.argv, ""][2]


class Appending:
    """Writes keys down, durably."""

    secrets: frozenset[str] = frozenset()

    def check(self, target: Mapping[str, str]) -> Mapping[str, str]:
        return target

    def send(self, message: Message, target: Mapping[str, str]) -> None:
        with SINK.open("a") as file:
            file.write(f"{message.key}\n")
            file.flush()
            os.fsync(file.fileno())
        if MOMENT == "sent":
            die()


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def main() -> None:
    django.setup()
    from notifications import dispatch, sender
    from notifications.tasks import THREADS

    registry.PLACES.update(dict.fromkeys(registry.PLACES, f"{__name__}:Appending"))
    if MOMENT == "dispatching":
        patched: Any = dispatch
        queue = patched.queue_telling

        def queue_and_die(*arguments: Any) -> None:
            queue(*arguments)
            die()

        patched.queue_telling = queue_and_die
    dispatch.dispatch_all()
    sender.send_at_once(threads=THREADS)


if __name__ == "__main__":
    main()
