"""A clock for packets that never jumps, made from timestamps that cannot be trusted; and a beat to pick pictures by."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

TICKS = 90_000
TIME_BASE = Fraction(1, TICKS)
LARGEST_STEP = 10.0
"""Seconds. A larger step between two packets is a jump of the camera's clock, not a pause."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """When a packet came, and where it stands on the continuing timeline."""

    at: float
    """Wall clock."""
    monotonic: float
    dts: int
    """Ticks since the first packet, strictly growing."""
    pts: int | None
    """Ticks, at or after dts; None where the source gave none."""

    @property
    def seconds(self) -> float:
        """Of the picture on the timeline."""
        return (self.dts if self.pts is None else self.pts) / TICKS


class Timeline:
    """Continues over zero, repeated, missing and jumping timestamps, reconnects and the loops of a file."""

    def __init__(self) -> None:
        self._raw: int | None = None
        self._dts = 0
        self._seen: float | None = None

    def stamp(
        self,
        dts: int | None,
        pts: int | None,
        time_base: Fraction,
        *,
        at: float,
        monotonic: float,
        frame_seconds: float,
    ) -> Stamp:
        """Place a packet. `frame_seconds` is the nominal distance of two pictures."""
        given = pts if dts is None else dts
        raw = None if given is None else int(given * time_base * TICKS)
        if self._seen is not None:
            self._dts += self._step(raw, monotonic - self._seen, frame_seconds)
        self._raw, self._seen = raw, monotonic
        placed = None
        if pts is not None and dts is not None:
            placed = self._dts + min(max(0, int((pts - dts) * time_base * TICKS)), int(LARGEST_STEP * TICKS))
        return Stamp(at, monotonic, self._dts, placed if dts is not None else self._dts)

    def _step(self, raw: int | None, waited: float, frame_seconds: float) -> int:
        if raw is not None and self._raw is not None:
            step = raw - self._raw
            if 0 < step <= LARGEST_STEP * TICKS:
                return step
        return max(1, int(min(max(waited, frame_seconds), LARGEST_STEP) * TICKS))


class Beat:
    """Picks pictures at a rate, evenly on the timeline."""

    def __init__(self, fps: float) -> None:
        self._period = 1.0 / fps
        self._due: float | None = None

    def takes(self, seconds: float) -> bool:
        """Whether the picture that stands there is picked. A tenth of a period early counts as on time."""
        if self._due is not None and seconds < self._due - 0.1 * self._period:
            # After a jump back on the timeline nothing would be picked for long: begin anew.
            if seconds > self._due - 2 * self._period:
                return False
            self._due = None
        due = seconds if self._due is None else self._due
        self._due = due + self._period if seconds < due + self._period else seconds + self._period
        return True
