"""A camera for tests: an RTSP server over TCP in a process of its own, that can be frozen, thawed, killed, rebooted."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.support.processes import free_port, listens, wait_until

_SERVE = """
import asyncio, sys
from aio_rtsp_toolkit import server, server_streaming
server_streaming.QUEUE_PUT_POLL_INTERVAL = 5.0
asyncio.run(server.serve(sys.argv[1], '127.0.0.1', int(sys.argv[2]), control_port=int(sys.argv[3])))
"""
"""It gives up putting a picture into its queue after this time and puts it again, also where the first one has just
got in: at its own 50 ms, one in some thousand pictures is sent twice.
"""


class RtspCamera:
    """Plays one recording (H.264 or HEVC in MP4) in real time to whoever connects, over and over (`play_count=0`)."""

    def __init__(self, folder: Path, footage: Path) -> None:
        self._folder = folder
        self._folder.mkdir(parents=True, exist_ok=True)
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None
        self.show(footage)

    @property
    def url(self) -> str:
        return f"rtsp://127.0.0.1:{self.port}/camera.mp4?play_count=0"

    def show(self, footage: Path) -> None:
        """What viewers who connect from now on see; call `reboot` for those who are connected."""
        part = self._folder / "next.part"
        shutil.copy(footage, part)
        part.rename(self._folder / "camera.mp4")

    def start(self) -> None:
        """Listen; returns once somebody can connect."""
        arguments = [str(self._folder), str(self.port), str(free_port())]
        self._process = subprocess.Popen(
            [sys.executable, "-c", _SERVE, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        wait_until(lambda: listens(self.port), seconds=20, what="the RTSP server to listen")

    def freeze(self) -> None:
        """Silent, with its connections open: what a camera with a hung encoder does."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._signal(signal.SIGCONT)

    def kill(self) -> None:
        """Power cut: the system closes its connections."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def reboot(self) -> None:
        self.kill()
        self.start()

    def _signal(self, number: int) -> None:
        assert self._process is not None
        os.kill(self._process.pid, number)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.kill()


class Answering:
    """A server that gives every request the same answer and hangs up: wrong passwords, wrong paths, redirects."""

    def __init__(self, answer: bytes, *, then_wait: bool = False, host: str = "127.0.0.1") -> None:
        self._answer = answer
        self._then_wait = then_wait
        self._server = socket.create_server((host, 0))
        self.port = int(self._server.getsockname()[1])
        self.asked = 0
        """Connections so far."""
        self._open: list[socket.socket] = []
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        while True:
            try:
                connection, _ = self._server.accept()
                self.asked += 1
                connection.recv(65536)
                connection.sendall(self._answer)
            except OSError:
                return
            if self._then_wait:
                self._open.append(connection)
            else:
                connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        # A blocked accept is only woken by a shutdown.
        self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()
        for connection in self._open:
            connection.close()
