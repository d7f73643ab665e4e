"""A worker that goes on though another one has taken its cameras over."""

from __future__ import annotations

import time

from tests.fault.conftest import StackFactory
from tests.fault.marks import nightly_on_sqlite
from tests.fault.outcome import Outcome, outcome
from tests.fault.stack import Stack
from tests.fault.test_worker_killed import let_all_end
from tests.support.processes import wait_until
from tests.support.scripted import PERIOD

pytestmark = nightly_on_sqlite

CAMERAS = 4
FROZEN = 30.0


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


def replace_unawares(stack: Stack, *sabotages: str) -> Outcome:
    """Lets another worker take over from one that never hears of it and goes on, for a whole script."""
    unaware = stack.begin_worker("a", sabotages=("hang_heartbeat", *sabotages))
    began = time.time()
    stack.wait_until_scoring(seconds=60)
    stack.begin_worker("b")
    wait_until(lambda: owners(stack) == {"inference-b"}, seconds=60, what="the other worker to have all cameras")
    replaced = time.time()
    time.sleep(PERIOD)
    until = let_all_end(stack)
    late = {moment.camera for moment in stack.moments() if moment.pid == unaware.pid and moment.at > replaced}
    assert len(late) == CAMERAS, "the worker that was replaced did not go on"
    return outcome(stack, since=began, until=until, harm=[replaced])


def owners(stack: Stack) -> set[str]:
    """Who holds cameras, if all of them are held."""
    held = stack.owners()
    return {owner.partition("@")[0] for owner in held.values()} if len(held) == stack.cameras else set()


def test_a_woken_zombie_writes_nothing(run_stack: StackFactory) -> None:
    with run_stack(cameras=CAMERAS) as stack:
        began = time.time()
        frozen = freeze_and_wake(stack)
        until = let_all_end(stack)
        result = outcome(stack, since=began, until=until, harm=[frozen])
        assert owners(stack) == {"inference-b"}
    assert not result.problems


def test_a_worker_that_does_not_know_it_was_replaced_writes_nothing(run_stack: StackFactory) -> None:
    with run_stack(cameras=CAMERAS) as stack:
        assert not replace_unawares(stack).problems
