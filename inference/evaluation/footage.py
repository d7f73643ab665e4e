"""Judging your own footage, without labels: learn what comes first, then say what was unusual in the rest.

Unlike a labelled clip the rest is watched as a camera does: it goes on learning, but not while an event is open.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from inference.evaluation.alarms import Alarm, alarms_of
from inference.evaluation.camera import RecordedCamera, Seen
from inference.evaluation.moments import Moment, Peaks
from inference.evaluation.recording import APART, Recording, Shot
from inference.eye.protocol import Eye
from inference.learn import RecordingUnreadable
from inference.types import CameraSettings, Decision

Progress = Callable[[str, float], None]
SUFFIXES = frozenset(
    {
        ".avi",
        ".flv",
        ".h264",
        ".hevc",
        ".m4v",
        ".mjpeg",
        ".mkv",
        ".mov",
        ".mp4",
        ".mpeg",
        ".mpg",
        ".mts",
        ".ts",
        ".webm",
    }
)
"""What is taken for a video in a folder; a file that is named is tried whatever it is called."""
MOMENTS = 10
"""On the contact sheet."""
LEARNED_SHARE = 0.5
"""Of each video, where nothing else is given to learn from."""


class FootageInvalid(ValueError):
    """There is nothing to evaluate; the text says what is missing."""


@dataclass(frozen=True, slots=True)
class JudgedVideo:
    """What was seen in one video."""

    video: Path
    learned_seconds: float
    """What the camera had learned when judging began."""
    progress: float
    """Of learning at the end; below 1 nothing alarms."""
    judged_from: float
    """Seconds into the video."""
    judged_seconds: float
    frames: int
    """Judged."""
    learning_until: float | None
    """Seconds into the video until which too little was known to alarm; None: enough was known from the start."""
    threshold: float
    """At the end, as `provisional`."""
    provisional: bool
    alarms: tuple[Alarm, ...]
    moments: tuple[Moment, ...]
    """The most unusual ones, the most unusual first."""
    weights: Mapping[str, float]
    """Attribute -> its surprise in all moments in which it lay outside its normal range."""


@dataclass(frozen=True, slots=True)
class FootageJudged:
    """What became of some videos."""

    videos: tuple[JudgedVideo, ...]
    left_out: tuple[str, ...]
    """Why others could not be judged, a sentence each."""

    def most_unusual(self) -> list[Moment]:
        """Of all videos together, the most unusual first."""
        moments = [moment for video in self.videos for moment in video.moments]
        return sorted(moments, key=lambda moment: -moment.score)[:MOMENTS]


def videos_in(source: Path) -> list[Path]:
    """The video itself, or those in the folder by name. Raises FootageInvalid."""
    if source.is_file():
        return [source]
    if not source.is_dir():
        raise FootageInvalid(f"There is no file or folder {source}.")
    found = sorted(path for path in source.iterdir() if path.suffix.lower() in SUFFIXES and path.is_file())
    if not found:
        raise FootageInvalid(f"{source} has neither a dataset.json nor a video in it.")
    return found


class FootageRun:
    """Videos through one Eye: each one as a camera of its own, or all as the camera whose footage was learned."""

    def __init__(self, eye: Eye, settings: CameraSettings, progress: Progress) -> None:
        self._eye, self._settings, self._progress = eye, settings, progress

    def run(self, videos: Sequence[Path], learn: Sequence[Path]) -> FootageJudged:
        """`learn`: videos that show what is normal; none: the first half of each. Raises RecordingUnreadable for those.

        One of several videos that cannot be judged is left out. Raises FootageInvalid where none can.
        """
        known = {path.resolve() for path in learn}
        wanted = [video for video in videos if video.resolve() not in known]
        if not wanted:
            raise FootageInvalid("All videos are given with --learn: none is left to be judged.")
        judge = self._learned(learn) if learn else self._halved
        judged, left_out = [], []
        for number, video in enumerate(wanted, len(learn)):
            try:
                judged.append(judge(self._recording(video, number)))
            except (RecordingUnreadable, FootageInvalid) as error:
                left_out.append(str(error))
        if not judged:
            raise FootageInvalid(" ".join(left_out))
        return FootageJudged(tuple(judged), tuple(left_out))

    def _recording(self, video: Path, number: int) -> Recording:
        return Recording(video, self._settings, number * APART, threads=0)

    def _learned(self, learn: Sequence[Path]) -> Callable[[Recording], JudgedVideo]:
        """What judges a video after these, as the same camera."""
        camera = RecordedCamera(self._eye, self._settings)
        for number, video in enumerate(learn):
            camera.reconnect()
            for shot in camera.learn(self._recording(video, number).shots()):
                self._progress(f"Learning {video.name}", shot.share)

        def judge(recording: Recording) -> JudgedVideo:
            camera.reconnect()
            return self._judged(camera, recording, recording.shots())

        return judge

    def _halved(self, recording: Recording) -> JudgedVideo:
        """As a camera of its own that learned the first half."""
        camera, name = RecordedCamera(self._eye, self._settings), recording.path.name
        shots = recording.shots()
        later: list[Shot] = []
        for shot in camera.learn(_until(LEARNED_SHARE, shots, later)):
            self._progress(f"Learning {name}", shot.share)
        if not later:
            raise FootageInvalid(f"{name} does not say how long it is, so it has no first half: use --learn.")
        return self._judged(camera, recording, chain(later, shots))

    def _judged(self, camera: RecordedCamera, recording: Recording, shots: Iterable[Shot]) -> JudgedVideo:
        learned, frames = camera.normality.learned_seconds, 0
        peaks, decisions = Peaks(recording), list[Decision]()
        last: Seen | None = None
        learning_until: float | None = None
        for last in camera.watch(shots, frozen=False):
            self._progress(f"Judging {recording.path.name}", last.shot.share)
            if last.judgement and last.judgement.learning:
                learning_until = last.shot.seconds
            peaks.add(last)
            decisions += last.decisions
            frames += 1
        if last is None or last.judgement is None:
            raise FootageInvalid(f"{recording.path.name} is too short: it has no picture to judge.")
        decisions += camera.close(last.shot.frame.at)
        return JudgedVideo(
            video=recording.path,
            learned_seconds=learned,
            progress=camera.normality.progress,
            judged_from=peaks.began,
            judged_seconds=last.shot.seconds - peaks.began,
            frames=frames,
            learning_until=learning_until,
            threshold=last.judgement.threshold,
            provisional=last.judgement.provisional,
            alarms=tuple(alarms_of(decisions, recording.began)),
            moments=tuple(peaks.top(MOMENTS)),
            weights=peaks.weights,
        )


def _until(share: float, shots: Iterator[Shot], later: list[Shot]) -> Iterator[Shot]:
    """The shots before that share of the recording; the first one after it is put into `later`, not lost."""
    for shot in shots:
        if shot.share >= share:
            later.append(shot)
            return
        yield shot
