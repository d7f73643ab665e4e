"""What one analysed frame costs: the Eye that describes what moves, and the Memory that scores it and learns.

`./vigil bench eye --json [VIDEO …]` learns the first half of each video and measures on its untouched second half, at 5
frames a second and 320 pixels wide. It ends with one line of JSON: `eye_ms`, `memory_ms` and their sum `total_ms`,
processor time per frame without decoding, averaged over the videos; `stages`, the same by stage, where `other` is what
belongs to none; `frames`; and all of it per video under `videos`.
Without a video it takes `vtest.avi` and `retail-1080p-hevc.mp4` below VIGIL_DATA. One thread.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from math import ceil
from pathlib import Path
from statistics import fmean
from uuid import UUID

from inference.device import CPU, limit_threads
from inference.eye.protocol import Eye
from inference.eye.registry import eye_factory
from inference.learn import read_frames
from inference.normality import Normality
from inference.stages import measured
from inference.types import CameraSettings, Frame, Window

DEFAULT = ("vtest.avi", "retail-1080p-hevc.mp4")
ANALYSIS_FPS = 5.0
WARM_UP_SECONDS = 75.0
"""For which the first half is shown, again and again: the Memory is watching, not learning, when it is measured."""


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one video, milliseconds of processor time per frame."""

    eye: float
    memory: float
    frames: int
    stages: dict[str, float]

    def report(self) -> dict[str, object]:
        """As it goes into the JSON."""
        return {**_rounded({"eye_ms": self.eye, "memory_ms": self.memory}), "frames": self.frames} | {
            "stages": _rounded(self.stages)
        }


def measure(eye: Eye, video: Path) -> Cost:
    """What the second half of a video costs, by a Memory that knows the first."""
    settings = CameraSettings(camera_id=UUID(int=1), site_id=1, name=video.stem, source=str(video), eye=eye.name)
    normality = Normality(eye.memory_class(), fingerprint=eye.fingerprint)
    frames = [frame for frame, _ in read_frames(video, settings)]
    half = len(frames) // 2
    for part in [*_again(frames[:half]), frames[half:]]:
        looking = judging = 0.0
        with measured() as spent:
            for before, frame in pairwise(part):
                began = time.thread_time()
                features = eye.look([Window((before, frame))])[0]
                looked = time.thread_time()
                normality.judge(frame, features, event_open=False)
                looking, judging = looking + looked - began, judging + time.thread_time() - looked
    count = len(frames) - half - 1
    stages = {**spent, "other": looking + judging - sum(spent.values())}
    by_stage = {stage: seconds / count * 1000 for stage, seconds in stages.items()}
    return Cost(looking / count * 1000, judging / count * 1000, count, by_stage)


def _again(frames: list[Frame]) -> Iterator[list[Frame]]:
    """These, so often that the last round ends when they do: time runs on, as in a camera's life."""
    lasts = frames[-1].monotonic - frames[0].monotonic + 1.0 / ANALYSIS_FPS
    for earlier in (number * lasts for number in reversed(range(ceil(WARM_UP_SECONDS / lasts) + 1))):
        yield [replace(frame, at=frame.at - earlier, monotonic=frame.monotonic - earlier) for frame in frames]


def run(name: str, videos: list[Path]) -> dict[str, object]:
    """Each video by an Eye that they share and a Memory of its own."""
    limit_threads(CPU)
    eye = eye_factory(name)(CPU)
    by_video = {video.name: measure(eye, video) for video in videos}
    costs = list(by_video.values())
    eye_ms, memory_ms = fmean(cost.eye for cost in costs), fmean(cost.memory for cost in costs)
    names = dict.fromkeys(stage for cost in costs for stage in cost.stages)
    return {
        "eye": eye.name,
        **_rounded({"eye_ms": eye_ms, "memory_ms": memory_ms, "total_ms": eye_ms + memory_ms}),
        "stages": _rounded({stage: fmean(cost.stages.get(stage, 0.0) for cost in costs) for stage in names}),
        "frames": sum(cost.frames for cost in costs),
        "videos": {video: cost.report() for video, cost in by_video.items()},
    }


def _rounded(milliseconds: dict[str, float]) -> dict[str, float]:
    return {name: round(value, 3) for name, value in milliseconds.items()}


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="vigil bench eye", description=__doc__)
    parser.add_argument("--json", action="store_true", help="end with one line of JSON")
    parser.add_argument("--eye", default="motion")
    parser.add_argument("videos", nargs="*", type=Path)
    options = parser.parse_args()
    videos = options.videos or [Path(os.environ.get("VIGIL_DATA", "")) / "videos" / name for name in DEFAULT]
    if missing := [str(video) for video in videos if not video.is_file()]:
        parser.error(f"no such video: {', '.join(missing)}; give one, or set VIGIL_DATA")
    report = run(options.eye, videos)
    if options.json:
        print(json.dumps(report))  # noqa: T201
    else:
        print(  # noqa: T201
            f"eye {report['eye_ms']} ms, memory {report['memory_ms']} ms a frame ({report['frames']} frames)"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
