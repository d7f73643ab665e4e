"""Django is started to look at the database only where something may have changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from project.launcher import preparation
from project.launcher.paths import Home


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    home = Home(tmp_path)
    home.make()
    (tmp_path / "vigil.sqlite3").touch()
    return home


def test_once_is_enough(home: Home) -> None:
    assert preparation.is_needed(home)
    preparation.note(home)
    assert not preparation.is_needed(home)


def test_another_file_is_another_database(home: Home) -> None:
    preparation.note(home)
    (home.folder / "copy").touch()
    (home.folder / "copy").replace(home.folder / "vigil.sqlite3")
    assert preparation.is_needed(home)
    (home.folder / "vigil.sqlite3").unlink()
    assert preparation.is_needed(home)


def test_a_database_elsewhere_is_looked_at_each_time(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    preparation.note(home)
    monkeypatch.setenv("DATABASE_URL", "postgres://vigil@192.0.2.1/vigil")
    preparation.note(home)
    assert preparation.is_needed(home)
