"""What the object-centric Eye needs of a detector."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from inference.types import Floats, Pixels


class DetectorNotAvailable(RuntimeError):
    """The detector that was asked for cannot be used; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Detections:
    """What a detector sees in one picture, before any suppression: `n` candidates, many of them the same thing."""

    boxes: Floats
    """(n, 4): left, top, right, bottom, pixels of the picture; may reach over its edges."""
    scores: Floats
    """(n,): 0..1, how sure it is that there is anything."""
    kinds: Floats
    """(n, classes): 0..1, how sure it is of each class, given that there is something."""


class Detector(Protocol):
    """Finds things in pictures. Holds weights and no state."""

    @property
    def fingerprint(self) -> str:
        """Changes with the weights."""

    @property
    def weight_bytes(self) -> int:
        """What the weights take on the device, bytes."""

    @property
    def labels(self) -> tuple[str, ...]:
        """The name of each class, in order."""

    def detect(self, pictures: Sequence[Pixels], least_score: float) -> list[Detections]:
        """As many as pictures, in order; candidates under `least_score` are left out."""
