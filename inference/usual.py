"""What a camera usually looks like: a few small pictures of normal moments, to show beside an unusual one.

A reservoir (Vitter, 1985) in which the hours of the day share the room, so that the night has its pictures too; the
newer a picture, the likelier it is kept (Aggarwal, VLDB 2006), so that last year's scene goes. Bounded in number and
bytes. A picture is taken at most every TAKE_SECONDS and waits DOUBT_SECONDS: if something unusual begins meanwhile, it
was not a normal one.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import inf
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from inference.memory.snapshot import pack, unpack
from inference.types import Frame, Polygon

CAPACITY = 48
"""Two for each hour of the day."""
TAKE_SECONDS = 10.0
DOUBT_SECONDS = 5.0
"""Longer than an event takes to open and a score is smoothed."""
LARGEST = 30_000
"""Bytes of a picture: 48 of them stay under 1.5 MB, what is compared included."""
QUALITIES = (80, 50, 25)
"""Of JPEG, the first under LARGEST; a picture that is noise even then is left out."""
SMALL = (40, 22)
"""Columns and rows in which pictures are compared."""
HOURS_REMEMBERED = 2520
"""Pictures of one hour among which a new one is chosen: those of a week."""
KEPT_SECONDS = 30 * 86_400.0
"""A picture of people is not kept for longer, or for as long as an instance keeps evidence where that is less."""
NO_HOUR = 24
"""Of a picture from a recording: nobody knows when that was."""

Small = NDArray[np.uint8]
"""(22, 40): grey levels 0..255."""


@dataclass(frozen=True, slots=True, eq=False)
class NormalPicture:
    """One normal moment, small, privacy masks applied."""

    at: float
    """Wall clock, seconds since 1970; 0 where it is not known."""
    jpeg: bytes
    small: Small

    @property
    def hour(self) -> int:
        """Of the day, UTC, 0..23; NO_HOUR where it is not known."""
        return int(self.at // 3600) % 24 if self.at else NO_HOUR


class UsualPictures:
    """The normal pictures of one camera. Used by one thread; what `kept` gives may go to another."""

    def __init__(self) -> None:
        self.kept: tuple[NormalPicture, ...] = ()
        self._seen = [0] * (NO_HOUR + 1)
        """Pictures offered for each hour."""
        self._masks = repr(())
        self._keep_seconds = KEPT_SECONDS
        self._candidate: NormalPicture | None = None
        self._taken_at = -inf

    def see(self, frame: Frame, *, normal: bool, dated: bool = True) -> None:
        """Look at the camera's next frame; `normal`: nothing in it is unusual, `dated`: `frame.at` is its time."""
        now = frame.monotonic
        if now < self._taken_at:  # another clock
            self._candidate, self._taken_at = None, -inf
        if not normal:
            self._candidate = None
            return
        if self._candidate is not None and now - self._taken_at >= DOUBT_SECONDS:
            self._keep(self._candidate, random.Random(round(self._taken_at * 1000)))
            self._candidate = None
        if now - self._taken_at >= TAKE_SECONDS:
            self._taken_at = now
            self._candidate = _taken(frame, dated=dated)

    def under(self, masks: Sequence[Polygon], *, keep_seconds: float = KEPT_SECONDS) -> None:
        """Forget the pictures if they were made under other privacy masks: they may show what is to be hidden.

        From the next picture on, none older than `keep_seconds` stays.
        """
        self._keep_seconds = min(keep_seconds, KEPT_SECONDS)
        if self._masks != repr(tuple(masks)):
            self.kept, self._candidate, self._masks = (), None, repr(tuple(masks))

    def to_bytes(self) -> bytes:
        """Under 1.5 MB."""
        return pack(
            {
                "at": np.array([picture.at for picture in self.kept]),
                "sizes": np.array([len(picture.jpeg) for picture in self.kept], np.int64),
                "jpegs": np.frombuffer(b"".join(picture.jpeg for picture in self.kept), np.uint8),
                "smalls": np.array([picture.small for picture in self.kept], np.uint8),
                "seen": np.array(self._seen),
                "masks": np.array(self._masks),
            }
        )

    @classmethod
    def from_bytes(cls, snapshot: bytes) -> UsualPictures:
        """Go on with what was kept. Raises ValueError where the snapshot is not one."""
        arrays, pictures = unpack(snapshot), cls()
        try:
            ends = np.cumsum(arrays["sizes"].astype(np.int64))
            jpegs = np.split(arrays["jpegs"].astype(np.uint8), ends)
            smalls = arrays["smalls"].astype(np.uint8).reshape(len(ends), SMALL[1], SMALL[0])
            pictures.kept = tuple(
                NormalPicture(float(at), jpeg.tobytes(), small)
                for at, jpeg, small in zip(arrays["at"].astype(float), jpegs[:-1], smalls, strict=True)
            )
            pictures._seen = [int(count) for count in arrays["seen"].astype(int)]
            pictures._masks = str(arrays["masks"])
        except (KeyError, IndexError) as error:
            raise ValueError("this snapshot of usual pictures lacks a part") from error
        if len(pictures.kept) > CAPACITY or len(pictures._seen) != NO_HOUR + 1:
            raise ValueError("this snapshot of usual pictures has other sizes than this version of Vigil")
        return pictures

    def _keep(self, picture: NormalPicture, dice: random.Random) -> None:
        hour = picture.hour
        self._seen[hour] = min(self._seen[hour] + 1, HOURS_REMEMBERED)
        kept = [known for known in self.kept if not 0 < known.at < picture.at - self._keep_seconds]
        if len(kept) >= CAPACITY:
            sizes = Counter(known.hour for known in kept)
            crowded = max(range(NO_HOUR + 1), key=lambda each: sizes[each] + (each == hour))
            if crowded == hour and dice.random() * self._seen[hour] >= sizes[hour]:
                return
            kept.remove(dice.choice([known for known in kept if known.hour == crowded]))
        self.kept = (*kept, picture)


def _taken(frame: Frame, *, dated: bool) -> NormalPicture | None:
    for quality in QUALITIES:
        jpeg = bytes(cv2.imencode(".jpg", frame.pixels, [cv2.IMWRITE_JPEG_QUALITY, quality])[1])
        if len(jpeg) <= LARGEST:
            grey = cast(Small, cv2.cvtColor(frame.pixels, cv2.COLOR_BGR2GRAY))
            return NormalPicture(frame.at if dated else 0.0, jpeg, small_of(grey))
    return None


def small_of(grey: NDArray[np.uint8]) -> Small:
    """A grey picture of any size, as pictures are compared."""
    return cv2.resize(grey, SMALL, interpolation=cv2.INTER_AREA).astype(np.uint8)
