"""The values that cross the borders of this package: frozen, typed, free of any framework.

Boxes and points are relative to the picture, 0..1, x to the right and y down. `at` is wall-clock seconds since 1970
(UTC), for people; every duration is measured on a monotonic clock instead.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import nan
from typing import Literal, NamedTuple
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
"""A picture, (height, width, 3), BGR, 0..255."""
Floats = NDArray[np.float32]
Polygon = tuple[tuple[float, float], ...]
"""At least three corners, each 0..1."""
Mode = Literal["day", "night"]
"""Which light a camera sees in; in infrared light there are no colours."""


class Box(NamedTuple):
    """A rectangle, 0..1, with left < right and top < bottom."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Zone:
    """A named part of the picture: `watch` limits alarms to it, `ignore` takes it out."""

    name: str
    kind: Literal["watch", "ignore"]
    polygon: Polygon


@dataclass(frozen=True, slots=True)
class CameraSettings:
    """What a camera loop needs to know of its camera; built from the database row by `tasks`, never by hand."""

    camera_id: UUID
    site_id: int
    name: str
    source: str
    """Where recordings, clips and the live picture come from. Holds secrets: never log it."""
    analysis_source: str = ""
    """A sub-stream to analyse instead; empty: the same as `source`."""
    analysis_fps: float = 5.0
    live_fps: float = 5.0
    alarm_budget: float = 2.0
    """At most so many false alarms a day."""
    zones: tuple[Zone, ...] = ()
    masks: tuple[Polygon, ...] = ()
    """Privacy masks: black before a picture leaves the capture process."""
    eye: str = "motion"
    recording: Literal["off", "movement", "always"] = "off"
    """What is kept beside the clips of events."""
    time_zone: str = "UTC"
    """Of its site, an IANA name: by which people there tell the hour."""
    version: int = 1
    """Grows with every change of the row; the heartbeat's answer carries the newest."""
    memory_version: int = 0
    """Grows when the camera's Memory was replaced from outside (learned from a recording, relearned)."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One analysed picture, small (320 pixels wide unless the source is smaller), privacy masks applied."""

    sequence: int
    at: float
    monotonic: float
    """`time.monotonic()` of this host when the picture's packet arrived, seconds."""
    pixels: Pixels


@dataclass(frozen=True, slots=True)
class Window:
    """Consecutive frames of one camera, oldest first: what an Eye looks at. The last one is the one judged."""

    frames: tuple[Frame, ...]


