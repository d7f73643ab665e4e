"""Normality: one camera's Memory with the rules of when it may learn and from which surprise on it alarms.

* Nothing is learned while an event is open, and what is seen waits `QUARANTINE_SECONDS` before it is learned: if an
  event opens meanwhile, what led to it is thrown away.
* Alarms are possible once the Memory's progress is 1; until then each judgement says `learning`.
* What a person called a false alarm does not count when it comes again, and is not learned from either; nor is what
  is left of it in the moments around, for that would widen what is normal for everything else.
* A disturbed view explains everything that moves in it: then the picture as a whole is the reason given, and nothing
  is learned as long as it lasts.
* Day and infrared night are learned apart, but for the hours of the day at which something moves.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import replace
from math import isnan

import numpy as np

from inference.calibration import Calibration
from inference.eye.protocol import Memory, MemoryClass
from inference.known import Known
from inference.memory.feedback import ORDINARY, Feedback
from inference.memory.hours import Hours
from inference.memory.snapshot import Array, pack, part, unpack
from inference.memory.timed import TimedMemory
from inference.memory.view import ViewMemory
from inference.modes import MODES, ModeSwitch, is_same_place, mode_of
from inference.scene import Scene, told_from
from inference.smoothing import Moment, Smoothing
from inference.stages import staged
from inference.types import Features, Floats, Frame, Judgement, Mode, Score, Zone
from inference.usual import UsualPictures
from inference.zones import watched

QUARANTINE_SECONDS = 3.0
"""Longer than an event takes to open."""
TOGETHER_SECONDS = 1.0
"""What may be learned waits for so long for what follows."""
FORMAT = 2
"""Format 1 had one mode; it is read as that of the first picture that comes."""


class NotThisEye(ValueError):
    """The snapshot was made with another Eye, or is none: the camera must learn anew."""


class Normality:
    """What the camera's loop asks about each frame. Used by one thread."""

    def __init__(
        self, memory: Memory, *, fingerprint: str, alarm_budget: float = 2.0, zones: Sequence[Zone] = ()
    ) -> None:
        self._fingerprint = fingerprint
        self._zones = tuple(zones)
        self._budget = alarm_budget
        self._mode: Mode = "day"
        self._known: dict[Mode, Known] = {"day": Known.nothing(memory, alarm_budget)}
        self._mode_is_sure = False
        """Before the first picture, what is known may be of either mode."""
        self._switch = ModeSwitch()
        self._scene = Scene(zones)
        self.usual = UsualPictures()
        """Pictures of normal moments, to show beside an unusual one."""
        self.hours = Hours()
        """At which hours of the day something moves, by day and by night."""
        self._feedback = Feedback()
        self._forgiven_at = -np.inf
        self._waiting: deque[tuple[Features, float, float]] = deque()
        """With the surprise of the moment and of the frame itself."""
        self._smoothing = Smoothing()
        self._seen = Features(0.0, np.zeros((0, 4), np.float32), {})
        """The last frame's, as the Memory wants them."""
        self._event: tuple[float, float] | None = None
        """When the open event began, and its highest surprise so far."""
        self._confirmed: tuple[tuple[float, float], ...] = ()

    def is_under(self, fingerprint: str, alarm_budget: float, zones: Sequence[Zone]) -> bool:
        """Whether it was made for this eye and these settings."""
        return (self._fingerprint, self._budget, self._zones) == (fingerprint, alarm_budget, tuple(zones))

    @property
    def mode(self) -> Mode:
        """Which normality holds at the moment."""
        return self._mode

    @property
    def _memory(self) -> Memory:
        return self._known[self._mode].memory

    def _timed(self, mode: Mode) -> TimedMemory:
        return TimedMemory(self._known[mode].memory, self.hours, self._known[mode].stays)

    @property
    def _view(self) -> ViewMemory:
        return self._known[self._mode].view

    @property
    def _calibration(self) -> Calibration:
        return self._known[self._mode].calibration

    @property
    def learned_seconds(self) -> float:
        """Footage learned from, seconds, in all modes."""
        return sum(known.memory.learned_seconds for known in self._known.values())

    @property
    def progress(self) -> float:
        """Of learning, 0..1; at 1 the camera is watched."""
        return self._memory.progress

    def judge(self, frame: Frame, features: Features, *, event_open: bool) -> Judgement:
        """Score the frame, learn from what is past doubt, and say which threshold holds.

        `event_open`: whether the Decider has an event open after the frame before.
        """
        # In here time only passes: the clock on the wall may be set at any moment.
        features = replace(watched(self._zones, features), at=frame.monotonic, dated=frame.at)
        self._choose_mode(frame, features)
        features = self._seen = self._known[self._mode].follow(self.hours.follow(features))
        learning = self.progress < 1.0
        self._scene.see(frame, features, self._known[self._mode], learning=learning)
        features, own = self._forgiving(features)
        shown, score, scored, known = self._smoothing.middle(Moment(frame, own, features, self.learned_seconds))
        threshold, provisional = self._calibration.threshold, self._calibration.provisional
        self._follow_event(frame.at, score, event_open)
        undoubted = not event_open and self._scene.disturbance is None
        self.usual.see(frame, normal=undoubted and (learning or score.surprise < threshold))
        if undoubted:
            self._waiting.append((features, score.surprise, own.surprise))
            self._learn(frame.monotonic, learning=learning)
        else:
            self._waiting.clear()
        return Judgement(
            *(shown.sequence, frame.at, frame.monotonic, score, threshold, provisional, learning),
            features=told_from(score, replace(scored, at=shown.at, dated=None)),
            learned_seconds=known,
            mode=self._mode,
            trusted_in=self._calibration.trusted_in,
            advice=self._scene.disturbance.advice if self._scene.disturbance else "",
        )

    def forgive(self, feedback: Feedback) -> None:
        """From now on, do not count what people called false alarms, and count again what they no longer do."""
        self._feedback = feedback
        self._scene.forgive(feedback)

    def unforgiven(self, features: Features, feedback: Feedback, mode: Mode) -> Features:
        """What of these, seen in that mode, would count with that feedback. Changes nothing."""
        return feedback.unforgiven(features, self._timed(mode)) if mode in self._known else features

    def score(self, features: Features, mode: Mode) -> Score:
        """How surprising these are in that mode; zones, view, smoothing and feedback aside. Changes nothing."""
        return self._timed(mode).score(features) if mode in self._known else Score(0.0)

    def surprises(self) -> tuple[Floats, Floats]:
        """(n, 4), (n,): the things of the last frame and how surprising each is for itself, for a heat map."""
        return self._seen.boxes, self._timed(self._mode).surprises(self._seen)

    def learn(self, frame: Frame, features: Features) -> None:
        """Take this as normal whatever it is: footage that a person chose to learn from."""
        features = replace(watched(self._zones, features), at=frame.monotonic, dated=frame.at)
        if not isnan(features.colour):
            self._enter(mode_of(features, self._mode))
        features = self._known[self._mode].follow(features)
        if self.progress >= 1.0:
            moment = Moment(frame, self._timed(self._mode).score(features), features, self.learned_seconds)
            self._calibration.add(self._smoothing.middle(moment).score.surprise, features.at)
        self._known[self._mode].learn([features])
        self._scene.see(frame, features, self._known[self._mode], learning=True)
        self.usual.see(frame, normal=True, dated=False)

    def confirm(self, spans: Sequence[tuple[float, float]]) -> None:
        """The events from when to when, wall clock, were real, a person says: they leave the calibration."""
        self._confirmed = tuple(spans)
        for known in self._known.values():
            known.calibration.confirm(spans)

    def to_bytes(self, *, pictures: bool = True) -> bytes:
        """A snapshot of everything learned, or of that without pictures; under 20 MB."""
        arrays: dict[str, Array] = {
            "format": np.array([FORMAT]),
            "fingerprint": np.array(self._fingerprint),
            "mode": np.array(self._mode),
            "longest_still": np.array([self._scene.guard.longest_still]),
        }
        arrays |= {f"hours/{name}": array for name, array in self.hours.to_arrays().items()}
        if pictures:
            arrays["usual"] = np.frombuffer(self.usual.to_bytes(), np.uint8)
        for mode, known in self._known.items():
            arrays |= {f"{mode}/{name}": array for name, array in known.arrays().items()}
        return pack(arrays)

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
            made = int(parts["format"][0])
            if made not in (1, FORMAT) or str(parts["fingerprint"]) != fingerprint:
                raise NotThisEye("the snapshot was made with another eye, or by another version of Vigil")
            normality = cls(memory_class(), fingerprint=fingerprint, alarm_budget=alarm_budget, zones=zones)
            if "usual" in parts:  # a snapshot of before there were any
                normality.usual = UsualPictures.from_bytes(parts["usual"].tobytes())
            normality.hours = Hours.from_arrays(part(parts, "hours"))
            if made == 1:
                normality._known["day"] = Known.restored(parts, memory_class, alarm_budget)
                return normality
            for mode in (mode for mode in MODES if f"{mode}/memory" in parts):
                normality._known[mode] = Known.restored(part(parts, mode), memory_class, alarm_budget)
            normality._mode = "night" if str(parts["mode"]) == "night" else "day"
            normality._mode_is_sure = True
            normality._scene.guard.longest_still = float(parts["longest_still"][0])
        except (KeyError, IndexError, ValueError) as error:
            if isinstance(error, NotThisEye):
                raise
            raise NotThisEye(f"the snapshot cannot be read: {error}") from error
        return normality

    def _choose_mode(self, frame: Frame, features: Features) -> None:
        """Change to the mode of the picture where it has been so for a moment."""
        if isnan(features.colour):
            return
        if not self._mode_is_sure:
            self._enter(mode_of(features, self._mode))

        def may(other: Mode) -> bool:
            known = self._known.get(other)
            learned = known.view.look(features) if known and known.memory.progress >= 1.0 else None
            return is_same_place(self._view.look(features), learned)

        self._enter(self._switch.see(frame, features, self._mode, may))

    def _enter(self, mode: Mode) -> None:
        if mode != self._mode and not self._mode_is_sure and len(self._known) == 1:
            self._known = {mode: self._known[self._mode]}
        elif mode not in self._known:
            self._known[mode] = Known.nothing(self._memory.anew(), self._budget)
        if mode != self._mode:
            self._waiting.clear()
            self._smoothing.forget()
        self._mode, self._mode_is_sure = mode, True

    @staged("score")
    def _forgiving(self, features: Features) -> tuple[Features, Score]:
        """What counts of them, and its score."""
        if disturbed := self._scene.disturbed(self._calibration.threshold):
            return features, disturbed
        memory = self._timed(self._mode)
        score, left = memory.score(features), self._scene.left(self._calibration.threshold)
        if left.surprise > score.surprise:
            return features, left
        if score.surprise < ORDINARY:
            return features, score
        kept = self._feedback.unforgiven(features, memory)
        if kept is features:
            return features, score
        self._forgiven_at = features.at
        return kept, memory.score(kept)

    def _follow_event(self, at: float, score: Score, event_open: bool) -> None:
        """Tell the calibration of an event when it is over; that the view was disturbed says nothing of what moves."""
        if event_open:
            began, peak = self._event or (at, max((each[1] for each in self._waiting), default=0.0))
            self._event = began, max(peak, score.surprise) if self._scene.is_ordinary else np.inf
        elif self._event:
            self._calibration.alarmed(self._event[1], self._event[0])
            self._calibration.confirm(self._confirmed)  # of one that has just ended this may have come before
            self._event = None

    @staged("learn")
    def _learn(self, at: float, *, learning: bool) -> None:
        """Learn what is past doubt: the frames of a second together cost little more than one."""
        doubt = 0.0 if learning else QUARANTINE_SECONDS
        if at - self._waiting[0][0].at < doubt + TOGETHER_SECONDS:
            return
        undoubted = []
        while self._waiting and at - self._waiting[0][0].at >= doubt:
            features, surprise, own = self._waiting.popleft()
            if own >= ORDINARY and abs(features.at - self._forgiven_at) <= QUARANTINE_SECONDS + TOGETHER_SECONDS:
                continue
            undoubted.append(features)
            self.hours.learn(features)
            if not learning:
                self._calibration.add(surprise, features.at)
        if undoubted:
            self._known[self._mode].learn(undoubted)
