"""Housekeeping that does not pile up: what takes longer than its interval is not begun again meanwhile.

The control worker has a few threads, and people are told of events on them too.
"""

from __future__ import annotations

import functools
import logging
import threading
from collections.abc import Callable

log = logging.getLogger(__name__)


def one_at_a_time(task: Callable[[], None]) -> Callable[[], None]:
    """Have a call do nothing while another one is under way in this process."""
    under_way = threading.Lock()

    @functools.wraps(task)
    def run() -> None:
        if not under_way.acquire(blocking=False):
            log.debug("%s.%s is still under way", task.__module__, task.__qualname__)
            return
        try:
            task()
        finally:
            under_way.release()

    return run
