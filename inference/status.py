"""How a camera loop is, in the words that people see."""

from __future__ import annotations

from collections import deque

from inference.capture.messages import Lost, Opened
from inference.clocks import Clock
from inference.types import CameraState, Judgement, LoopStatus

RATE_SECONDS = 5.0
"""Over which the frame rate is measured."""


class Status:
    """Kept by the loop: each thing that happens changes it, `report` says it."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._state: CameraState = "connecting"
        self._since = clock.wall()
        self._detail = ""
        self._frames: deque[float] = deque()
        self._last_frame_at: float | None = None
        self._last: Judgement | None = None
        self.dropped = 0
        self.progress = 0.0
        self.bytes_per_second = 0.0
        self.recording = ""
        """What is wrong with it, in plain English; nothing where all is well."""

    @property
    def state(self) -> CameraState:
        return self._state

    def opened(self, _: Opened) -> None:
        """The source delivers; until the first picture is judged it counts as connecting."""
        if self._state in ("stalled", "offline", "failed"):
            self._become("connecting", "")

    def lost(self, message: Lost) -> None:
        """No picture comes."""
        self._become(message.state, message.detail)

    def judged(self, judgement: Judgement) -> None:
        """A picture was looked at."""
        now = self._clock.monotonic()
        self._frames.append(now)
        self._last_frame_at = judgement.at
        self._last = judgement
        self._become("learning" if judgement.learning else "watching", judgement.advice)

    def blind(self, detail: str) -> None:
        """Pictures come and cannot be judged."""
        self._become("failed", detail)

    def report(self) -> LoopStatus:
        """As of now."""
        now = self._clock.monotonic()
        while self._frames and now - self._frames[0] > RATE_SECONDS:
            self._frames.popleft()
        return LoopStatus(
            state=self._state,
            since=self._since,
            detail=" ".join(text for text in (self.recording, self._detail) if text),
            progress=self.progress,
            frames_per_second=len(self._frames) / RATE_SECONDS,
            last_frame_at=self._last_frame_at,
            dropped=self.dropped,
            threshold=self._last.threshold if self._last else 0.0,
            provisional=self._last.provisional if self._last else True,
            trusted_in=self._last.trusted_in if self._last else None,
            bytes_per_second=self.bytes_per_second,
        )

    def _become(self, state: CameraState, detail: str) -> None:
        if state != self._state:
            self._since = self._clock.wall()
        self._state, self._detail = state, detail
