"""A worker that is frozen, replaced, and wakes up again."""

from __future__ import annotations

import time

from tests.fault.conftest import StackFactory
from tests.fault.outcome import outcome
from tests.fault.stack import Stack
from tests.fault.test_worker_killed import let_all_end

FROZEN = 30.0


def stale_rows(stack: Stack) -> int:
    """Changes written under an epoch for pictures taken after the next one had begun."""
    rows = stack.query(
        "select t.at, c.claimed_at from events_eventtransition t"
        " join events_event e on e.id = t.event_id"
        " join cameras_claim c on c.camera_id = e.camera_id and c.epoch = t.epoch + 1"
    )
    return sum(_seconds(at) > claimed_at for at, claimed_at in rows)


def _seconds(at: object) -> float:
    from datetime import UTC, datetime

    if isinstance(at, str):
        return datetime.fromisoformat(at).replace(tzinfo=UTC).timestamp()
    assert isinstance(at, datetime)
    return at.timestamp()


def freeze_and_wake(stack: Stack) -> float:
    """Freezes the worker that runs all cameras, lets another take over, wakes it; returns when it was frozen."""
    owner = stack.begin_worker("a")
    stack.wait_until_scoring(seconds=60)
    stack.begin_worker("b").wait_until_ready()
    frozen = time.time()
    owner.freeze()
    stack.wait_until_scoring(seconds=30, since=frozen)
    time.sleep(max(0.0, FROZEN - (time.time() - frozen)))
    owner.thaw()
    return frozen


def test_a_woken_zombie_writes_nothing(run_stack: StackFactory) -> None:
    with run_stack(cameras=4) as stack:
        began = time.time()
        frozen = freeze_and_wake(stack)
        until = let_all_end(stack)
        result = outcome(stack, since=began, until=until, harm=[frozen])
        assert stale_rows(stack) == 0
        owners = set(stack.owners().values())
    assert not result.missing
    assert not result.doubled
    assert not result.repeated
    assert len(owners) == 1
    assert owners.pop().startswith("inference-b@")
