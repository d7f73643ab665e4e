"""A camera that watches recordings, with the very classes that a camera loop works with, in the same order."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import count
from uuid import UUID

from inference.decider import Decider
from inference.evaluation.recording import Shot
from inference.eye.protocol import Eye
from inference.normality import Normality
from inference.types import CameraSettings, Decision, Features, Frame, Judgement, Window


@dataclass(frozen=True, slots=True)
class Seen:
    """What became of one analysed picture; nothing yet while the Eye's window is not full."""

    shot: Shot
    features: Features | None = None
    judgement: Judgement | None = None
    decisions: tuple[Decision, ...] = ()


class RecordedCamera:
    """An Eye, a normality and a Decider. After `reconnect` nothing of the pictures before is in any window."""

    def __init__(self, eye: Eye, settings: CameraSettings, normality: Normality | None = None) -> None:
        self.normality = normality or Normality(
            eye.memory_class(), fingerprint=eye.fingerprint, alarm_budget=settings.alarm_budget
        )
        self.cpu_seconds = 0.0
        """Processor time of looking, judging and deciding."""
        self._eye, self._settings = eye, settings
        self._ids = (UUID(int=number) for number in count(1))
        self.reconnect()

    def reconnect(self) -> None:
        """Begin a new stretch of pictures: what comes now does not follow on what came before."""
        self._window: deque[Frame] = deque(maxlen=max(1, self._eye.window))
        self._decider = Decider(self._settings, new_id=lambda: next(self._ids))

    def learn(self, shots: Iterable[Shot]) -> Iterator[Shot]:
        """Take the pictures as normal whatever they show; yields each when that is done."""
        for shot in shots:
            features = self._look(shot.frame)
            if features is not None:
                self.normality.learn(shot.frame, features)
            yield shot

    def watch(self, shots: Iterable[Shot], *, frozen: bool) -> Iterator[Seen]:
        """Judge the pictures as a camera loop does. `frozen`: learn nothing, as while an event is open."""
        for shot in shots:
            began = time.process_time()
            features = self._look(shot.frame)
            if features is None:
                seen = Seen(shot)
            else:
                judgement = self.normality.judge(shot.frame, features, event_open=frozen or self._decider.is_open)
                seen = Seen(shot, features, judgement, tuple(self._decider.decide(judgement)))
            self.cpu_seconds += time.process_time() - began
            yield seen

    def close(self, at: float) -> tuple[Decision, ...]:
        """Close the event that is open when the pictures end, `at` on their clock."""
        return tuple(self._decider.close_all(at))

    def _look(self, frame: Frame) -> Features | None:
        self._window.append(frame)
        if len(self._window) < self._eye.window:
            return None
        return self._eye.look([Window(tuple(self._window))])[0]
