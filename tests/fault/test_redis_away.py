"""Redis is killed and comes back empty."""

from __future__ import annotations

import time

from tests.fault.conftest import StackFactory
from tests.fault.marks import nightly_on_postgres
from tests.fault.outcome import longest_gap, outcome
from tests.fault.test_worker_killed import let_all_end

pytestmark = nightly_on_postgres


def test_no_camera_stops_and_nothing_is_lost(run_stack: StackFactory) -> None:
    with run_stack(cameras=8) as stack:
        worker = stack.begin_worker("a")
        stack.wait_until_scoring(seconds=60)
        began = time.time()
        time.sleep(5)
        stack.valkey.kill()
        killed = time.time()
        time.sleep(15)
        stack.valkey.start()
        time.sleep(10)
        until = let_all_end(stack)
        moments = stack.moments()
        result = outcome(stack, since=began, until=until, harm=[killed])
        assert worker.process.poll() is None
    assert longest_gap(moments, since=began, until=until) < 3.0
    assert {moment.pid for moment in moments} == {worker.pid}
    assert not result.problems
