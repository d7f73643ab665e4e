"""The fault tests themselves: with a promise of Vigil taken away, the same harm is judged as broken."""

from __future__ import annotations

import time

from tests.fault.conftest import StackFactory
from tests.fault.marks import nightly_on_sqlite
from tests.fault.outcome import FLASH, Outcome, outcome
from tests.fault.stack import EventRow, Stack
from tests.fault.test_worker_killed import let_all_end
from tests.fault.test_zombie import CAMERAS, replace_unawares
from tests.support.processes import wait_until
from tests.support.scripted import PERIOD

pytestmark = nightly_on_sqlite


def is_owed(event: EventRow) -> bool:
    """Whether it goes on for longer than a flash: then it counts, whatever becomes of it."""
    return event.ended_at is None and time.time() - event.started_at > FLASH


def kill_with_an_event_spooled(stack: Stack, *sabotages: str) -> Outcome:
    """Kills the worker of all cameras when its spool holds an event that the database has as well."""
    active = stack.begin_worker("a", sabotages=sabotages)
    began = time.time()
    stack.wait_until_scoring(seconds=60)  # all of them on the first worker: it shares with none that is there before
    stack.begin_worker("b", sabotages=sabotages).wait_until_ready()
    wait_until(lambda: any(is_owed(event) for event in stack.events()), seconds=2 * PERIOD, what="an event")
    killed = active.kill()
    stack.wait_until_scoring(seconds=60, since=killed)
    return outcome(stack, since=began, until=let_all_end(stack), harm=[killed])


def test_what_a_dead_worker_left_is_replayed_without_an_effect(run_stack: StackFactory) -> None:
    with run_stack(cameras=CAMERAS) as stack:
        assert not kill_with_an_event_spooled(stack).problems


def test_without_the_conflict_clause_the_replay_is_seen(run_stack: StackFactory) -> None:
    with run_stack(cameras=CAMERAS) as stack:
        assert "repeated" in kill_with_an_event_spooled(stack, "remove_conflict_clause").problems


def test_without_the_epoch_check_the_zombie_is_seen(run_stack: StackFactory) -> None:
    with run_stack(cameras=CAMERAS) as stack:
        assert "stale" in replace_unawares(stack, "remove_epoch_check").problems
