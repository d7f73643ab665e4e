"""Evidence: it is stored beside the events, tried again, and given up rather than piled up."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from inference.evidence import LONGEST_QUEUE, PAUSES, Evidence, mark
from inference.types import Box
from tests.inference.fakes import FakeClock


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def evidence(clock: FakeClock) -> Evidence:
    return Evidence(clock)


def test_a_job_that_fails_is_tried_again_later(evidence: Evidence, clock: FakeClock) -> None:
    done: list[str] = []

    def flaky() -> None:
        done.append("tried")
        if len(done) < 3:
            raise OSError("the storage is away")

    evidence.put("a clip", flaky)
    evidence.step()
    for pause in PAUSES[:2]:
        clock.advance(pause)
        evidence.step()
    assert (len(done), evidence.given_up) == (3, 0)
    assert evidence.flush(timeout=0)


def test_a_job_that_never_succeeds_is_given_up(evidence: Evidence, clock: FakeClock) -> None:
    def hopeless() -> None:
        raise OSError("no such bucket")

    cleared: list[str] = []
    evidence.put("a clip", hopeless, lambda: cleared.append("its file"))
    evidence.step()
    for pause in PAUSES:
        assert not cleared
        clock.advance(pause)
        evidence.step()
    assert (evidence.given_up, cleared) == (1, ["its file"])
    assert evidence.flush(timeout=0)


def test_too_much_evidence_is_counted_not_kept(evidence: Evidence) -> None:
    cleared: list[int] = []
    for number in range(LONGEST_QUEUE + 3):
        evidence.put("a clip", lambda: None, lambda number=number: cleared.append(number - LONGEST_QUEUE))  # type: ignore[misc]
    assert (evidence.given_up, cleared) == (3, [0, 1, 2])


def test_the_thread_does_what_it_is_given_and_ends(evidence: Evidence) -> None:
    done: list[int] = []
    evidence.start()
    for number in range(5):
        evidence.put("a number", lambda number=number: done.append(number))  # type: ignore[misc]
    assert evidence.flush(timeout=10)
    evidence.end()
    evidence.join(10)
    assert done == [0, 1, 2, 3, 4]
    assert not evidence.is_alive()


def test_the_mark_is_where_the_box_is() -> None:
    grey = np.full((360, 640, 3), 128, np.uint8)
    jpeg = bytes(cv2.imencode(".jpg", grey)[1])
    picture = cv2.imdecode(np.frombuffer(mark(jpeg, Box(0.25, 0.25, 0.75, 0.75)), np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None
    red = (picture[..., 2].astype(int) - picture[..., 0]) > 60
    rows, columns = np.nonzero(red)
    assert (rows.min() // 10, rows.max() // 10, columns.min() // 10, columns.max() // 10) == (8, 27, 15, 48)
    assert not red[180, 320]


def test_what_is_no_picture_is_said_to_be_none() -> None:
    with pytest.raises(ValueError, match="JPEG"):
        mark(b"not a picture", Box(0, 0, 1, 1))
