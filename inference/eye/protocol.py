"""The two ports of the scoring side: an Eye holds weights and no state, a Memory is one camera's normality."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from inference.types import Features, Floats, Score, Window


class MemoryClass(Protocol):
    """A class of Memory: `()` knows nothing yet, `.from_bytes(snapshot)` goes on with what was learned."""

    def __call__(self) -> Memory: ...

    def from_bytes(self, snapshot: bytes) -> Memory:
        """Raises ValueError where the snapshot is not one of this class."""


class Eye(Protocol):
    """Turns a batch of windows, of any cameras, into features. One object serves all cameras of a worker."""

    @property
    def name(self) -> str:
        """Short, lower case: `motion`."""

    @property
    def fingerprint(self) -> str:
        """Changes whenever the same pixels would give other features: weights, sizes, version."""

    @property
    def window(self) -> int:
        """Frames in a window, at least 1."""

    @property
    def weight_bytes(self) -> int:
        """What its weights take on the device, bytes; 0 where it has none."""

    @property
    def memory_class(self) -> MemoryClass:
        """The Memory that understands its features."""

    def look(self, windows: Sequence[Window]) -> list[Features]:
        """As many Features as windows, in the same order. Thread-safe only through the Batcher."""


class Memory(Protocol):
    """What is normal for one camera: scores features, learns from them, says why. Used by one thread.

    The `at` of the features it is given is monotonic.
    """

    @property
    def learned_seconds(self) -> float:
        """Footage learned from, seconds."""

    @property
    def progress(self) -> float:
        """0..1; at 1 the camera is watched, below it is learning."""

    @property
    def ranges(self) -> Mapping[str, float]:
        """Attribute -> how far from what it knows normal things lie, as a distance in the attribute's space."""

    def anew(self) -> Memory:
        """One of the same class that knows nothing yet."""

    def follow(self, features: Features) -> Features:
        """These with what is known of each thing's past, as the Memory wants them; once per frame, in order of time."""

    def score(self, features: Features) -> Score:
        """How surprising what `follow` gave is. Does not change the Memory."""

    def surprises(self, features: Features) -> Floats:
        """(n,): how surprising each thing is for itself, on the scale of `score`, for a heat map."""

    def learn(self, frames: Sequence[Features]) -> None:
        """Take these as normal, oldest first. Never called with those of an event or of a disturbed view."""

    def to_bytes(self) -> bytes:
        """A snapshot that `Memory.from_bytes` of the same class reads back; under 20 MB."""
