"""A process that sends as the control worker does: says that it is ready, and ends with its standard input."""

from __future__ import annotations

import sys
import threading
from functools import partial
from typing import Any

import django

PATIENCE = 30.0
"""Seconds that a webhook may take here, where the test says when it answers and the machine has other work."""


def main() -> None:
    django.setup()
    from notifications import sender
    from notifications.tasks import THREADS
    from notifications.transports import webhook
    from project.outgoing.http import post

    patched: Any = webhook
    patched.post = partial(post, seconds=PATIENCE)

    ended = threading.Event()

    def listen() -> None:
        sys.stdin.read()
        ended.set()

    threading.Thread(target=listen, daemon=True).start()
    sender.send_at_once(threads=THREADS)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    while not ended.wait(0.1):
        sender.send_at_once(threads=THREADS, stopping=ended)


if __name__ == "__main__":
    main()
