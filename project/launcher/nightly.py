"""The report of `./vigil test --nightly`, which is committed: what ran, on what, and how it went."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import xml.etree.ElementTree as xml
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from project.launcher.paths import ROOT

REPORT = ROOT / "docs" / "nightly-report.json"
_SLOWEST = 40
MORE = {"VIGIL_KILLS": "20", "VIGIL_EXAMPLES": "200"}
"""How often the nightly run does what the others do less often."""


def write_report(closings: Mapping[str, str], folder: Path) -> None:
    """Writes the report from pytest's JUnit files, `<database>.xml` in `folder`."""
    tests = [test for database in closings for test in tests_of(folder / f"{database}.xml", database)]
    report = {
        "finished": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True).stdout.strip(),
        "machine": {"system": platform.platform(), "python": platform.python_version(), "cores": os.cpu_count()},
        "closing_lines": dict(closings),
        "not_passed": [test for test in tests if test["outcome"] != "passed"],
        "slowest": sorted(tests, key=lambda test: -float(str(test["seconds"])))[:_SLOWEST],
    }
    REPORT.write_text(json.dumps(report, indent=2, ensure_ascii=False) + "\n")


def tests_of(file: Path, database: str) -> list[dict[str, object]]:
    """The tests in a JUnit file, with their outcome and seconds; none where pytest wrote no file."""
    if not file.exists():
        return []
    return [
        {
            "database": database,
            "test": f"{case.get('classname')}.{case.get('name')}",
            "outcome": next((child.tag for child in case if child.tag in ("failure", "error", "skipped")), "passed"),
            "seconds": round(float(case.get("time", "0")), 2),
        }
        for case in xml.parse(file).iter("testcase")
    ]
