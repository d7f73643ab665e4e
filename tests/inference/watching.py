"""A camera's eye, memory and decider on drawn or recorded pictures, without capture and database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from itertools import pairwise
from pathlib import Path
from uuid import UUID

from inference.decider import Decider
from inference.device import CPU, limit_threads
from inference.eye.motion import MotionEye
from inference.eye.protocol import Eye
from inference.learn import read_frames
from inference.normality import Normality
from inference.types import CameraSettings, Decision, Frame, Judgement, Pixels, Window
from tests.support.scenes import FPS, frames

SETTINGS = CameraSettings(camera_id=UUID(int=1), site_id=1, name="Path", source="rtsp://camera/1")
CAMPUS, SHOP, ROAD, ROOM = "vtest.avi", "retail-1080p-hevc.mp4", "car-detection.mp4", "one-by-one-person-detection.mp4"
LEARNED_SECONDS = 75.0
"""A camera is watched after a minute, and the halves of some recordings are shorter than that."""


class Watch:
    """Shows pictures to the classes that a camera loop uses, in the same order."""

    def __init__(
        self, settings: CameraSettings = SETTINGS, normality: Normality | None = None, eye: Eye | None = None
    ) -> None:
        limit_threads(CPU)
        self.eye = eye or MotionEye(CPU)
        memory = self.eye.memory_class()
        self.normality = normality or Normality(memory, fingerprint=self.eye.fingerprint, zones=settings.zones)
        self.decider = Decider(settings)
        self.judgements: list[Judgement] = []
        self.decided: list[tuple[Judgement, list[Decision]]] = []
        """Each judgement with what was decided after it."""
        self._before: Frame | None = None

    def show(self, pictures: Sequence[Pixels]) -> list[Decision]:
        """What was decided while these were seen."""
        decisions = []
        for frame in frames(pictures, first=len(self.judgements)):
            features = self.eye.look([Window((self._before or frame, frame))])[0]
            judgement = self.normality.judge(frame, features, event_open=self.decider.is_open)
            self.decided.append((judgement, self.decider.decide(judgement)))
            decisions += self.decided[-1][1]
            self.judgements.append(judgement)
            self._before = frame
        return decisions


def opened(decisions: Sequence[Decision]) -> list[Decision]:
    """Those that open an event."""
    return [decision for decision in decisions if decision.kind == "opened"]


@cache
def halves(path: Path) -> tuple[list[Pixels], list[Pixels]]:
    """The pictures of a recording that a camera would analyse: of the first half, and of the second."""
    pictures = [frame.pixels for frame, _ in read_frames(path, SETTINGS)]
    return pictures[: len(pictures) // 2], pictures[len(pictures) // 2 :]


def first_half_learned(path: Path, eye: Eye | None = None) -> bytes:
    """What a camera knows that has seen the first half of a recording, again and again."""
    watch = Watch(eye=eye)
    seen = [(now, watch.eye.look([Window(pair)])[0]) for pair in pairwise(frames(halves(path)[0])) for now in pair[1:]]
    later = 0.0
    while watch.normality.learned_seconds < LEARNED_SECONDS:
        for frame, features in seen:
            at, now = frame.at + later, frame.monotonic + later
            watch.normality.learn(replace(frame, at=at, monotonic=now), replace(features, at=at))
        later += len(seen) / FPS + 60.0
    return watch.normality.to_bytes()
