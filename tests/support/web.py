"""The web server alone, with a database and a Valkey of its own, and rows to ask for: no worker, no camera."""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from project.launcher import services
from project.launcher.listen import listen_at
from tests.support.processes import ROOT, free_port, listens, running, wait_until
from tests.support.valkey import ValkeyServer

PASSWORD = "correct horse"


@dataclass(frozen=True, slots=True)
class Contents:
    """What `tests.support.populate` made; people are called as their roles, and `superuser`."""

    site: int
    cameras: list[str]
    events: list[str]
    """The last one is of a site where nobody but the superuser may look."""


@dataclass(frozen=True, slots=True)
class WebServer:
    """A running web server."""

    url: str
    contents: Contents
    log: Path
    tokens: dict[str, str] = field(default_factory=dict)

    def log_in(self, username: str) -> str:
        """An access token that holds: the one from the last time, unless what was asked since has ended it."""
        if username not in self.tokens or self.ask("GET", "/api/v1/auth/session", self.tokens[username]) != 200:
            self.tokens[username] = self._new_token(username)
        return self.tokens[username]

    def ask(self, method: str, path: str, token: str, body: bytes | None = None) -> int:
        """The status of the answer."""
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        try:
            request = urllib.request.Request(f"{self.url}{path}", body, headers, method=method)
            with urllib.request.urlopen(request, timeout=20) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as refusal:
            with refusal:
                return refusal.code

    def _new_token(self, username: str) -> str:
        """Asked for from another address than the rest is: what is guessed there must not stand in the way here."""
        connection = http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=20, source_address=("127.0.0.2", 0))
        with closing(connection):
            body = json.dumps({"username": username, "password": PASSWORD})
            connection.request("POST", "/api/v1/auth/login", body, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            told = json.load(answer)
            assert answer.status == 200, told
            token: str = told["access"]
            return token


@contextmanager
def running_web_server(folder: Path, valkey: ValkeyServer, **more: str) -> Iterator[WebServer]:
    """A server on SQLite in `folder`, filled; gone afterwards. `more` is for its environment."""
    port = free_port()
    environment: dict[str, Any] = {
        **os.environ,
        "VIGIL_HOME": str(folder / "home"),
        "DATABASE_URL": f"sqlite:///{folder / 'vigil.sqlite3'}",
        "REDIS_URL": valkey.url,
        "VIGIL_BASE_URL": f"http://127.0.0.1:{port}",
        "DJANGO_SETTINGS_MODULE": "project.settings",
        **more,
    }
    _python(environment, "manage.py", "migrate", "--verbosity", "0")
    contents = Contents(**json.loads(_python(environment, "-m", "tests.support.populate")))
    command = services.web(listen_at("127.0.0.1", port)).command
    log = folder / "web.log"
    with running(command, log=log, cwd=ROOT, env=environment):
        wait_until(lambda: listens(port), seconds=60, what="the web server to listen")
        yield WebServer(f"http://127.0.0.1:{port}", contents, log)


def _python(environment: dict[str, str], *arguments: str) -> str:
    command = [sys.executable, *arguments]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout
