"""Left: something stands still where nothing stood, or something that always stood there is gone.

Two backgrounds, after Porikli, Ivanov and Haga (Robust abandoned object detection using dual foregrounds, EURASIP
Journal on Advances in Signal Processing 2008, 30): a slow one of what is always there and a quick one of what is there
now. Where they differ although the quick one has not changed for long, something was left. Beyond it, all on the small
picture that the Eye gives anyway:

* People who stand fidget: the whole thing must hold still, not a part of it.
* Light comes all over or over seconds; a thing comes at once and in one place. What is brighter or darker as a whole is
  compared as if it were not, what changed little by little is followed, and where too much of the picture is new at
  once, it is the light. A patch that shows what it always showed, only brighter or darker, is light too.
* Where things are often put down and taken again, they may stand twice as long as they ever did.
* What was told for a while, or has been there for long without being told, belongs to the scene from then on.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from inference.memory.snapshot import Array
from inference.types import Box, Floats

Mask = NDArray[np.bool_]

LEFT_SECONDS = 10.0
"""Still for so long: longer than people stand still to the hair's breadth, short enough to catch who left it."""
TIMES_USUAL = 2.0
"""Times as long as anything ever stood there."""
TOLERANCE, TIMES_NOISE = 0.03, 4.0
"""Grey levels 0..1 that are the same still, at least and times a point's own noise."""
DIFFERENT = 0.08
"""Grey levels from which a point is another than usual: a person on asphalt in the shade has 0.1."""
OCCLUDED_SECONDS = 2.0
"""Somebody who walks by hides a thing for less."""
TOLD_OCCLUDED_SECONDS = 10.0
"""Who looks at what was told stands in front of it for longer: it is the same thing when he goes."""
FOLLOW_SECONDS, NOISE_SECONDS, USUAL_SECONDS = 1.0, 60.0, 20.0
"""How fast the quick background, the noise of a point and the slow background follow."""
RESTLESS_SECONDS, MOVED = 5.0, 0.02
RESTLESS, RESTLESS_SHARE = 0.1, 0.3
"""A point is restless that changed by so much in more than so large a share of the last pictures, two a second: who
shifts from one foot to the other, not who passes. Of a thing and what is beside it at most this share of points may be.
"""
HELD_SHARE = 0.7
"""Of a thing that must have held still."""
LEAST_POINTS, MOST_SHARE = 8, 0.12
"""Of one thing: a bag at 15 m, and a lorry close by."""
LIGHT_SHARE = 0.25
"""Of the picture that is new at once: the light."""
LIKENESS, TEXTURE = 0.8, 0.02
"""Correlation with what was there from which it is only lit otherwise, where that has this contrast (grey levels)."""
AROUND = (31, 31)
"""Points, odd: over which light is even."""
SETTLE_SECONDS = 40.0
"""Of footage before anything is told: who stood there in the first pictures must be gone."""
TOLD_SECONDS = 60.0
"""So long a thing is told: it is an event that an operator sees, and other events must not hide behind it for long."""
ABSORB_SECONDS, ABSORB_LEARNING_SECONDS = 300.0, 10.0
"""What stands so long untold, or while the camera learns, belongs to the scene."""
LONGEST_GAP = 2.0
"""Seconds between two frames after which nobody knows what was in between."""
FORGET_SECONDS = 7 * 86_400.0
"""How fast it is forgotten how long things stood: a week, which has seen each kind of day."""


@dataclass(frozen=True, slots=True)
class Thing:
    """What was left, or is gone."""

    box: Box
    seconds: float
    """For which it has not moved."""
    usual: float
    """The longest that anything ever stood there, seconds; 0: nothing ever did."""
    gone: bool
    """Whether it is something that was always there and is no more."""

    @property
    def strength(self) -> float:
        """1.2 and up: times the limit; bounded."""
        return float(np.clip(self.seconds / max(LEFT_SECONDS, TIMES_USUAL * self.usual), 1.2, 3.0))

    @property
    def text(self) -> str:
        """For people."""
        if self.gone:
            return f"something that always was here is gone, for {self.seconds:.0f} s"
        usual = f"what is left here is usually gone after {self.usual:.0f} s"
        known = usual if self.usual >= 1.0 else "nothing was ever left here"
        return f"something was left here and has not moved for {self.seconds:.0f} s; {known}"


class Left:
    """Watches one camera for what is left. Used by one thread. All arrays are (rows, columns) of the small picture."""

    def __init__(self) -> None:
        self.seconds = 0.0
        """Footage seen."""
        self._last_at: float | None = None
        self._held: Floats
        self._was_changed: Mask
        self._begin(np.zeros((0, 0), np.float32))

    def see(
        self, view: Floats, at: float, *, learning: bool, spared: Callable[[Box], bool] = lambda box: False
    ) -> Thing | None:
        """Take the next picture, grey levels 0..1, seen at `at`, seconds; what was left in it, None: nothing.

        `spared`: where nothing is to be told.
        """
        if not view.size:
            return None
        if self._usual.shape != view.shape:
            self._begin(view)
        elapsed = float(at - self._last_at) if self._last_at is not None else 0.0
        self._last_at = at
        if not 0.0 <= elapsed <= LONGEST_GAP:
            self.pause()
            elapsed = 0.0
        self.seconds += elapsed
        untold = self._told == 0.0
        ended, stood = self._follow(view, elapsed)
        changed = self._compare(elapsed)
        self._remember((ended | (self._was_changed & ~changed)) & untold, stood, elapsed)
        self._was_changed = changed
        found = [] if learning or self.seconds < SETTLE_SECONDS else self._found(changed, elapsed)
        told = [thing for thing in found if not spared(thing.box)]
        self._absorb(changed, ABSORB_LEARNING_SECONDS if learning else ABSORB_SECONDS)
        return max(told, key=lambda thing: thing.seconds, default=None)

    def pause(self) -> None:
        """What is seen from now on does not follow on what was: a disturbed view, a lost connection."""
        self._held = np.zeros_like(self._held)
        self._was_changed = np.zeros_like(self._was_changed)

    def arrays(self) -> dict[str, Array]:
        """What a snapshot keeps; what stands still at the moment is seen anew."""
        return {"usual": self._usual, "noise": self._noise, "stays": self._stays, "seconds": np.array([self.seconds])}

    def restore(self, arrays: dict[str, Array]) -> None:
        """Go on from `arrays()`. Raises KeyError, IndexError or ValueError where they do not fit."""
        usual, noise, stays = (arrays[name].astype(np.float32) for name in ("usual", "noise", "stays"))
        if usual.ndim != 2 or not usual.shape == noise.shape == stays.shape:
            raise ValueError("the snapshot of what is left has parts of different sizes")
        self._begin(usual)
        self._noise, self._stays, self.seconds = noise, stays, float(arrays["seconds"][0])

    def _begin(self, view: Floats) -> None:
        self._usual, self._now, self._before = view.copy(), view.copy(), view.copy()
        self._noise, self._stays, self._held, self._missed, self._away, self._restless, self._told = (
            np.zeros(view.shape, np.float32) for _ in range(7)
        )
        self._was_changed = np.zeros(view.shape, np.bool_)

    def _follow(self, view: Floats, elapsed: float) -> tuple[Mask, Floats]:
        """The quick background; where something else begins, and how long what was there had stood."""
        apart = np.abs(view - self._now)
        same = apart <= np.maximum(TOLERANCE, TIMES_NOISE * self._noise)
        self._missed = np.where(same, 0.0, self._missed + elapsed).astype(np.float32)
        hidden = (self._told > 0.0) & (np.abs(view - self._usual) > DIFFERENT)
        lost = self._missed > np.where(hidden, TOLD_OCCLUDED_SECONDS, OCCLUDED_SECONDS)
        held, pace = self._held, np.float32(min(1.0, elapsed / FOLLOW_SECONDS))
        stood = np.minimum(held, self._away)
        self._now = np.where(lost, view, self._now + pace * same * (view - self._now))
        self._held = np.where(lost, 0.0, held + elapsed).astype(np.float32)
        self._missed[lost] = 0.0
        self._noise += np.float32(min(1.0, elapsed / NOISE_SECONDS)) * same * (apart - self._noise)
        moved = np.abs(view - self._before) > MOVED
        self._restless += np.float32(min(1.0, elapsed / RESTLESS_SECONDS)) * (moved - self._restless)
        self._before = view
        return lost & self._was_changed, stood

    def _compare(self, elapsed: float) -> Mask:
        """Where it is another picture than usual, light aside; elsewhere the slow background follows."""
        lit = (cv2.blur(self._now, AROUND) + 0.05) / (cv2.blur(self._usual, AROUND) + 0.05)
        apart = np.abs(self._now - self._usual * lit)
        changed: Mask = apart > np.maximum(DIFFERENT, TIMES_NOISE * self._noise)
        if (changed & (self._held > OCCLUDED_SECONDS) & (self._away < LEFT_SECONDS)).mean() > LIGHT_SHARE:
            self._usual = self._now.copy()
            changed = np.zeros_like(changed)
        # A lorry that passes changes the light around: that does not begin anew what it hides for a moment.
        self._away = np.maximum(self._away + np.where(changed, elapsed, -elapsed), 0.0).astype(np.float32)
        # At first an average, so that who stood there in the first picture is soon gone.
        pace = max(elapsed / USUAL_SECONDS, elapsed / max(self.seconds, 0.2))
        follows = ~changed | (self._held > 1.5 * self._away + OCCLUDED_SECONDS)
        self._usual += np.float32(min(1.0, pace)) * follows * (self._now - self._usual)
        self._told[~changed] = 0.0
        return changed

    def _remember(self, ended: Mask, stood: Floats, elapsed: float) -> None:
        """How long things stood that stand no more."""
        self._stays *= np.float32(1.0 - elapsed / FORGET_SECONDS)
        ended = ended & (stood > 1.0)
        if ended.any():
            around = cv2.dilate(np.where(ended, stood, 0.0).astype(np.float32), np.ones((3, 3), np.uint8))
            self._stays = np.maximum(self._stays, cast(Floats, around))

    def _absorb(self, changed: Mask, seconds: float) -> None:
        """Take for usual what has been there for so long, or was told."""
        old = changed & ((self._held > seconds) | (self._told > TOLD_SECONDS))
        if old.any():
            self._usual[old] = self._now[old]

    def _found(self, changed: Mask, elapsed: float) -> list[Thing]:
        """All that has been there for long enough."""
        limit = np.maximum(LEFT_SECONDS, TIMES_USUAL * self._stays)
        # What changed little by little had held still already before it was another.
        still = changed & (self._held >= limit) & (self._held <= 1.5 * self._away + OCCLUDED_SECONDS)
        if not still.any():
            return []
        known = still & (self._told > 0.0)
        found = [*_parts(known, known)]
        if np.count_nonzero(still & ~known) >= LEAST_POINTS:
            found += [part for part in _parts(changed, still & ~known) if self._is_thing(part, still)]
        for part in found:
            self._told[part] += np.float32(max(elapsed, 1e-3))
        return [self._thing(part) for part in found]

    def _is_thing(self, part: Mask, still: Mask) -> bool:
        points = np.count_nonzero(part)
        if not LEAST_POINTS <= points <= MOST_SHARE * part.size or np.count_nonzero(part & still) < HELD_SHARE * points:
            return False
        if float((self._restless[_around(part)] > RESTLESS).mean()) > RESTLESS_SHARE:
            return False
        now, usual = (values[part] - values[part].mean() for values in (self._now, self._usual))
        contrast = float(usual.std())
        return contrast < TEXTURE or float((now * usual).mean()) < LIKENESS * contrast * float(now.std())

    def _thing(self, part: Mask) -> Thing:
        rows, columns = np.nonzero(part)
        height, width = part.shape
        box = Box(
            float(columns.min() / width),
            float(rows.min() / height),
            float((columns.max() + 1) / width),
            float((rows.max() + 1) / height),
        )
        around = _around(part)
        edges = [float(np.abs(cv2.Laplacian(values, cv2.CV_32F))[around].mean()) for values in (self._now, self._usual)]
        usual = float(np.median(self._stays[part]))
        return Thing(box, float(np.median(self._held[part])), usual, gone=edges[1] > edges[0])


def _around(part: Mask) -> Mask:
    """The part with the points beside it."""
    return cv2.dilate(part.astype(np.uint8), np.ones((3, 3), np.uint8)).astype(np.bool_)


def _parts(mask: Mask, within: Mask) -> list[Mask]:
    """The connected parts of the mask that touch `within`."""
    if not within.any():
        return []
    _, labels = cv2.connectedComponents(mask.astype(np.uint8), connectivity=8)
    return [labels == label for label in np.unique(labels[within & mask])]
