"""Normality: one camera's Memory with the rules of when it may learn and from which surprise on it alarms."""

from __future__ import annotations

from collections.abc import Sequence

from inference.eye.protocol import Memory
from inference.eye.registry import MemoryClass
from inference.types import Features, Frame, Judgement, Zone


class NotThisEye(ValueError):
    """The snapshot was made with another Eye (or is no snapshot): the camera must learn anew."""


class Normality:
    """What the camera's loop asks about each frame. Used by one thread."""

    def __init__(
        self, memory: Memory, *, fingerprint: str, alarm_budget: float = 2.0, zones: Sequence[Zone] = ()
    ) -> None: ...

    @property
    def learned_seconds(self) -> float:
        """Footage learned from, seconds."""
        raise NotImplementedError

    @property
    def progress(self) -> float:
        """Of learning, 0..1; at 1 the camera is watched."""
        raise NotImplementedError

    def judge(self, frame: Frame, features: Features, *, event_open: bool) -> Judgement:
        """Score the frame, learn from it where that is allowed, and say which threshold holds."""
        raise NotImplementedError

    def to_bytes(self) -> bytes:
        """A snapshot of everything learned; under 20 MB."""
        raise NotImplementedError

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
        raise NotImplementedError
