"""What one analysed frame costs: the Eye that describes what moves, and the Memory that scores it and learns.

`./vigil bench eye --json [VIDEO …]` learns the first half of each video and measures on its untouched second half, at 5
frames a second and 320 pixels wide. It ends with one line of JSON: `eye_ms`, `memory_ms` and their sum `total_ms`,
processor time per frame without decoding, averaged over the videos; `frames`; and the same per video under `videos`.
Without a video it takes `vtest.avi` and `retail-1080p-hevc.mp4` below VIGIL_DATA. One thread.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from itertools import pairwise
from pathlib import Path
from statistics import fmean
from uuid import UUID

from inference.device import CPU, limit_threads
from inference.eye.protocol import Eye
from inference.eye.registry import eye_factory
from inference.learn import read_frames
from inference.normality import Normality
from inference.types import CameraSettings, Window

DEFAULT = ("vtest.avi", "retail-1080p-hevc.mp4")
WARM_UP_ROUNDS = 3
"""Times that the first half is shown: the Memory is watching, not learning, when it is measured."""


def measure(eye: Eye, video: Path) -> dict[str, float | int]:
    """Milliseconds per frame on the second half of a video, by a Memory that knows the first."""
    settings = CameraSettings(camera_id=UUID(int=1), site_id=1, name=video.stem, source=str(video), eye=eye.name)
    normality = Normality(eye.memory_class(), fingerprint=eye.fingerprint)
    frames = [frame for frame, _ in read_frames(video, settings)]
    half = len(frames) // 2
    looking = judging = 0.0
    for part in [frames[:half]] * WARM_UP_ROUNDS + [frames[half:]]:
        looking = judging = 0.0
        for before, frame in pairwise(part):
            began = time.thread_time()
            features = eye.look([Window((before, frame))])[0]
            looked = time.thread_time()
            normality.judge(frame, features, event_open=False)
            looking, judging = looking + looked - began, judging + time.thread_time() - looked
    count = len(frames) - half - 1
    return {"eye_ms": looking / count * 1000, "memory_ms": judging / count * 1000, "frames": count}


def run(name: str, videos: list[Path]) -> dict[str, object]:
    """Each video by an Eye that they share and a Memory of its own."""
    limit_threads(CPU)
    eye = eye_factory(name)(CPU)
    by_video = {video.name: measure(eye, video) for video in videos}
    eye_ms, memory_ms = (fmean(each[stage] for each in by_video.values()) for stage in ("eye_ms", "memory_ms"))
    return {
        "eye": eye.name,
        "eye_ms": round(eye_ms, 3),
        "memory_ms": round(memory_ms, 3),
        "total_ms": round(eye_ms + memory_ms, 3),
        "frames": sum(int(each["frames"]) for each in by_video.values()),
        "videos": {video: {key: round(value, 3) for key, value in each.items()} for video, each in by_video.items()},
    }


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
