"""How many windows go into one look: as many as memory holds and as are soon enough looked at."""

from __future__ import annotations

LONGEST_LOOK = 1.0
"""Seconds: half of what a camera waits for. In a longer look the windows behind it grow too old to be asked for."""
QUICK_SHARE = 0.5
"""Of LONGEST_LOOK: a look within it has room for more."""
QUICK_LOOKS = 20
"""In a row, before there is one window more: a machine that was too slow a moment ago will be so again."""


class BatchSize:
    """Halves at once, grows by one. Used by one thread."""

    def __init__(self, most: int) -> None:
        self.now = most
        """Windows that the next look may take."""
        self._most = most
        self._quick = 0

    def too_large(self, windows: int) -> int:
        """So many do not fit into memory: half of them, which it returns, is the most from now on."""
        self._most = self.now = max(1, windows // 2)
        return self.now

    def took(self, windows: int, seconds: float) -> None:
        """A look at so many windows took so long."""
        if seconds > LONGEST_LOOK:
            self.now, self._quick = max(1, self.now // 2), 0
        elif seconds > QUICK_SHARE * LONGEST_LOOK:
            self._quick = 0
        elif windows >= self.now:  # fewer say nothing of what more would take
            self._quick += 1
        if self._quick >= QUICK_LOOKS and self.now < self._most:
            self.now, self._quick = self.now + 1, 0
