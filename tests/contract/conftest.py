"""A running web server for what is asked of it from outside."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.support.browser import CHROMIUM, open_browser
from tests.support.valkey import ValkeyServer
from tests.support.web import WebServer, running_web_server


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory, valkey: ValkeyServer) -> Iterator[WebServer]:
    """The server, with rows."""
    folder: Path = tmp_path_factory.mktemp("web")
    with running_web_server(folder, valkey) as server:
        yield server


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium; skips where there is none."""
    if not Path(CHROMIUM).exists():
        pytest.skip(f"no browser: {CHROMIUM} is not there (Debian package chromium, or VIGIL_CHROMIUM)")
    with open_browser() as running:
        yield running
