"""Stays: for how long something has kept moving in one place, beside the longest that was seen near there.

People and cars move on. What moves and does not come away is a fire, a leak, somebody who loiters, or who lies there
and waves. Looked at are parts of the picture, and no thing is followed: where one comes after the other without a
break, as in a lane, it is usual that something moves for long.

A stay is learned when it is over, so that what goes on does not become normal by going on, and counts once it came
twice. While a camera learns, once is enough, and at once; a screen or a fountain goes on all the while.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from inference.memory.attributes import PLACE, STAY
from inference.memory.hours import moving
from inference.memory.recent import LEAST_VALUES, Recent
from inference.memory.snapshot import Array
from inference.stages import staged
from inference.types import Features, Floats, Reason

Cells = tuple[NDArray[np.intp], NDArray[np.intp]]
"""Rows and columns of some cells."""

CELLS = (18, 24)
"""Rows and columns of the picture: a person at 15 m fills two by two."""
NEAR = np.ones((3, 3), np.uint8)
"""A cell and those around it: who stays sways, and flames leap."""
AWAY_SECONDS = 1.5
"""Nothing moved there for so long, and the stay is over."""
USUAL_SECONDS = 6.0
"""So long surprises nowhere: a greeting, a door, a shoelace."""
LONGEST_SECONDS = 3600.0
"""Longer is not longer."""
ENDLESS_SECONDS = 30.0
"""What goes on for so long while a camera learns, half of that time, has no end."""
FAR = 24.0
"""Doublings over a picture's width: where something stayed for a minute, half a minute is nothing new a cell away."""
DOUBLINGS = 0.6
"""Beyond the longest, that a person would just notice: the normal range is never taken for narrower. With it, nothing
under 23 s alarms: half a minute at one place is long on most pictures, and a quarter is not."""
SHARE = 2 / 3
"""Of a Score's 1.0 for each normal range beyond the first: a stay alone must lie farther out than what is strange in
more than this."""
LEAST = 1.0
"""A lower surprise is none: where people come and go, stays a little longer than any before are common, and would raise
the threshold for all else."""
MOST = 5.0
"""The highest surprise."""
STAYS_KEPT = 3000
"""That make the normal range."""


class Stays:
    """The stays in one camera's picture. Used by one thread."""

    def __init__(self) -> None:
        self._now = 0.0
        self._came_at, self._moved_at = np.zeros(CELLS), np.full(CELLS, -np.inf)
        self._open = np.zeros(CELLS, np.float32)
        """Seconds: of stays that are not over, as long as they were when last learned from."""
        self._longest = np.zeros((2, *CELLS), np.float32)
        """Seconds: the longest stay that was learned of each cell, and the longest that came twice."""
        self._limits = np.full(CELLS, np.log2(USUAL_SECONDS), np.float32)
        """Of each cell, logarithm to base 2 of the seconds beyond which a stay is longer than any known near there."""
        self._beyond = Recent(STAYS_KEPT)
        """Doublings beyond the limit, of stays that are over."""

    @staged("score")
    def follow(self, features: Features) -> Features:
        """With `STAY` of each thing, (n, 2): seconds, and doublings beyond the longest stay known near there."""
        if not len(features.boxes):
            return features
        at, cells = features.at, _cells(_places(features))
        if at < self._now:  # another recording
            self._moved_at[:], self._open[:] = -np.inf, 0.0
        moves = moving(features, "activity")  # if only to and fro; an eye that knows objects sees parked cars as well
        here = np.zeros(CELLS, np.uint8)
        here[cells[0][moves], cells[1][moves]] = 1
        around = cv2.dilate(here, NEAR).view(np.bool_)
        self._came_at[around & self._is_over(at)] = at
        self._moved_at[around] = self._now = at
        lasted = np.where(self._is_over(at), 0.0, at - self._came_at).astype(np.float32)
        seconds = np.minimum(cv2.dilate(lasted, NEAR)[cells], LONGEST_SECONDS) * moves
        stays = np.stack((seconds, self._doublings(seconds, cells)), axis=1)
        return features.having(STAY, stays.astype(np.float32))

    def surprises(self, features: Features) -> Floats:
        """(n,): on the scale of a Score; 0 where too little is known."""
        stays = features.attributes.get(STAY)
        if stays is None or len(self._beyond) < LEAST_VALUES:
            return np.zeros(len(features.boxes), np.float32)
        span = np.float32(max(self._beyond.usual, DOUBLINGS))
        surprises: Floats = ((stays[:, 1] / span - 1.0) * np.float32(SHARE)).clip(0.0, MOST)
        surprises[surprises < LEAST] = 0.0
        return surprises

    def reason(self, features: Features, thing: int) -> Reason:
        """Why a thing's stay surprises."""
        seconds, doublings = (float(each) for each in features.attributes[STAY][thing])
        text = f"has kept moving in one place for {seconds:.0f} s, where nothing did for longer than"
        surprise = float(self.surprises(features)[thing])
        return Reason(STAY, surprise, f"{text} {seconds / 2**doublings:.0f} s")

    def learn(self, frames: Sequence[Features], *, learning: bool) -> None:
        """Take what `follow` gave for normal when it is over; while the camera is `learning`, at once."""
        told = [features for features in frames if STAY in features.attributes]
        if told:
            rows, columns = _cells(np.concatenate([_places(features) for features in told]))
            seconds = np.concatenate([features.attributes[STAY][:, 0] for features in told])
            np.maximum.at(self._open, (rows, columns), seconds)
            if learning:
                endless = np.where(seconds < ENDLESS_SECONDS, seconds, np.float32(LONGEST_SECONDS))
                np.maximum.at(self._longest[0], (rows, columns), endless)
        if learning:
            self._know(self._longest[0])
        lasting = cv2.dilate((~self._is_over(frames[-1].at)).view(np.uint8), NEAR).view(np.bool_)
        rows, columns = np.nonzero((self._open > 0.0) & ~lasting)
        if len(rows):
            self._end((rows, columns))

    def arrays(self) -> dict[str, Array]:
        """For a snapshot; stays that are not over are forgotten."""
        return {"longest": self._longest, "beyond": self._beyond.array()}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, Array]) -> Stays:
        """Go on from `arrays()`. Raises KeyError or ValueError where they do not fit."""
        stays, longest = cls(), arrays["longest"].astype(np.float32)
        if longest.shape != stays._longest.shape:
            raise ValueError("the snapshot knows of stays in other parts of the picture")
        stays._longest, stays._limits = longest.copy(), _limits(longest[1])
        stays._beyond.restore(arrays["beyond"].astype(np.float32))
        return stays

    def _is_over(self, at: float) -> NDArray[np.bool_]:
        return at - self._moved_at > AWAY_SECONDS

    def _end(self, cells: Cells) -> None:
        stays, once, twice = self._open[cells], self._longest[0], self._longest[1].copy()
        for doublings in self._doublings(stays, cells):
            self._beyond.add(float(doublings))
        twice[cells] = np.maximum(twice[cells], np.minimum(once[cells], stays))
        once[cells] = np.maximum(once[cells], stays)
        self._open[cells] = 0.0
        self._know(twice)

    def _know(self, twice: Floats) -> None:
        if (twice > self._longest[1]).any():
            self._longest[1] = np.maximum(self._longest[1], twice)
            self._limits = _limits(self._longest[1])

    def _doublings(self, seconds: Floats, cells: Cells) -> Floats:
        beyond: Floats = np.log2(np.maximum(seconds, 1.0)) - self._limits[cells]
        return np.maximum(beyond, np.float32(0.0))


def _places(features: Features) -> Floats:
    """(n, 2): where each thing is."""
    if PLACE in features.attributes:
        return features.attributes[PLACE]
    return (features.boxes[:, :2] + features.boxes[:, 2:]) / np.float32(2.0)


def _cells(places: Floats) -> Cells:
    columns, rows = (places * np.array(CELLS[::-1], np.float32)).astype(np.intp).T
    return rows.clip(0, CELLS[0] - 1), columns.clip(0, CELLS[1] - 1)


def _limits(longest: Floats) -> Floats:
    """(rows, columns): of what each cell and all others know, the farther away the less it says."""
    known = np.log2(np.maximum(longest, USUAL_SECONDS)).ravel()
    limits: Floats = (known - FAR * _apart()).max(axis=1)
    return limits.reshape(CELLS)


@cache
def _apart() -> Floats:
    """(cells, cells): distances in sides of the picture."""
    rows, columns = (each.ravel().astype(np.float32) for each in np.indices(CELLS))
    return np.hypot((rows[:, None] - rows) / CELLS[0], (columns[:, None] - columns) / CELLS[1]).astype(np.float32)
