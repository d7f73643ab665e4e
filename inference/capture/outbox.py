"""The child's way out: a thread that writes messages, so that a parent who is late never holds the camera up."""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import replace

from inference.capture.messages import Analysed, Live
from inference.capture.wire import Alive, Wire, packed

_NEWEST_WINS = (Analysed, Live, Alive)


class Outbox:
    """Keeps every message in order, but of pictures only the newest of each kind."""

    def __init__(self, descriptor: int, *, on_closed: Callable[[], None]) -> None:
        self._descriptor = descriptor
        self._on_closed = on_closed
        self._wake = threading.Condition()
        self._queue: deque[Wire] = deque()
        self._newest: dict[type[Wire], Wire] = {}
        self._dropped = 0
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="outbox", daemon=True)
        self._thread.start()

    def put(self, message: Wire) -> None:
        """Have it written; returns at once."""
        with self._wake:
            if not isinstance(message, _NEWEST_WINS):
                self._queue.append(message)
            else:
                if isinstance(message, Analysed):
                    self._dropped += Analysed in self._newest
                    message = replace(message, dropped=self._dropped)
                self._newest[type(message)] = message
            self._wake.notify()

    def close(self, seconds: float) -> None:
        """Write what is left, but do not wait longer than that."""
        with self._wake:
            self._closed = True
            self._wake.notify()
        self._thread.join(seconds)

    def _run(self) -> None:
        while (message := self._next()) is not None:
            try:
                for buffer in packed(message):
                    write_all(self._descriptor, buffer)
            except OSError:
                self._on_closed()
                return

    def _next(self) -> Wire | None:
        with self._wake:
            while not (self._queue or self._newest or self._closed):
                self._wake.wait()
            if self._queue:
                return self._queue.popleft()
            return self._newest.pop(next(iter(self._newest))) if self._newest else None


def write_all(descriptor: int, buffer: bytes | memoryview) -> None:
    """Raises OSError where nobody reads any more."""
    view = memoryview(buffer)
    while view:
        view = view[os.write(descriptor, view) :]
