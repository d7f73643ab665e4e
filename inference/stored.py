"""What is kept of an event's scores: the features of its peak, to score again, and its trail, to recognise it by.

The trail is what was most surprising in each frame that alarmed: something that crosses the picture is at another
place in each of them, and a false alarm shall be known wherever it was one.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from inference.memory.snapshot import pack, part, unpack
from inference.types import Decision, Features, Judgement, Mode

FORMAT = 1
LONGEST_TRAIL = 60
"""Frames kept of one event; of a longer one every second, third, ..."""
BEFORE_SECONDS = 3.0
"""What alarms before the event that it opens is part of it."""


class MemoryVersion(NamedTuple):
    """Which Memory made a score: it is the same one only where all of this is."""

    fingerprint: str
    """Of the eye."""
    replaced: int
    """How often it had been replaced from outside."""
    learned_seconds: float
    mode: Mode = "day"
    """Which of its modes."""


@dataclass(frozen=True, slots=True)
class StoredFeatures:
    """An event as it can be scored again."""

    features: Features
    surprise: float
    threshold: float
    version: MemoryVersion
    trail: Features
    """What caused it, of each frame that alarmed."""

    def to_bytes(self) -> bytes:
        """Some ten kilobytes."""
        numbers = np.array([FORMAT, self.surprise, self.threshold, self.version.replaced, self.version.learned_seconds])
        return pack(
            {"numbers": numbers, "fingerprint": np.array(self.version.fingerprint), "mode": np.array(self.version.mode)}
            | _arrays("peak", self.features)
            | _arrays("trail", self.trail)
        )

    @classmethod
    def from_bytes(cls, content: bytes) -> StoredFeatures:
        """Raises ValueError where that is not what `to_bytes` wrote."""
        arrays = unpack(content)
        try:
            number, surprise, threshold, replaced, learned_seconds = (float(each) for each in arrays["numbers"])
            if number != FORMAT:
                raise ValueError("these features were stored by another version of Vigil")
            mode: Mode = "night" if str(arrays["mode"]) == "night" else "day"
            version = MemoryVersion(str(arrays["fingerprint"]), int(replaced), learned_seconds, mode)
            return cls(_features(arrays, "peak"), surprise, threshold, version, _features(arrays, "trail"))
        except (KeyError, IndexError) as error:
            raise ValueError(f"these stored features lack {error}") from error


class FeatureLog:
    """Collects what is kept of each event of one camera, under one version of its settings. Used by one thread."""

    def __init__(self, fingerprint: str, replaced: int) -> None:
        self._fingerprint, self._replaced = fingerprint, replaced
        self._trail: deque[Judgement] = deque()
        self._peak: Judgement | None = None

    def see(self, judgement: Judgement) -> None:
        """To be called with each judgement before it is decided on."""
        if self._peak is None:
            while self._trail and judgement.monotonic - self._trail[0].monotonic > BEFORE_SECONDS:
                self._trail.popleft()
        elif len(self._trail) >= 2 * LONGEST_TRAIL:
            self._trail = deque(list(self._trail)[::2])
        known = {each.sequence for each in self._trail}
        if judgement.score.surprise >= judgement.threshold and judgement.sequence not in known:
            self._trail.append(judgement)

    def told(self, decision: Decision) -> bytes | None:
        """What is to be kept of the event after this decision.

        None where another worker saw its peak, or where that is the picture as a whole.
        """
        if decision.kind != "closed":
            self._peak = decision.peak if decision.peak and decision.peak.features else None
        peak = self._peak
        content = self._stored(peak).to_bytes() if peak else None
        if decision.kind == "closed":
            self._peak = None
            self._trail.clear()
        return content

    def _stored(self, peak: Judgement) -> StoredFeatures:
        version = MemoryVersion(self._fingerprint, self._replaced, peak.learned_seconds, peak.mode)
        assert peak.features is not None
        culprits = [thing for each in self._trail if (thing := _culprit(each, peak.features)) is not None]
        trail = _joined(culprits[:: 1 + len(culprits) // LONGEST_TRAIL], peak.features)
        return StoredFeatures(peak.features, peak.score.surprise, peak.threshold, version, trail)


def _culprit(judgement: Judgement, peak: Features) -> Features | None:
    """What the judgement is about, in all its parts; None where that is the picture, or not what the peak is about.

    While something moves, something else may be left: an event is about what it peaked with.
    """
    features, box = judgement.features, judgement.score.box
    if features is None or box is None or not len(features.boxes):
        return None
    if features.attributes.keys() != peak.attributes.keys():
        return None
    apart = np.abs(features.boxes - np.array(box, np.float32)).sum(axis=1)
    return features.only(apart == apart.min())


def _joined(things: list[Features], like: Features) -> Features:
    """All of them as one; `like` says which attributes there are."""
    if not things:
        return like.only(np.zeros(len(like.boxes), np.bool_))
    return replace(Features.joined(things), at=like.at, news=like.news)


def _arrays(prefix: str, features: Features) -> dict[str, NDArray[np.generic]]:
    arrays = {f"{prefix}/attributes/{name}": values for name, values in features.attributes.items()}
    return arrays | {
        f"{prefix}/at": np.array([features.at]),
        f"{prefix}/boxes": features.boxes,
        f"{prefix}/view": features.view,
        f"{prefix}/news": np.array([features.news]),
    }


def _features(arrays: dict[str, NDArray[np.generic]], prefix: str) -> Features:
    own = part(arrays, prefix)
    attributes = {name: values.astype(np.float32) for name, values in part(own, "attributes").items()}
    at = float(own["at"].astype(np.float64)[0])
    news = bool(own.get("news", np.zeros(1))[0])  # stored before there was any: none
    return Features(at, own["boxes"].astype(np.float32), attributes, own["view"].astype(np.float32), news=news)
