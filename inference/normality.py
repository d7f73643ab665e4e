"""Normality: one camera's Memory with the rules of when it may learn and from which surprise on it alarms.

* Nothing is learned while an event is open, and what is seen waits `QUARANTINE_SECONDS` before it is learned: if an
  event opens meanwhile, what led to it is thrown away.
* Alarms are possible once the Memory's progress is 1; until then each judgement says `learning`.
* What a person called a false alarm does not count when it comes again, and is not learned from either; nor is what
  is left of it in the moments around, for that would widen what is normal for everything else.
* A disturbed view explains everything that moves in it: then the picture as a whole is the reason given.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from inference.calibration import Calibration
from inference.eye.protocol import Memory, MemoryClass
from inference.memory.attributes import VIEW
from inference.memory.feedback import ORDINARY, Feedback
from inference.memory.snapshot import pack, unpack
from inference.memory.view import ViewMemory
from inference.types import Box, Features, Floats, Frame, Judgement, Reason, Score, Zone
from inference.usual import UsualPictures
from inference.zones import is_watched

QUARANTINE_SECONDS = 3.0
"""Longer than an event takes to open."""
MEDIAN_SECONDS = 1.0
"""A moment is as surprising as its middle frame: a flash or a lamp is gone, what is there in most frames stays."""
VIEW_TEXT = "the picture as a whole is unlike what this camera usually shows: covered, turned, or another scene"
FORMAT = 1


class _Moment(NamedTuple):
    """A frame with what was made of it, by a Memory that had learned so much."""

    frame: Frame
    score: Score
    features: Features
    learned_seconds: float


class NotThisEye(ValueError):
    """The snapshot was made with another Eye, or is none: the camera must learn anew."""


class Normality:
    """What the camera's loop asks about each frame. Used by one thread."""

    def __init__(
        self,
        memory: Memory,
        *,
        fingerprint: str,
        alarm_budget: float = 2.0,
        zones: Sequence[Zone] = (),
        view: ViewMemory | None = None,
    ) -> None:
        self._memory = memory
        self._fingerprint = fingerprint
        self._zones = tuple(zones)
        self._view = view or ViewMemory()
        self.usual = UsualPictures()
        """Pictures of normal moments, to show beside an unusual one."""
        self._calibration = Calibration(alarm_budget)
        self._feedback = Feedback()
        self._forgiven_at = -np.inf
        self._waiting: deque[tuple[Features, float, float]] = deque()
        """With the surprise of the moment and of the frame itself."""
        self._moment: deque[_Moment] = deque()
        """The frames of the last MEDIAN_SECONDS."""
        self._event: tuple[float, float] | None = None
        """When the open event began, and its highest surprise so far."""

    @property
    def learned_seconds(self) -> float:
        """Footage learned from, seconds."""
        return self._memory.learned_seconds

    @property
    def progress(self) -> float:
        """Of learning, 0..1; at 1 the camera is watched."""
        return self._memory.progress

    def judge(self, frame: Frame, features: Features, *, event_open: bool) -> Judgement:
        """Score the frame, learn from what is past doubt, and say which threshold holds.

        `event_open`: whether the Decider has an event open after the frame before.
        """
        features, own = self._forgiving(_watched(features, self._zones))
        shown, score, scored, known = self._smooth(frame, own, features)
        threshold, provisional = self._calibration.threshold, self._calibration.provisional
        learning = self.progress < 1.0
        self.usual.see(frame, normal=not event_open and (learning or score.surprise < threshold))
        self._follow_event(frame.at, score.surprise, event_open)
        if event_open:
            self._waiting.clear()
        else:
            self._waiting.append((features, score.surprise, own.surprise))
            self._learn(frame.at, at_once=learning)
        return Judgement(
            shown.sequence, frame.at, frame.monotonic, score, threshold, provisional, learning, scored, known
        )

    def forgive(self, feedback: Feedback) -> None:
        """From now on, do not count what people called false alarms, and count again what they no longer do."""
        self._feedback = feedback

    def unforgiven(self, features: Features, feedback: Feedback) -> Features:
        """What of these would count with that feedback. Changes nothing."""
        return feedback.unforgiven(features, self._memory)

    def score(self, features: Features) -> Score:
        """How surprising these are, zones, smoothing and feedback aside. Changes nothing."""
        return self._score(features)

    def learn(self, frame: Frame, features: Features) -> None:
        """Take this as normal whatever it is: footage that a person chose to learn from."""
        features = _watched(features, self._zones)
        if self.progress >= 1.0:
            self._calibration.add(self._smooth(frame, self._score(features), features).score.surprise, features.at)
        self._memory.learn(features)
        self._view.learn(features.view, features.at)
        self.usual.see(frame, normal=True, dated=False)

    def surprises(self, features: Features) -> Floats:
        """(n,): how surprising each thing is for itself, as it is seen, for a heat map. Zones do not count."""
        return self._memory.surprises(features)

    def to_bytes(self) -> bytes:
        """A snapshot of everything learned; under 20 MB."""
        return pack(
            {
                "format": np.array([FORMAT]),
                "fingerprint": np.array(self._fingerprint),
                "memory": np.frombuffer(self._memory.to_bytes(), np.uint8),
                "view": np.frombuffer(self._view.to_bytes(), np.uint8),
                "calibration": self._calibration.array(),
                "usual": np.frombuffer(self.usual.to_bytes(), np.uint8),
            }
        )

    @classmethod
    def from_bytes(
        cls,
        snapshot: bytes,
        memory_class: MemoryClass,
        *,
        fingerprint: str,
        alarm_budget: float = 2.0,
        zones: Sequence[Zone] = (),
    ) -> Normality:
        """Go on with what was learned. Raises NotThisEye."""
        try:
            parts = unpack(snapshot)
            if int(parts["format"][0]) != FORMAT or str(parts["fingerprint"]) != fingerprint:
                raise NotThisEye("the snapshot was made with another eye, or by another version of Vigil")
            memory = memory_class.from_bytes(parts["memory"].tobytes())
            view = ViewMemory.from_bytes(parts["view"].tobytes())
            normality = cls(memory, fingerprint=fingerprint, alarm_budget=alarm_budget, zones=zones, view=view)
            normality._calibration.restore(parts["calibration"].astype(np.float32))
            if "usual" in parts:  # a snapshot of before there were any
                normality.usual = UsualPictures.from_bytes(parts["usual"].tobytes())
        except (KeyError, IndexError, ValueError) as error:
            if isinstance(error, NotThisEye):
                raise
            raise NotThisEye(f"the snapshot cannot be read: {error}") from error
        return normality

    def _score(self, features: Features) -> Score:
        score = self._memory.score(features)
        disturbed = self._view.surprise(features.view)
        if disturbed < 1.0 or (disturbed < score.surprise and disturbed < self._calibration.threshold):
            return score
        return Score(disturbed, None, (Reason(VIEW, disturbed, VIEW_TEXT), *score.reasons))

    def _forgiving(self, features: Features) -> tuple[Features, Score]:
        """What counts of them, and its score."""
        score = self._score(features)
        if score.surprise < ORDINARY:
            return features, score
        kept = self._feedback.unforgiven(features, self._memory)
        if kept is features:
            return features, score
        self._forgiven_at = features.at
        return kept, self._score(kept)

    def _smooth(self, frame: Frame, score: Score, features: Features) -> _Moment:
        """The moment's middle frame, with its own score, place and reasons, and what they are of."""
        self._moment.append(_Moment(frame, score, features, self.learned_seconds))
        now = frame.monotonic
        while now - self._moment[0].frame.monotonic >= MEDIAN_SECONDS or now < self._moment[0].frame.monotonic:
            self._moment.popleft()
        ranked = sorted(self._moment, key=lambda kept: kept.score.surprise)
        return ranked[(len(ranked) - 1) // 2]

    def _follow_event(self, at: float, surprise: float, event_open: bool) -> None:
        """Tell the calibration of an event when it is over."""
        if event_open:
            began, peak = self._event or (at, 0.0)
            self._event = began, max(peak, surprise)
        elif self._event:
            self._calibration.alarmed(self._event[1], self._event[0])
            self._event = None

    def _learn(self, at: float, *, at_once: bool) -> None:
        while self._waiting and (at_once or at - self._waiting[0][0].at >= QUARANTINE_SECONDS):
            features, surprise, own = self._waiting.popleft()
            if own >= ORDINARY and abs(features.at - self._forgiven_at) <= QUARANTINE_SECONDS:
                continue
            self._memory.learn(features)
            self._view.learn(features.view, features.at)
            if not at_once:
                self._calibration.add(surprise, features.at)


def _watched(features: Features, zones: Sequence[Zone]) -> Features:
    """Without the things that the zones take out: they are neither scored nor learned."""
    if not zones or not len(features.boxes):
        return features
    kept = np.array([is_watched(zones, Box(*map(float, box))) for box in features.boxes])
    return features.only(kept)
