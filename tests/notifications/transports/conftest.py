"""Servers of the tests are on this machine: that is allowed here, and every name leads to it."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture
def local_targets(settings: Any) -> None:
    """Targets may be on 127.0.0.1."""
    settings.VIGIL_ALLOWED_TARGET_NETWORKS = ["127.0.0.0/8"]


@pytest.fixture(autouse=True)
def scripted() -> None:
    """Nothing is: these are the real ones."""
