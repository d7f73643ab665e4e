"""How ./vigil test calls pytest, and what it reports."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from project.launcher import nightly, testing


@pytest.mark.parametrize(
    ("flags", "rest", "marker"),
    [(set(), [], "not nightly"), ({"--nightly"}, [], None), (set(), ["-m", "fault"], "fault")],
)
def test_what_takes_long_runs_when_it_is_asked_for(flags: set[str], rest: list[str], marker: str | None) -> None:
    given = testing.options(flags, rest)
    assert (given[given.index("-m") + 1] if "-m" in given else None) == marker


def test_both_databases_or_the_one_that_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    assert testing.databases(set()) == ["SQLite", "PostgreSQL"]
    assert testing.databases({"--sqlite", "--postgres"}) == ["SQLite", "PostgreSQL"]
    assert testing.databases({"--postgres"}) == ["PostgreSQL"]


@pytest.mark.parametrize(
    ("code", "said", "closing"),
    [
        (0, "..\n=== 2 passed in 0.01s ===\n", "=== 2 passed in 0.01s ==="),
        (1, "F\n1 failed in 61.20s (0:01:01)\nbye\n", "1 failed in 61.20s (0:01:01)"),
        (2, "Segmentation fault\n", "pytest did not come to its end."),
    ],
)
def test_the_closing_line_is_kept(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, code: int, said: str, closing: str
) -> None:
    program = (sys.executable, "-c", f"import sys; sys.stdout.write({said!r}); sys.exit({code})")
    monkeypatch.setitem(testing.DATABASES, "SQLite", program)
    assert testing.run_pytest("SQLite", [], tmp_path) == (code, closing)


def test_both_databases_run_at_once_and_one_speaks_after_the_other(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    meet = (
        "import pathlib, sys, time; mine, other = map(pathlib.Path, sys.argv[1:3]); mine.touch()\n"
        "while not other.exists(): time.sleep(0.01)\n"
        "print('tests of', mine.name, flush=True); print('1 passed in 0.01s'); sys.exit(mine.name == 'b')"
    )
    a, b = str(tmp_path / "a"), str(tmp_path / "b")
    monkeypatch.setitem(testing.DATABASES, "SQLite", (sys.executable, "-c", meet, a, b))
    monkeypatch.setitem(testing.DATABASES, "PostgreSQL", (sys.executable, "-c", meet, b, a))
    monkeypatch.setattr("project.launcher.install.install", lambda _: None)
    monkeypatch.setattr(testing, "WEB", tmp_path)
    assert testing.test([]) == 1
    said = [line for line in capsys.readouterr().out.splitlines() if line]
    assert said == [
        *("The tests on SQLite", "tests of a", "1 passed in 0.01s"),
        *("The tests on PostgreSQL", "tests of b", "1 passed in 0.01s"),
        *("On SQLite:", "1 passed in 0.01s", "On PostgreSQL:", "1 passed in 0.01s"),
    ]


def test_a_nightly_run_leaves_a_report(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "SQLite.xml").write_text(
        "<testsuites><testsuite>"
        '<testcase classname="tests.a" name="test_slow" time="61.204"/>'
        '<testcase classname="tests.a" name="test_bad" time="0.1"><failure message="no"/></testcase>'
        '<testcase classname="tests.a" name="test_none" time="0"><skipped message="no data"/></testcase>'
        "</testsuite></testsuites>"
    )
    monkeypatch.setattr(nightly, "REPORT", tmp_path / "report.json")
    nightly.write_report({"SQLite": "3 in 61 s", "PostgreSQL": "none"}, tmp_path)
    report = json.loads((tmp_path / "report.json").read_text())
    assert report["closing_lines"] == {"SQLite": "3 in 61 s", "PostgreSQL": "none"}
    assert [(test["test"], test["outcome"]) for test in report["not_passed"]] == [
        ("tests.a.test_bad", "failure"),
        ("tests.a.test_none", "skipped"),
    ]
    assert report["slowest"][0] == {
        "database": "SQLite",
        "test": "tests.a.test_slow",
        "outcome": "passed",
        "seconds": 61.2,
    }
