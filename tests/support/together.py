"""Calls at the same moment, in threads that share a database as processes do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from sqlite3 import connect
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, connections

from project.errors import Conflict


@pytest.fixture
def shared_database(transactional_db: None, tmp_path: Path) -> Iterator[None]:
    """A database that threads share as processes do.

    SQLite in memory knows no waiting for another connection's lock, so there a file takes its place.
    """
    if connection.vendor != "sqlite":
        yield
        return
    path = tmp_path / "shared.sqlite3"
    connection.ensure_connection()
    with connect(path) as copy:
        connection.connection.backup(copy)
    copy.close()
    original, name = connections["default"], connections.databases["default"]["NAME"]
    connections.databases["default"]["NAME"] = str(path)
    connections["default"] = type(original)(connections.databases["default"], "default")
    yield
    connections["default"].close()
    connections["default"] = original
    connections.databases["default"]["NAME"] = name


def together(*calls: Callable[[], Any]) -> list[Any]:
    """Run the calls at the same moment, each in a thread with a connection of its own; what they return or raise."""
    barrier = Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        try:
            connection.ensure_connection()
            barrier.wait(20)
            return call()
        except Conflict as conflict:
            return conflict
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))
