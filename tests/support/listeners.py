"""A port that counts who comes, for tests of what must not be reached."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass


@dataclass
class Listener:
    """Takes connections, counts them, and says `answer` to each."""

    server: socket.socket
    answer: bytes
    connections: int = 0

    @property
    def port(self) -> int:
        port: int = self.server.getsockname()[1]
        return port

    def serve(self) -> None:
        """Until the socket is closed."""
        with suppress(OSError):
            while True:
                connection, _ = self.server.accept()
                self.connections += 1
                with connection, suppress(OSError):
                    connection.sendall(self.answer)
                    while self.answer and connection.recv(65536):
                        pass


@contextmanager
def listener(answer: bytes = b"", *, host: str = "127.0.0.1") -> Iterator[Listener]:
    """One on that address of this machine, for as long as the block lasts."""
    with socket.create_server((host, 0)) as server:
        it = Listener(server, answer)
        thread = threading.Thread(target=it.serve, daemon=True)
        thread.start()
        yield it
        server.shutdown(socket.SHUT_RDWR)
        thread.join(5)
