"""Scoring an event again, to see that its number is no accident: from its stored features, and from its clip's pixels.

The features give the same number to the last digit where the Memory is the same. The pixels give nearly the same: they
were encoded and decoded once more since, and the frames are not the very ones that were judged.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from inference.capture.pictures import Pictures
from inference.evaluation.camera import RecordedCamera
from inference.evaluation.recording import Shot
from inference.eye.protocol import Eye, MemoryClass
from inference.learn import WIDTH, decode
from inference.memory.attributes import LEFT, STAY
from inference.normality import Normality
from inference.stored import MemoryVersion, StoredFeatures
from inference.types import CameraSettings, Features, Frame, Judgement

TOLERANCE = 0.35
"""Share of the stored number by which that from the pixels may differ. Measured with the default eye on moments
of four recordings and a drawn scene: five clips that were copied gave 97 to 100 % of it, eleven that were transcoded
(coarse, at most 15 pictures a second and 1280 pixels wide) 87 to 116 %, but for two on a motorway, 72 and 76 %."""
BEFORE_SECONDS, AFTER_SECONDS = 0.5, 1.5
"""Around the moment of the peak: a judgement is of the middle one of the frames of a second."""


class PeakNotInClip(ValueError):
    """The clip does not show the moment that the event was scored by; the text says so."""


class Rescored(NamedTuple):
    """What came of it."""

    surprise: float
    same_memory: bool
    """Whether it was the very Memory that scored it first: then the number is the same."""
    learned_more: float = 0.0
    """Seconds of footage that this Memory had learned beside those of the first."""


def rescore(stored: StoredFeatures, snapshot: bytes, memory_class: MemoryClass, *, replaced: int) -> Rescored:
    """Score them with the Memory of that snapshot, which was replaced from outside so often.

    Raises NotThisEye where the snapshot is none, or of another eye; ValueError where they are of what was left.
    """
    if LEFT in stored.features.attributes:
        raise ValueError("what was left is told by what stood still over time, not by one moment")
    normality = Normality.from_bytes(snapshot, memory_class, fingerprint=stored.version.fingerprint)
    mode = stored.version.mode
    version = MemoryVersion(stored.version.fingerprint, replaced, normality.learned_seconds, mode)
    learned_more = version.learned_seconds - stored.version.learned_seconds
    return Rescored(normality.score(stored.features, mode).surprise, version == stored.version, learned_more)


def rescore_clip(
    clip: Path, began: float, stored: StoredFeatures, settings: CameraSettings, eye: Eye, snapshot: bytes
) -> float:
    """The highest surprise around the event's peak; the clip's first picture was captured at `began`, wall clock.

    The pictures go through the classes of a camera loop with the Memory of that snapshot, and teach it nothing. For how
    long something had stayed is taken from what was stored: the clip begins too late to show it. Raises PeakNotInClip,
    RecordingUnreadable, NotThisEye.
    """
    peak = stored.features.at - began
    normality = Normality.from_bytes(
        snapshot,
        eye.memory_class,
        fingerprint=eye.fingerprint,
        alarm_budget=settings.alarm_budget,
        zones=settings.zones,
    )
    mode = stored.version.mode
    stayed = normality.score(stored.features, mode).surprise
    if stayed <= normality.score(_passing(stored.features), mode).surprise:
        stayed = 0.0
    watched = RecordedCamera(eye, settings, normality).watch(_shots(clip, peak, settings.analysis_fps), frozen=True)
    around = [
        _surprise(normality, seen.judgement, stayed)
        for seen in watched
        if seen.judgement and -BEFORE_SECONDS <= seen.shot.seconds - peak <= AFTER_SECONDS
    ]
    if not around:
        raise PeakNotInClip("The clip does not show the moment that was the most surprising of the event.")
    return max(around)


def _surprise(normality: Normality, judgement: Judgement, stayed: float) -> float:
    """As it was judged, but as if something had stayed as long as the event's had."""
    if stayed <= 0.0 or judgement.features is None:
        return judgement.score.surprise
    return max(normality.score(_passing(judgement.features), judgement.mode).surprise, stayed)


def _passing(features: Features) -> Features:
    """The same things, however long they stay."""
    return replace(features, attributes={name: each for name, each in features.attributes.items() if name != STAY})


def is_within(stored: StoredFeatures, pixels: float) -> bool:
    """Whether that number from the clip's pixels confirms the one that was stored."""
    return abs(pixels - stored.surprise) <= TOLERANCE * stored.surprise


def features_in_words(stored: StoredFeatures, again: Rescored) -> str:
    """One sentence."""
    said = f"From its stored features: {again.surprise:.3f}"
    if again.same_memory:
        return f"{said}, {'the very number' if again.surprise == stored.surprise else 'another number'} (same Memory)."
    return f"{said}, by another version of the Memory, which has learned {again.learned_more:+.1f} s since."


def clip_in_words(stored: StoredFeatures, pixels: float) -> str:
    """One sentence."""
    apart = pixels / stored.surprise - 1.0
    return (
        f"From the pixels of its clip: {pixels:.3f}, {apart:+.0%}. Up to {TOLERANCE:.0%} is no news: the pictures were "
        "compressed once more, scaled from another size, and are not the very frames that were judged."
    )


def _shots(clip: Path, peak: float, fps: float) -> Iterator[Shot]:
    """The pictures nearest to the peak and to so many moments a second before and after it.

    What is masked was black before it went into the clip.
    """
    pictures, first, before = Pictures(()), None, None
    wanted, sequence = peak % (1.0 / fps), 0
    for picture, share in decode(clip, threads=1):
        first = float(picture.time or 0.0) if first is None else first
        seconds = float(picture.time or 0.0) - first
        while before is not None and seconds > wanted:
            late, early = seconds - wanted, wanted - before[1]
            chosen, at = (picture, seconds) if late < early else before
            wanted += 1.0 / fps
            yield Shot(sequence, at, share, chosen, Frame(sequence, at, at, pictures.pixels(chosen, WIDTH)))
            sequence += 1
        before = picture, seconds
