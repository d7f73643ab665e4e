"""Evidence: pictures, clips and Memories on their way into the media storage, never in the way of an event.

A camera loop hands a job over and goes on. A job that fails is tried again a few times; only then, and when far too
many wait, it is given up, logged and counted: the event itself is in the database by then.
"""

from __future__ import annotations

import heapq
import itertools
import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass

from inference.clocks import Clock
from inference.types import Box

log = logging.getLogger(__name__)

PAUSES = (1.0, 2.0, 4.0, 8.0, 16.0, 30.0)
"""Seconds before each further try."""
LONGEST_QUEUE = 200
MARK = (0, 0, 255)
"""Red, in BGR."""


@dataclass(frozen=True, slots=True)
class _Job:
    what: str
    do: Callable[[], None]
    otherwise: Callable[[], None]


class Evidence(threading.Thread):
    """The thread that does the jobs, in order but for those that failed."""

    def __init__(self, clock: Clock) -> None:
        super().__init__(name="evidence", daemon=True)
        self.given_up = 0
        self._clock = clock
        self._numbers = itertools.count()
        self._jobs: list[tuple[float, int, int, _Job]] = []
        self._busy = False
        self._ending = False
        self._changed = threading.Condition()

    def put(self, what: str, job: Callable[[], None], otherwise: Callable[[], None] = lambda: None) -> None:
        """Do `job` soon, or `otherwise` where it is given up; `what` names it in the log. Returns at once."""
        with self._changed:
            if len(self._jobs) < LONGEST_QUEUE:
                heapq.heappush(
                    self._jobs, (self._clock.monotonic(), next(self._numbers), 0, _Job(what, job, otherwise))
                )
                self._changed.notify_all()
                return
        self.given_up += 1
        log.error("Too much evidence waits to be stored, %s is given up.", what)
        otherwise()

    def flush(self, timeout: float) -> bool:
        """Wait until nothing is left to be done; false if that took too long."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._jobs and not self._busy, timeout)

    def end(self) -> None:
        """End the thread after the job in hand."""
        with self._changed:
            self._ending = True
            self._changed.notify_all()

    def run(self) -> None:
        while self.step():
            pass

    def step(self) -> bool:
        """Do one job when it is due; false when the thread shall end."""
        with self._changed:
            while not self._ending and (not self._jobs or self._jobs[0][0] > self._clock.monotonic()):
                self._changed.wait(self._jobs[0][0] - self._clock.monotonic() if self._jobs else None)
            if self._ending:
                return False
            _, number, tries, job = heapq.heappop(self._jobs)
            self._busy = True
        try:
            job.do()
        except Exception as error:  # a storage fails in ways of its own
            self._try_again(number, tries, job, error)
        finally:
            with self._changed:
                self._busy = False
                self._changed.notify_all()
        return True

    def _try_again(self, number: int, tries: int, job: _Job, error: Exception) -> None:
        if tries >= len(PAUSES):
            self.given_up += 1
            log.error("%s could not be stored and is given up: %r", job.what, error)
            job.otherwise()
            return
        log.warning("%s could not be stored, trying again in %g s: %r", job.what, PAUSES[tries], error)
        with self._changed:
            heapq.heappush(self._jobs, (self._clock.monotonic() + PAUSES[tries], number, tries + 1, job))


def mark(jpeg: bytes, box: Box) -> bytes:
    """The picture with a rectangle around `box`. Raises ValueError where `jpeg` is no picture."""
    import cv2

    from inference.marking import decoded

    picture = decoded(jpeg)
    height, width = picture.shape[:2]
    corner, opposite = (
        (min(width - 1, max(0, round(x * width))), min(height - 1, max(0, round(y * height))))
        for x, y in ((box.left, box.top), (box.right, box.bottom))
    )
    cv2.rectangle(picture, corner, opposite, MARK, thickness=max(2, width // 320))
    return bytes(cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 85])[1])
