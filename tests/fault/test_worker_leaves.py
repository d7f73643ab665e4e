"""What a worker does that is asked to: with one camera, or with all of them."""

from __future__ import annotations

import signal
import time

import psutil
from celery import Celery

from tests.fault.conftest import StackFactory
from tests.fault.marks import nightly_on_postgres
from tests.fault.stack import Stack

pytestmark = nightly_on_postgres

CAMERAS = 8
STOPPED_WITHIN, GONE_WITHIN = 1.0, 10.0
"""Seconds."""


def figures(stack: Stack) -> dict[str, int]:
    """What the only worker says of itself."""
    with Celery(broker=stack.valkey.url) as app:
        replies = app.control.broadcast("crew", reply=True, timeout=3)
    assert replies, "the worker did not answer"
    return dict(next(iter(replies[0].values())))


def runs(process: psutil.Process) -> bool:
    """Whether it does; one that has ended may wait a while until init takes note of it."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_eight_cameras_share_one_eye_and_one_of_them_stops_at_once(run_stack: StackFactory) -> None:
    with run_stack(cameras=CAMERAS) as stack:
        worker = stack.begin_worker("a")
        stack.wait_until_scoring(seconds=60)
        before = figures(stack)
        assert (before["cameras"], before["loops"], before["eyes"]) == (CAMERAS, CAMERAS, 1)
        assert len(psutil.Process(worker.pid).children()) == CAMERAS

        asked = float(stack.run("-m", "tests.support.scripted_cameras", "stop", "3"))
        time.sleep(3)  # long enough for it to come back
        ((owner, released),) = stack.query(
            "select l.owner, l.expires_at from cameras_lease l join cameras_camera c on c.id = l.camera_id"
            " where c.name = 'Camera 3'"
        )
        last = max(moment.at for moment in stack.moments() if moment.camera == 3)
        print(f"stopped {released - asked:.2f} s after it was asked for")  # noqa: T201
        assert owner == ""
        assert 0 < released - asked < STOPPED_WITHIN
        assert last < released
        after = figures(stack)
        assert (after["cameras"], after["loops"], after["eyes"]) == (CAMERAS - 1, CAMERAS - 1, 1)
        assert len(psutil.Process(worker.pid).children()) == CAMERAS - 1


def test_a_worker_hands_its_cameras_over_when_it_is_terminated(run_stack: StackFactory) -> None:
    with run_stack(cameras=CAMERAS) as stack:
        leaving = stack.begin_worker("a")
        stack.wait_until_scoring(seconds=60)
        heir = stack.begin_worker("b")
        heir.wait_until_ready()
        children = psutil.Process(leaving.pid).children(recursive=True)

        asked = time.time()
        leaving.process.send_signal(signal.SIGTERM)
        code = leaving.process.wait(3 * GONE_WITHIN)
        gone = time.time() - asked
        watched = stack.wait_until_scoring(seconds=60, since=asked, by=heir)

        elsewhere = max(watched.values()) - asked
        print(f"gone after {gone:.1f} s, all cameras watched elsewhere after {elsewhere:.1f} s")  # noqa: T201
        assert code == 0
        assert gone < GONE_WITHIN
        assert elsewhere < GONE_WITHIN
        assert not [child for child in children if runs(child)]
