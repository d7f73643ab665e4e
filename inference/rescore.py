"""Scoring an event's stored features again, to see what a Memory makes of them."""

from __future__ import annotations

from typing import NamedTuple

from inference.eye.protocol import MemoryClass
from inference.normality import Normality
from inference.stored import MemoryVersion, StoredFeatures


class Rescored(NamedTuple):
    """What came of it."""

    surprise: float
    same_memory: bool
    """Whether it was the very Memory that scored it first: then the number is the same."""


def rescore(stored: StoredFeatures, snapshot: bytes, memory_class: MemoryClass, *, replaced: int) -> Rescored:
    """Score them with the Memory of that snapshot, which was replaced from outside so often.

    Raises NotThisEye where the snapshot is none, or of another eye.
    """
    normality = Normality.from_bytes(snapshot, memory_class, fingerprint=stored.version.fingerprint)
    mode = stored.version.mode
    version = MemoryVersion(stored.version.fingerprint, replaced, normality.learned_seconds, mode)
    return Rescored(normality.score(stored.features, mode).surprise, version == stored.version)