@dataclass(frozen=True, slots=True)
class Features:
    """What an Eye saw in one window: `n` things, each with a box and a vector per attribute.

    A Memory scores and learns from this; it is small enough to be kept with an event, so that the event can be
    scored again to the same number.
    """

    at: float
    """Seconds: by the clock on the wall or, while a camera is judged, by one that nobody sets."""
    boxes: Floats
    """(n, 4): left, top, right, bottom, 0..1."""
    attributes: Mapping[str, Floats]
    """Attribute name, such as `speed` or `appearance` -> (n, size of that attribute); a row of NaN: not looked at."""
    view: Floats = field(default_factory=lambda: np.zeros((0, 0), np.float32))
    """(rows, columns): the whole picture in small, grey levels 0..1; empty where the Eye did not look at it."""
    colour: float = nan
    """Mean spread of the three colours, 0..1, under 0.004 in infrared light; NaN where the Eye did not look."""
    sharpness: float = nan
    """Fine detail beside coarse contrast, 0 and up; NaN where the Eye did not look."""

    dated: float | None = None
    """By the clock on the wall, where `at` is not."""
    news: bool = False
    """Whether something begins to move after a long time in which nothing did: only then its hour of the day counts."""

    @property
    def date(self) -> float:
        """Seconds since 1970, by the clock on the wall."""
        return self.at if self.dated is None else self.dated

    @staticmethod
    def joined(moments: Sequence[Features]) -> Features:
        """The things of all these as if they were of one moment, the last; they have the same attributes."""
        last = moments[-1]
        attributes = {name: np.concatenate([each.attributes[name] for each in moments]) for name in last.attributes}
        return Features(last.at, np.concatenate([each.boxes for each in moments]), attributes, news=last.news)

    def only(self, kept: NDArray[np.bool_]) -> Features:
        """(n,) -> the same moment with these things only."""
        attributes = {name: values[kept] for name, values in self.attributes.items()}
        return replace(self, boxes=self.boxes[kept], attributes=attributes)

    def having(self, name: str, values: Floats) -> Features:
        """(n, size of the attribute) -> the same things with this attribute too."""
        return replace(self, attributes={**self.attributes, name: values})


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a moment was surprising, in one attribute."""

    attribute: str
    surprise: float
    """Same scale as `Score.surprise`."""
    text: str
    """Plain English: 'moves 3.1 times faster than 99.9 % of what was seen here'."""


class Place(NamedTuple):
    """Part of a picture, and how surprising what is there is; same scale as `Score.surprise`."""

    box: Box
    surprise: float


@dataclass(frozen=True, slots=True)
class Score:
    """What a Memory makes of one window."""

    surprise: float
    """0 and up; 1.0 is as unusual as the most unusual 1 in 1,000 moments of the camera's normal footage."""
    box: Box | None = None
    """The most surprising place; None where nothing moved."""
    reasons: tuple[Reason, ...] = ()
    places: tuple[Place, ...] = ()
    """The few most surprising ones, for people to see; none where the picture as a whole is what surprises."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """A scored frame as the Decider sees it: surprise beside the threshold that held at that moment."""

    sequence: int
    """Of the frame that the score is of: with a smoothed score, one a little older than `at`."""
    at: float
    monotonic: float
    score: Score
    threshold: float
    provisional: bool = False
    """True while there is too little history for the alarm budget to be kept with confidence."""
    learning: bool = False
    """True while the Memory knows too little to alarm at all."""
    features: Features | None = field(default=None, compare=False, repr=False)
    """What the score was made from; None where that is the picture as a whole, which takes more than one frame."""
    learned_seconds: float = 0.0
    """Of the Memory that made it."""
    mode: Mode = "day"
    """Whose Memory that was."""
    trusted_in: float = 0.0
    """Seconds of normal footage until the threshold is no longer provisional."""
    advice: str = ""
    """What a person should do about the camera, in plain English; most often nothing."""


@dataclass(frozen=True, slots=True)
class OpenEvent:
    """An event that is open already when a loop takes a camera over: it is continued, not doubled."""

    event_id: UUID
    category: str
    started_at: float
    peak: float


@dataclass(frozen=True, slots=True)
class Decision:
    """A change the Decider wants written down."""

    kind: Literal["opened", "peaked", "closed"]
    event_id: UUID
    category: str
    started_at: float
    at: float
    score: float
    threshold: float
    severity: Literal["low", "medium", "high", "critical"]
    box: Box | None = None
    reasons: tuple[Reason, ...] = ()
    provisional: bool = False
    sequence: int = 0
    """Of the frame that `box` is in; 0 where another worker saw it."""
    places: tuple[Place, ...] = ()
    """As in `Score`."""
    peak: Judgement | None = field(default=None, compare=False, repr=False)
    """The judgement that `score` is of; None where another worker made it."""


CameraState = Literal["connecting", "learning", "watching", "stalled", "offline", "failed"]


@dataclass(frozen=True, slots=True)
class LoopStatus:
    """How a camera loop is, as its heartbeat writes it down for people."""

    state: CameraState
    since: float
    """Wall clock, seconds since 1970."""
    detail: str = ""
    """Plain English, no secrets: 'the camera refused the password (401)'."""
    progress: float = 0.0
    """Of learning, 0..1."""
    frames_per_second: float = 0.0
    """Analysed frames, over the last seconds."""
    last_frame_at: float | None = None
    dropped: int = 0
    """Frames not looked at since the loop began, because a newer one had come."""
    threshold: float = 0.0
    """Surprise from which on it alarms; 0 before the first picture."""
    provisional: bool = True
    """Whether there is too little history for the alarm budget to be kept with confidence."""
    trusted_in: float | None = None
    """Seconds of normal footage until it is not provisional; None before the first picture."""
    bytes_per_second: float = 0.0
    """Compressed, of the source; 0 while it is not known."""
