"""PostgreSQL is stopped for 30 seconds."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from django.conf import settings

from tests.fault.outcome import longest_gap, outcome
from tests.fault.stack import running_stack
from tests.fault.test_worker_killed import let_all_end
from tests.support.postgres import run_server as run_postgres

AWAY = 30.0


@pytest.mark.skipif(
    settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"), reason="about PostgreSQL: runs in its run"
)
def test_events_wait_in_the_spool_and_arrive_once(tmp_path: Path) -> None:
    with run_postgres() as postgres, running_stack(tmp_path, postgres.url, cameras=8) as stack:
        worker = stack.begin_worker("a")
        stack.begin_worker("b").wait_until_ready()
        stack.wait_until_scoring(seconds=60)
        began = time.time()
        owners = stack.owners()
        postgres.stop()
        stopped = time.time()
        time.sleep(AWAY)
        spooled = sum(path.stat().st_size for path in (tmp_path / "home" / "spool").rglob("*") if path.is_file())
        postgres.start()
        time.sleep(10)
        until = let_all_end(stack)
        result = outcome(stack, since=began, until=until, harm=[stopped])
        moments = stack.moments()
        assert stack.owners() == owners, "a lease changed hands though its owner lived"
        assert worker.process.poll() is None
    assert spooled > 0
    assert longest_gap(moments, since=began, until=until) < 3.0
    assert len(result.scored) >= 8
    assert not result.problems
