"""kill -9 of the worker that runs all cameras, again and again."""

from __future__ import annotations

import os
import time
from random import Random

from django.db import connection

from tests.fault.conftest import StackFactory
from tests.fault.outcome import outcome
from tests.fault.stack import Stack
from tests.support.processes import wait_until
from tests.support.scripted import LASTS, PERIOD

CAMERAS = 8
KILLS = int(os.environ.get("VIGIL_KILLS", "6" if connection.vendor == "sqlite" else "3"))
"""20 each in the nightly run."""
WITHIN = 8.0
"""Seconds from the kill until every camera is scored again."""


def let_all_end(stack: Stack) -> float:
    """Waits until every anomaly scored so far is over and its event closed; returns from when that was asked."""
    now = time.time()
    time.sleep(LASTS)
    wait_until(
        lambda: all(event.ended_at for event in stack.events() if event.started_at < now),
        seconds=PERIOD,
        what="the events to close",
        every=0.5,
    )
    return now


def test_no_event_is_lost_or_doubled_and_all_cameras_are_watched_again(run_stack: StackFactory) -> None:
    random = Random(20261122)
    with run_stack(cameras=CAMERAS) as stack:
        active = stack.begin_worker("a")
        stack.wait_until_scoring(seconds=60)  # all of them: it shares with none that is there before
        standby = stack.begin_worker("b")
        began = time.time()
        kills: list[float] = []
        blind: list[float] = []
        for _ in range(KILLS):
            standby.wait_until_ready()
            time.sleep(random.uniform(0, PERIOD / 4))
            kills.append(active.kill())
            watched = stack.wait_until_scoring(seconds=60, since=kills[-1])
            blind += [at - kills[-1] for at in watched.values()]
            active, standby = standby, stack.begin_worker(active.name)
        until = let_all_end(stack)
        result = outcome(stack, since=began, until=until, harm=kills)
        print(f"watched again: max {max(blind):.1f} s, median {sorted(blind)[len(blind) // 2]:.1f} s; {result}")  # noqa: T201
    assert not result.problems
    assert result.spanning > 0, "no anomaly spanned a kill: this run proved nothing about that"
    assert sorted(blind)[round(0.99 * (len(blind) - 1))] <= WITHIN
