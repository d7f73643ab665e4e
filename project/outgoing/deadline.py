"""A time limit over all of an exchange, where a socket's own timeout begins anew with every byte. Free of Django."""

from __future__ import annotations

import contextlib
import queue
import socket
import threading
import time
from collections.abc import Callable
from typing import Self, TypeVar

Result = TypeVar("Result")


class Deadline:
    """`with Deadline(10) as deadline`: connections that it watches are cut when it is over, whatever they are doing."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._end = time.monotonic() + seconds
        self._watched: list[socket.socket] = []
        self._timer = threading.Timer(seconds, self._cut)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        self._timer.join()  # it takes no time, and would else cut a socket that has this one's number by now
        for connection in self._watched:
            connection.close()

    @property
    def reason(self) -> str:
        """A sentence where the time is over, empty before."""
        return f"It took longer than {self.seconds:g} s." if time.monotonic() >= self._end else ""

    def remaining(self) -> float:
        """Seconds; never 0, which would make a socket non-blocking."""
        return max(self._end - time.monotonic(), 0.001)

    def watch(self, connection: socket.socket) -> None:
        """Cut this connection when time is over. TLS may be laid over it afterwards."""
        self._watched.append(connection.dup())

    def run(self, function: Callable[[], Result]) -> Result:
        """What the function returns or raises; OSError when it takes too long (a resolver cannot be interrupted)."""
        answers: queue.SimpleQueue[tuple[bool, Result | BaseException]] = queue.SimpleQueue()

        def answer() -> None:
            try:
                answers.put((True, function()))
            except BaseException as error:
                answers.put((False, error))

        threading.Thread(target=answer, daemon=True).start()
        try:
            worked, result = answers.get(timeout=self.remaining())
        except queue.Empty:
            raise TimeoutError("too slow") from None
        if worked:
            return result  # type: ignore[return-value]
        raise result  # type: ignore[misc]

    def _cut(self) -> None:
        for connection in list(self._watched):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
