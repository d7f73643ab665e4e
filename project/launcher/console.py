"""What the launcher says: lines, and phases with a bar and the seconds that have passed."""

from __future__ import annotations

import os
import sys
import time
from types import TracebackType
from typing import Self

BAR = 24
"""Characters of a full bar."""
SAY_EVERY = 15.0
"""Seconds between signs of life where there is no terminal."""


def say(text: str = "") -> None:
    """One line to the user. A reader that has gone away (`./vigil up | head`) must not stop an instance."""
    try:
        sys.stdout.write(text + "\n")
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def complain(text: str) -> None:
    """One line to the user about what went wrong."""
    sys.stderr.write(("\r\x1b[K" if sys.stderr.isatty() else "") + text + "\n")
    sys.stderr.flush()


def bar(fraction: float) -> str:
    """`fraction`, 0..1, as a bar of fixed width."""
    full = round(BAR * min(max(fraction, 0.0), 1.0))
    return "█" * full + "░" * (BAR - full)


class Phase:
    """A step that takes a while. On a terminal one line that is drawn again, elsewhere one now and then."""

    def __init__(self, title: str) -> None:
        self.title = title
        self._began = time.monotonic()
        self._live = sys.stdout.isatty()
        self._say_at = SAY_EVERY

    def __enter__(self) -> Self:
        if not self._live:
            say(f"{self.title} ...")
        return self

    def show(self, fraction: float | None = None, detail: str = "") -> None:
        """Draws how far the step is: `fraction` 0..1, None where nobody knows."""
        parts = [self.title, bar(fraction) if fraction is not None else "", detail, f"{self._seconds():.0f} s"]
        line = "  " + "  ".join(part for part in parts if part)
        if self._live:
            self._draw(line)
        elif self._seconds() >= self._say_at:
            self._say_at += SAY_EVERY
            say(line)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        if self._live:
            self._draw("")
        outcome = "done" if kind is None else "stopped"
        say(f"{'✓' if kind is None else '✗'} {self.title}: {outcome} after {self._seconds():.1f} s")

    def _seconds(self) -> float:
        return time.monotonic() - self._began

    def _draw(self, text: str) -> None:
        width = os.get_terminal_size().columns or 80
        sys.stdout.write(f"\r\x1b[K{text[: max(width - 1, 20)]}")
        sys.stdout.flush()
