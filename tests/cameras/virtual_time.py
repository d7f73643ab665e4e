"""A database whose clock the test turns: the SQL is the real one, only the time in it is not."""

from __future__ import annotations

from typing import Any

import pytest

from cameras.leases import DatabaseNow


class VirtualTime:
    """Seconds since 1970."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def advance(self, seconds: float) -> None:
        self.now += seconds

    def as_sql(self, expression: DatabaseNow, compiler: Any, connection: Any, **context: Any) -> tuple[str, list[Any]]:
        """Stands in for what `DatabaseNow` compiles to."""
        return ("%s::double precision" if connection.vendor == "postgresql" else "%s"), [self.now]


@pytest.fixture
def virtual_database_time(monkeypatch: pytest.MonkeyPatch) -> VirtualTime:
    """The database's time stands still until the test advances it."""
    time = VirtualTime()
    for vendor in ("as_sqlite", "as_postgresql"):
        monkeypatch.setattr(
            DatabaseNow, vendor, lambda self, *args, **context: time.as_sql(self, *args, **context), raising=False
        )
    return time
