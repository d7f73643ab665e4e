"""What `./vigil evaluate` says: results on standard output, progress on standard error."""

from __future__ import annotations

import sys
import time
from typing import Self

EVERY = 15.0
"""Seconds between signs of life where there is no terminal."""


def say(text: str = "") -> None:
    """One line of the result."""
    print(text, flush=True)  # noqa: T201


class ProgressLine:
    """On a terminal one line that is drawn again, elsewhere one now and then."""

    def __init__(self) -> None:
        self._live = sys.stderr.isatty()
        self._told = time.monotonic()

    def __call__(self, what: str, share: float) -> None:
        """`share` of it is done, 0..1."""
        now = time.monotonic()
        if now - self._told >= (0.2 if self._live else EVERY):
            self._told = now
            sys.stderr.write(f"\r\x1b[K{what} {share:4.0%}" if self._live else f"{what} {share:.0%}\n")
            sys.stderr.flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        """Takes the line away, before something else is said."""
        if self._live:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
