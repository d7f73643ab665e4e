"""Housekeeping that takes long takes one thread, not all of them."""

from __future__ import annotations

import threading

import pytest

from cameras.tasks import clean_up
from events.tasks import adopt_recordings, make_room, retire
from notifications.tasks import send
from project.audit.tasks import post_head
from project.housekeeping import one_at_a_time
from project.idempotency.tasks import forget


def test_what_is_under_way_is_not_begun_again() -> None:
    begun, done, calls = threading.Event(), threading.Event(), []

    @one_at_a_time
    def tidy() -> None:
        calls.append(threading.get_ident())
        begun.set()
        assert done.wait(20)

    thread = threading.Thread(target=tidy)
    thread.start()
    assert begun.wait(20)
    tidy()
    assert len(calls) == 1
    done.set()
    thread.join(20)
    tidy()
    assert len(calls) == 2


def test_what_failed_is_done_again() -> None:
    calls: list[int] = []

    @one_at_a_time
    def fail() -> None:
        calls.append(1)
        raise OSError("the disk")

    for _ in range(2):
        with pytest.raises(OSError, match="the disk"):
            fail()
    assert len(calls) == 2


@pytest.mark.parametrize(
    ("task", "work"),
    [
        (retire, "events.recordings.adopt_segments"),
        (adopt_recordings, "events.recordings.adopt_all_segments"),
        (make_room, "events.room.make_room"),
        (clean_up, "cameras.requests.forget_requests"),
        (forget, "project.idempotency.services.forget_keys"),
        (send, "notifications.sender.send_at_once"),
        (post_head, "project.audit.heads.post_newest"),
    ],
    ids=lambda value: getattr(value, "name", ""),
)
def test_tasks_that_may_take_long_run_once_at_a_time(
    db: None, media: object, task: object, work: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[int] = []

    def again(**_: object) -> int:
        calls.append(1)
        assert callable(task)
        task()
        return 0

    monkeypatch.setattr(work, again)
    assert callable(task)
    task()
    assert len(calls) == 1
