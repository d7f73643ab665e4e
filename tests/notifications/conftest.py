"""What the tests of notifications share: a clock that they set, and a sink in place of the world."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from events import broadcast
from notifications import outages
from notifications.transports import registry
from tests.notifications import scripted_transport
from tests.notifications.scripted_transport import Sink

NOON = datetime(2026, 11, 1, 12, 0, 0, tzinfo=UTC)
"""As `tests.events.worker.NOON`; a Sunday."""


class Clock:
    """The time of the test. It stands still until it is moved."""

    def __init__(self, traveller: time_machine.Traveller) -> None:
        self._traveller = traveller

    def at(self, seconds: float) -> datetime:
        """Set it to so many seconds after NOON."""
        return self.set(NOON + timedelta(seconds=seconds))

    def set(self, moment: datetime) -> datetime:
        """Set it to any moment."""
        self._traveller.move_to(moment, tick=False)
        return moment


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[Clock]:
    """Stands at NOON; the database is on the same machine."""
    monkeypatch.setattr(outages, "database_now", timezone.now)
    with time_machine.travel(NOON, tick=False) as traveller:
        yield Clock(traveller)


@pytest.fixture(autouse=True)
def scripted(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every kind of channel leads to the sink; where the real transports are tested this is overridden."""
    monkeypatch.setattr(registry, "PLACES", dict.fromkeys(registry.PLACES, scripted_transport.NAME))
    monkeypatch.setattr(scripted_transport, "sink", Sink())
    registry.transport_of.cache_clear()
    yield
    registry.transport_of.cache_clear()


@pytest.fixture
def sink(scripted: None) -> Sink:
    """Where every kind of channel leads."""
    return scripted_transport.sink


@pytest.fixture(autouse=True)
def _no_redis(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody_hears(**_: Any) -> None:
        """No socket is open."""

    monkeypatch.setattr(broadcast, "event_changed", nobody_hears)
    monkeypatch.setattr(broadcast, "inbox_changed", nobody_hears)
