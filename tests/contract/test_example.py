"""The documented example, as a script's author would run it: against the running server, types and all."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.contract.document import document
from tests.support.processes import ROOT, running, wait_until
from tests.support.web import WebServer

EXAMPLES = ROOT / "docs" / "examples"
SCRIPT = EXAMPLES / "watch_events.py"
pytestmark = pytest.mark.timeout(300)


def test_it_takes_on_what_is_new_and_what_becomes_new_and_keeps_the_clips(web: WebServer, tmp_path: Path) -> None:
    clips, log = tmp_path / "clips", tmp_path / "example.log"
    command = [sys.executable, str(SCRIPT), "--url", web.url, "--clips", str(clips)]
    token = web.log_in("operator")
    with running(command, log=log, env={**os.environ, "VIGIL_TOKEN": token}):
        wait_until(lambda: "following" in log.read_text(), seconds=120, what="the example to follow")
        taken = [line.partition(":")[0] for line in log.read_text().splitlines() if ": medium at" in line]
        assert sorted(taken) == sorted(web.contents.events[:-1]), "all but the foreign one"
        assert {path.stem for path in clips.iterdir()} == set(taken)
        one = taken[0]
        for action in ("resolve", "reopen"):
            assert web.ask("POST", f"/api/v1/events/{one}/{action}", token, b"{}") == 200
        wait_until(lambda: log.read_text().count(one) == 2, seconds=60, what="it to take the event on again")
    assert "somebody was faster" not in log.read_text()


def test_its_types_are_those_of_the_document(tmp_path: Path) -> None:
    told = tmp_path / "openapi.json"
    told.write_text(json.dumps(document()))
    command = [sys.executable, str(EXAMPLES / "generate_types.py"), str(told)]
    made = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    (tmp_path / "vigil_types.py").write_text(made)
    shutil.copy(SCRIPT, tmp_path)
    assert "class EventDetail(TypedDict):" in made
    assert "    severity: SeverityEnum\n" in made
    mypy = [sys.executable, "-m", "mypy", "--strict", "--config-file=", "--cache-dir", str(tmp_path / "cache")]
    checked = subprocess.run([*mypy, "watch_events.py"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout
