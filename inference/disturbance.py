"""Disturbance: the view is not what it was, because the camera was moved, covered, defocused, blinded, or froze.

What only passes (somebody close by, a truck) is told from what stays by time, and the less of the picture is gone the
longer it takes; everything is known within 10 s. While much of the picture is gone, that explains whatever seems to
move in it. A frozen picture is one that is the same in every pixel while pictures still come: a sensor has noise. A
source that stood still for long while it was learned (a drawing, a strong compression) may do so three times as long.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from inference.memory.view import Look
from inference.types import Frame, Pixels

Kind = Literal["moved", "covered", "defocused", "blinded", "frozen"]

LEAST_LOSS, MOST_LOSS = 0.35, 0.8
"""Of its usual structure a picture is disturbed that lost this much: below, whatever its history says, it is not, and
above it is."""
MARGIN = 1.5
"""Times the most that normal footage ever lost."""
ALL_LOSS, MUCH_LOSS = 0.85, 0.6
ALL_SECONDS, MUCH_SECONDS, SOME_SECONDS = SECONDS = 1.0, 2.0, 5.0
"""How long so much, or less, must be gone."""
BLIND_SHARE, BLIND_LOSS = 0.4, 0.2
"""Of the picture burnt out, and of its structure lost: a lamp burns out as much and loses nothing."""
EMPTY_SHARE = 0.4
"""Of the structured regions left without structure, from which it is a cover, not another sight."""
WEAK_GAIN, WEAK_LOSS = 0.5, 0.8
"""A picture of which so little is left and that has less structure than this share of the usual is a cover too; one
that is blurred and of which more is left is out of focus."""
LEAST_BLUR, BLUR_MARGIN = 2.0, 1.3
"""Times less sharp than usual, and than the least sharp normal moment."""
RELEASE = 0.7
"""Share of a limit below which a disturbance is over."""
FROZEN_SECONDS = 8.0
"""Longer than most cameras go from one key picture to the next, and known within ten seconds."""
STILL_TIMES = 3.0
LASTING_SECONDS = 300.0
"""Nobody cleans a lens or turns a camera back within five minutes without knowing of it."""
STRONGEST = 3.0

TEXTS: dict[Kind, str] = {
    "moved": "the camera shows another sight than usual: it was moved or turned, or its picture replaced",
    "covered": "the lens is covered: nothing is left of what this camera usually shows",
    "defocused": "the picture is blurred: the lens is out of focus or dirty",
    "blinded": "the camera is blinded: most of the picture is burnt out by light",
    "frozen": "the picture is frozen: it is the same in every pixel although pictures still come",
}


@dataclass(frozen=True, slots=True)
class Disturbance:
    """What is wrong with the view."""

    kind: Kind
    strength: float
    """1 and up: times the limit; bounded."""
    settled: bool
    """False while it may still pass."""
    explains_all: bool
    """Whether what seems to move is no news."""
    lasting: bool = False
    """Whether it has been so for LASTING_SECONDS."""

    @property
    def advice(self) -> str:
        """For people, once it lasts."""
        if not self.lasting:
            return ""
        return (
            f"The view has changed for good ({self.kind}): {TEXTS[self.kind]}. Nothing is learned or told apart "
            "until it is as before. If it shall stay like this, relearn the camera."
        )


class Guard:
    """Watches one camera's view over time. Used by one thread."""

    def __init__(self) -> None:
        self._since: dict[float, float] = {}
        """By the seconds that it must last, since when it is at least so bad."""
        self._settled = False
        self._pixels: Pixels | None = None
        self._changed_at = 0.0
        self.longest_still = 0.0
        """Seconds for which normal footage stood still, to the pixel."""

    def learn(self, frame: Frame) -> None:
        """Take this as normal."""
        self.longest_still = max(self.longest_still, self._still(frame))

    def see(self, frame: Frame, look: Look) -> Disturbance | None:
        """What is wrong with this frame's view; None: nothing."""
        now, still = frame.monotonic, self._still(frame)
        patience = max(FROZEN_SECONDS, STILL_TIMES * self.longest_still)
        if still >= patience:
            return self._told("frozen", 2.0, now, needed=0.0)
        found = _kind_of(look, RELEASE if self._settled else 1.0)
        if found and found[2] == SOME_SECONDS and still >= ALL_SECONDS and patience == FROZEN_SECONDS:
            found = None  # it may have frozen with somebody close by
        if found is None:
            self._since, self._settled = {}, False
            return None
        return self._told(*found[:2], now, found[2])

    def _told(self, kind: Kind, strength: float, now: float, needed: float) -> Disturbance:
        """`needed`: seconds for which it must be at least so bad."""
        self._since = {limit: self._since.get(limit, now) for limit in (0.0, *SECONDS) if limit >= needed}
        self._settled = self._settled or any(now - since >= limit for limit, since in self._since.items())
        return Disturbance(
            kind,
            float(np.clip(strength, 1.0, STRONGEST)),
            settled=self._settled,
            explains_all=self._settled or needed < SOME_SECONDS,
            lasting=self._settled and now - self._since[SOME_SECONDS] >= LASTING_SECONDS,
        )

    def _still(self, frame: Frame) -> float:
        """Seconds for which not a pixel changed."""
        if self._pixels is None or frame.monotonic < self._changed_at or not np.array_equal(self._pixels, frame.pixels):
            self._pixels, self._changed_at = frame.pixels, frame.monotonic
        return frame.monotonic - self._changed_at


def _kind_of(look: Look, ease: float) -> tuple[Kind, float, float] | None:
    """Kind, strength and the seconds for which it must be so; `ease` lowers every limit."""
    limit = float(np.clip(MARGIN * look.usual_loss, LEAST_LOSS, MOST_LOSS)) * ease
    needed = ALL_SECONDS if look.loss >= ALL_LOSS else MUCH_SECONDS if look.loss >= MUCH_LOSS else SOME_SECONDS
    strength = look.loss / limit
    if look.bright >= BLIND_SHARE * ease and look.loss >= BLIND_LOSS * ease:
        return "blinded", max(strength, 1.5), min(needed, MUCH_SECONDS)
    blur_limit = max(LEAST_BLUR, BLUR_MARGIN * look.usual_blur) * ease
    blurred = look.blur >= blur_limit
    if look.loss >= limit and not (blurred and look.loss < WEAK_LOSS):
        covered = look.emptied >= EMPTY_SHARE or (look.loss >= WEAK_LOSS and look.gain < WEAK_GAIN)
        return "covered" if covered else "moved", strength, needed
    if blurred:
        return "defocused", look.blur / blur_limit, MUCH_SECONDS
    return None
