"""What each stage of looking at a frame costs, for whoever asks; nobody pays for it otherwise."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import ParamSpec, TypeVar

Given = ParamSpec("Given")
Answer = TypeVar("Answer")

_spent: ContextVar[dict[str, float] | None] = ContextVar("spent", default=None)


def staged(stage: str) -> Callable[[Callable[Given, Answer]], Callable[Given, Answer]]:
    """Count the function's processor time to that stage while `measured` is on. One stage does not call another."""

    def decorate(function: Callable[Given, Answer]) -> Callable[Given, Answer]:
        @wraps(function)
        def timed(*given: Given.args, **named: Given.kwargs) -> Answer:
            spent = _spent.get()
            if spent is None:
                return function(*given, **named)
            began = time.thread_time()
            try:
                return function(*given, **named)
            finally:
                spent[stage] += time.thread_time() - began

        return timed

    return decorate


@contextmanager
def measured() -> Iterator[dict[str, float]]:
    """Stage -> seconds of processor time that this thread spends in it until the end of the block."""
    spent: dict[str, float] = defaultdict(float)
    token = _spent.set(spent)
    try:
        yield spent
    finally:
        _spent.reset(token)
