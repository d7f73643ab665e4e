"""What the tests of events share."""

from __future__ import annotations

from typing import Any

import pytest

from events import broadcast


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What the sockets are told, in order, instead of Redis."""
    messages: list[dict[str, Any]] = []
    monkeypatch.setattr(broadcast, "event_changed", lambda **message: messages.append(message))
    return messages


@pytest.fixture(autouse=True)
def _no_redis(told: list[dict[str, Any]]) -> None:
    """No test of this folder needs Redis unless it says so."""
