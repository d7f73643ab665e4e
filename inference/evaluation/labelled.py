"""Judging a labelled dataset: learn its training clips, then see each test clip as a camera would.

Each test clip is a day of its own: it begins with what the training clips taught, and teaches nothing, so the order of
the clips and what is in the others change no number. A frame's score is the surprise that the live loop has when that
frame is the newest: nothing later is looked at, no clip is normalised by itself, and the delay of smoothing stays in.
Until the Eye's window is full there is no score: such a frame counts as 0, nothing unusual known.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from inference.evaluation.alarms import Alarm, Match, alarms_of, match
from inference.evaluation.camera import RecordedCamera, Seen
from inference.evaluation.dataset import Booleans, Dataset, DatasetInvalid, Masks, TestClip
from inference.evaluation.floor import FrameDifference
from inference.evaluation.heat import HeatTally
from inference.evaluation.metrics import Floats64
from inference.evaluation.recording import APART, Recording
from inference.eye.protocol import Eye
from inference.normality import Normality
from inference.types import CameraSettings, Decision, Floats

Progress = Callable[[str, float], None]
"""Told what is being done, and which share of it is done, 0..1."""


@dataclass(frozen=True, slots=True)
class JudgedFrame:
    """What an analysed frame of a test clip came to."""

    number: int
    """Among all frames of the clip, from 0."""
    score: float
    threshold: float
    provisional: bool
    floor: float
    """The frame difference, grey levels."""


def judged_frame(seen: Seen, floor: float) -> JudgedFrame:
    """A frame for which the Eye's window is not full yet has the score 0 and no threshold (infinite)."""
    judgement = seen.judgement
    if judgement is None:
        return JudgedFrame(seen.shot.number, 0.0, np.inf, True, floor)
    score, threshold = judgement.score.surprise, judgement.threshold
    return JudgedFrame(seen.shot.number, score, threshold, judgement.provisional, floor)


@dataclass(frozen=True, slots=True)
class JudgedClip:
    """A test clip after it was seen."""

    clip: TestClip
    frames: tuple[JudgedFrame, ...]
    """The analysed ones."""
    alarms: tuple[Alarm, ...]
    matched: Match
    decoding_seconds: float
    """Processor time, as `judging_seconds`."""
    judging_seconds: float

    @property
    def scores(self) -> Floats64:
        return np.array([frame.score for frame in self.frames])

    @property
    def floor(self) -> Floats64:
        return np.array([frame.floor for frame in self.frames])

    @property
    def labels(self) -> Booleans:
        """As the scores, over the analysed frames."""
        return self.clip.labels[[frame.number for frame in self.frames]]


@dataclass(frozen=True, slots=True)
class Judged:
    """All test clips of a dataset."""

    dataset: Dataset
    clips: tuple[JudgedClip, ...]
    heat: HeatTally | None
    """None without masks."""
    learned_seconds: float
    progress: float
    """Of learning after the training clips; below 1 nothing alarms."""


class LabelledRun:
    """One dataset through one Eye."""

    def __init__(self, dataset: Dataset, eye: Eye, settings: CameraSettings, progress: Progress) -> None:
        self._dataset, self._eye, self._settings, self._progress = dataset, eye, settings, progress
        self._heat = HeatTally() if dataset.has_masks else None

    def run(self) -> Judged:
        """Raises DatasetInvalid, RecordingUnreadable."""
        learned = self._learn()
        snapshot = learned.to_bytes()
        clips = []
        for number, clip in enumerate(self._dataset.test, 1):
            self._progress("Judging", (number - 1) / len(self._dataset.test))
            clips.append(self._judge(number, clip, snapshot))
        self._progress("Judging", 1.0)
        return Judged(self._dataset, tuple(clips), self._heat, learned.learned_seconds, learned.progress)

    def _recording(self, number: int, clip: TestClip | None = None) -> Recording:
        path = clip.video if clip else self._dataset.train[number]
        day = number + (len(self._dataset.train) if clip else 0)
        return Recording(path, self._settings, day * APART, self._dataset.fps)

    def _learn(self) -> Normality:
        camera = RecordedCamera(self._eye, self._settings)
        for number in range(len(self._dataset.train)):
            camera.reconnect()
            for shot in camera.learn(self._recording(number).shots()):
                self._progress("Learning", (number + shot.share) / len(self._dataset.train))
        return camera.normality

    def _judge(self, number: int, clip: TestClip, snapshot: bytes) -> JudgedClip:
        camera = RecordedCamera(self._eye, self._settings, self._restored(snapshot))
        recording = self._recording(number, clip)
        masks = Masks(self._dataset, number) if self._heat else None
        frames: list[JudgedFrame] = []
        decisions: list[Decision] = []
        difference = FrameDifference()
        for seen in camera.watch(recording.shots(), frozen=True):
            if recording.pictures > clip.frames:
                continue  # the clip is refused below, with the number of pictures that it has
            frames.append(judged_frame(seen, difference.score(seen.shot.picture)))
            decisions += seen.decisions
            if self._heat and masks:
                mask = masks.of(seen.shot.number, recording.size)
                self._heat.add(*_things(camera.normality, seen), mask)
        if recording.pictures != clip.frames:
            raise DatasetInvalid(
                f"test[{number - 1}].frames is {clip.frames}, but {clip.video.name} has {recording.pictures} pictures."
            )
        decisions += camera.close(recording.began + clip.frames / self._dataset.fps)
        alarms = tuple(alarms_of(decisions, recording.began))
        matched = match(alarms, clip.anomalous, self._dataset.fps)
        return JudgedClip(clip, tuple(frames), alarms, matched, recording.cpu_seconds, camera.cpu_seconds)

    def _restored(self, snapshot: bytes) -> Normality:
        return Normality.from_bytes(
            snapshot,
            self._eye.memory_class,
            fingerprint=self._eye.fingerprint,
            alarm_budget=self._settings.alarm_budget,
        )


def _things(normality: Normality, seen: Seen) -> tuple[Floats, Floats]:
    """Boxes and surprises of what is seen in the newest picture, by itself: smoothing has no place for each thing."""
    if seen.judgement is None:
        return np.zeros((0, 4), np.float32), np.zeros(0, np.float32)
    return normality.surprises()
