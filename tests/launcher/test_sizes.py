"""The size budget, and its list of exceptions."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from project.launcher.sizes import FUNCTION_LINES, PYTHON_LINES, functions, over_budget


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    (tmp_path / "pyproject.toml").write_text("")
    (tmp_path / "long.py").write_text("x = 1\n" * (PYTHON_LINES + 1))
    (tmp_path / "short.py").write_text("x = 1\n" * PYTHON_LINES)
    return tmp_path


def test_what_is_too_long_is_named(checkout: Path) -> None:
    assert over_budget(checkout) == [f"long.py has {PYTHON_LINES + 1} lines, and {PYTHON_LINES} are the most"]


def test_what_has_a_reason_is_allowed(checkout: Path) -> None:
    (checkout / "pyproject.toml").write_text('[tool.vigil.sizes]\n"long.py" = "a table that is read as one"\n')
    assert over_budget(checkout) == []


def test_a_reason_that_is_not_needed_any_more_goes(checkout: Path) -> None:
    (checkout / "long.py").unlink()
    (checkout / "pyproject.toml").write_text('[tool.vigil.sizes]\n"long.py" = "a table that is read as one"\n')
    assert over_budget(checkout) == ["long.py is within the budget: take it off tool.vigil.sizes"]


def test_a_function_is_counted_without_its_docstring() -> None:
    body = "    x = 1\n" * FUNCTION_LINES
    found = dict(functions(f'def one():\n    """Says.\n\n    More.\n    """\n{body}\nasync def two():\n    pass\n'))
    assert found == {"one": FUNCTION_LINES + 1, "two": 2}


def test_migrations_may_be_long(checkout: Path) -> None:
    (checkout / "long.py").rename(checkout / "short.py")
    (checkout / "short.py").unlink()
    (checkout / "migrations").mkdir()
    (checkout / "migrations" / "0001_initial.py").write_text("x = 1\n" * 999)
    assert over_budget(checkout) == []
