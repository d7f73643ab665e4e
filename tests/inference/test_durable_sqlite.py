"""SQLite in WAL mode forgets commits at a power cut until they are copied: when the spool may forget as well."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from inference import sink


class OneConnection:
    """What `sink.make_durable` needs of Django's connection."""

    vendor = "sqlite"

    def __init__(self, path: Path) -> None:
        self.real = sqlite3.connect(path, isolation_level=None)
        self.real.execute("PRAGMA journal_mode=WAL")
        self.real.execute("CREATE TABLE IF NOT EXISTS numbers (n)")

    def cursor(self) -> Any:
        return closing(self.real.cursor())


@pytest.fixture
def wal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[OneConnection]:
    connection = OneConnection(tmp_path / "numbers.sqlite3")
    monkeypatch.setattr(sink, "connection", connection)
    yield connection
    connection.real.close()


def test_after_a_checkpoint_all_that_was_committed_is_in_the_database_file(wal: OneConnection, tmp_path: Path) -> None:
    wal.real.execute("INSERT INTO numbers VALUES (1)")
    assert sink.make_durable()
    copy = tmp_path / "without-its-log.sqlite3"
    copy.write_bytes((tmp_path / "numbers.sqlite3").read_bytes())
    with closing(sqlite3.connect(copy)) as alone:
        assert alone.execute("SELECT n FROM numbers").fetchall() == [(1,)]


def test_a_reader_that_still_looks_at_the_past_keeps_it_from_being_durable(wal: OneConnection, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "numbers.sqlite3", isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM numbers").fetchall()
        wal.real.execute("INSERT INTO numbers VALUES (1)")
        assert not sink.make_durable()
    assert sink.make_durable()
