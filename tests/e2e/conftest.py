"""The browser tests: a real Vigil, started as its users start it, and a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.support.browser import CHROMIUM, open_browser


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All of this folder starts a whole Vigil, takes its time, and tells one story from its first line to its last."""
    here = Path(__file__).parent
    ours = [item for item in items if here in item.path.parents]
    for item in ours:
        item.add_marker(pytest.mark.e2e)
        item.add_marker(pytest.mark.timeout(600))
    others = [item for item in items if here not in item.path.parents]
    items[:] = [*others, *sorted(ours, key=lambda item: (item.path, item.reportinfo()[1] or 0))]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium; skips where there is none."""
    if not Path(CHROMIUM).exists():
        pytest.skip(f"no browser: {CHROMIUM} is not there (Debian package chromium, or VIGIL_CHROMIUM)")
    with open_browser() as running:
        yield running
