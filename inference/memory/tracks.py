"""Which thing of this frame is which of the frames before, and what was seen of it meanwhile.

Boxes are linked where they overlap most (IoU tracker: Bochinski et al., AVSS 2017), each moved on by its own speed
first. What a track carries is an average that forgets, so a limb's swing or a detector's doubt in one frame is evened
out by those before; a track that is seen for the first time carries what it shows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from inference.boxes import overlaps
from inference.types import Features, Floats

LEAST_OVERLAP = 0.3
"""Over union: less is another thing."""
LOST_SECONDS = 0.5
"""Unseen for longer, a thing is a new one when it comes back."""


@dataclass(slots=True, eq=False)
class _Track:
    box: Floats
    drift: Floats
    """(2,): how far its corners move in a second, share of the picture."""
    at: float
    frames: int = 1
    carried: dict[str, Floats] = field(default_factory=dict)


class Tracks:
    """The things of one camera. Give it frames in order of time."""

    def __init__(self) -> None:
        self._tracks: list[_Track] = []

    def follow(self, features: Features, forget: Mapping[str, float]) -> tuple[dict[str, Floats], Floats]:
        """The attributes named in `forget`, each averaged along its track over about so many seconds.

        Beside it, (n,): frames in which each thing was seen so far. NaN stays NaN where nothing was known before.
        """
        tracks = self._link(features)
        evened = {name: np.array(features.attributes[name], np.float32) for name in forget}
        for row, track in enumerate(tracks):
            for name, seconds in forget.items():
                evened[name][row] = _carry(track, name, evened[name][row], seconds, features.at)
            track.at = features.at
        return evened, np.array([track.frames for track in tracks], np.float32)

    def _link(self, features: Features) -> list[_Track]:
        """The track of each thing, those seen for the first time included."""
        at, boxes = features.at, features.boxes
        self._tracks = [track for track in self._tracks if 0.0 <= at - track.at <= LOST_SECONDS]
        found: list[_Track | None] = [None] * len(boxes)
        if self._tracks and len(boxes):
            expected = np.array([track.box + np.tile(track.drift, 2) * (at - track.at) for track in self._tracks])
            union = overlaps(expected, boxes)[0]
            free = list(self._tracks)
            for pair in np.argsort(-union, axis=None, kind="stable"):
                number, row = divmod(int(pair), len(boxes))
                if union[number, row] < LEAST_OVERLAP:
                    break
                track = self._tracks[number]
                if found[row] is None and track in free:
                    free.remove(track)
                    found[row] = _moved(track, boxes[row], at)
        linked = [track or _Track(boxes[row], np.zeros(2, np.float32), at) for row, track in enumerate(found)]
        known = {id(track) for track in self._tracks}
        self._tracks += [track for track in linked if id(track) not in known]
        return linked


def _moved(track: _Track, box: Floats, at: float) -> _Track:
    seconds = max(at - track.at, 1e-3)
    step = ((box[:2] + box[2:]) - (track.box[:2] + track.box[2:])) / np.float32(2.0 * seconds)
    drift = track.drift + (step - track.drift) * np.float32(max(0.3, 1.0 / track.frames))
    track.drift = drift.astype(np.float32)
    track.box = box
    track.frames += 1
    return track


def _carry(track: _Track, name: str, value: Floats, seconds: float, at: float) -> Floats:
    before = track.carried.get(name)
    if before is None or np.isnan(before).any():
        track.carried[name] = value
    elif not np.isnan(value).any():
        share = max(1.0 - float(np.exp(-(at - track.at) / seconds)), 1.0 / track.frames)
        track.carried[name] = before + share * (value - before)
    return track.carried[name]
