"""Newest: of jobs that may be tried again later, which have been outdone by one that was asked for after them."""

from __future__ import annotations

import itertools
from collections.abc import Hashable

LONGEST_MEMORY = 1000
"""Things remembered, the latest done: several times what can wait to be done, and well under a megabyte."""


class Newest:
    """Used by the thread that asks and the one that does."""

    def __init__(self) -> None:
        self._numbers = itertools.count()
        self._done: dict[Hashable, int] = {}

    def ask(self) -> int:
        """The number of a new job; whoever asks later gets a higher one."""
        return next(self._numbers)

    def outdone(self, thing: Hashable, number: int) -> bool:
        """Whether a job for the same thing that was asked for later is done already."""
        return self._done.get(thing, -1) > number

    def has(self, thing: Hashable) -> bool:
        """Whether any job for that thing is done."""
        return thing in self._done

    def done(self, thing: Hashable, number: int) -> None:
        """The job for that thing is done."""
        self._done.pop(thing, None)
        self._done[thing] = number
        if len(self._done) > LONGEST_MEMORY:
            del self._done[next(iter(self._done))]
