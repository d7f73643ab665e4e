"""A whole Vigil, started as its users start it, for benchmarks and browser tests."""

from __future__ import annotations

import json
import os
import subprocess
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.processes import ROOT, free_port, start, stop, wait_until

PASSWORD = "a password for this run"


@dataclass
class Instance:
    """A running Vigil and how to speak to it."""

    process: subprocess.Popen[bytes]
    url: str
    log: Path
    token: str = ""

    @property
    def pid(self) -> int:
        """Of the launcher: everything else descends from it."""
        return self.process.pid

    def call(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """The answer of the REST API, as JSON."""
        return json.loads(self._ask(method, path, json.dumps(body).encode() if body is not None else None))

    def download(self, path: str) -> bytes:
        """A file."""
        return self._ask("GET", path, None)

    def _ask(self, method: str, path: str, body: bytes | None) -> bytes:
        headers = {"Content-Type": "application/json"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        request = urllib.request.Request(f"{self.url}{path}", body, headers, method=method)
        with urllib.request.urlopen(request, timeout=10) as answer:
            content: bytes = answer.read()
            return content

    def log_in(self) -> None:
        """As the first administrator."""
        answer = self.call("POST", "/api/v1/auth/login", {"username": "admin", "password": PASSWORD})
        self.token = answer["access"]

    def cameras(self) -> list[dict[str, Any]]:
        """As the API lists them."""
        cameras: list[dict[str, Any]] = self.call("GET", "/api/v1/cameras/")["results"]
        return cameras

    def events(self) -> list[dict[str, Any]]:
        """The newest page of them."""
        events: list[dict[str, Any]] = self.call("GET", "/api/v1/events/")["results"]
        return events

    def wait_until_watching(self, number: int, *, seconds: float) -> float:
        """Waits until so many cameras are watched and no longer learning; returns how long it took."""

        def watched() -> bool:
            states = [camera["health"]["state"] for camera in self.cameras()]
            return states.count("watching") >= number

        return wait_until(watched, seconds=seconds, what=f"{number} cameras to be watched", every=1.0)


@contextmanager
def running_vigil(
    data: Path, urls: Sequence[str] = (), *, arguments: Sequence[str] = (), environment: dict[str, str] | None = None
) -> Iterator[Instance]:
    """A Vigil of its own in the folder `data`, logged in to, with a camera per URL; gone afterwards."""
    port = free_port()
    command = [str(ROOT / "vigil"), "up", "--port", str(port), "--data", str(data), *arguments]
    for number, url in enumerate(urls):
        command += ["--camera", f"Camera {number + 1}={url}"]
    log = data.parent / f"{data.name}.log"
    variables = {**os.environ, "VIGIL_ADMIN_PASSWORD": PASSWORD, **(environment or {})}
    instance = Instance(start(command, log=log, env=variables, cwd=ROOT), f"http://127.0.0.1:{port}", log)
    try:
        wait_until(lambda: "Vigil is ready" in log.read_text(), seconds=300, what="Vigil to be ready")
        instance.log_in()
        yield instance
    finally:
        stop(instance.process, patience=20)
