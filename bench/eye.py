"""What one analysed frame costs: the Eye that describes what moves, and the Memory that scores it and learns.

`./vigil bench eye --json [VIDEO …]` ends with one line of JSON: `eye_ms` and `memory_ms`, processor time per frame at
5 frames a second and 320 pixels wide, and `frames`. Without a video it takes `vtest.avi` below VIGIL_DATA. One thread.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from itertools import pairwise
from pathlib import Path
from uuid import UUID

from inference.device import CPU, limit_threads
from inference.eye.registry import eye_factory
from inference.learn import read_frames
from inference.normality import Normality
from inference.types import CameraSettings, Window

ROUNDS = 3
"""Times that a video is shown: the Memory has warmed up after the first minute."""


def run(videos: list[Path]) -> dict[str, float | int]:
    """Shows each video to an Eye and a Memory of its own; processor time, without decoding."""
    limit_threads(CPU)
    eye = eye_factory("motion")(CPU)
    looking = judging = 0.0
    count = 0
    for video in videos:
        settings = CameraSettings(camera_id=UUID(int=1), site_id=1, name=video.stem, source=str(video))
        normality = Normality(eye.memory_class(), fingerprint=eye.fingerprint)
        for number in range(ROUNDS):
            for (before, _), (frame, _) in pairwise(read_frames(video, settings, number * 3600.0)):
                began = time.thread_time()
                features = eye.look([Window((before, frame))])[0]
                looked = time.thread_time()
                normality.judge(frame, features, event_open=False)
                looking, judging = looking + looked - began, judging + time.thread_time() - looked
                count += 1
    return {
        "eye_ms": round(looking / count * 1000, 3),
        "memory_ms": round(judging / count * 1000, 3),
        "frames": count,
    }


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="vigil bench eye", description=__doc__)
    parser.add_argument("--json", action="store_true", help="end with one line of JSON")
    parser.add_argument("videos", nargs="*", type=Path)
    options = parser.parse_args()
    videos = options.videos or [Path(os.environ.get("VIGIL_DATA", "")) / "videos" / "vtest.avi"]
    if missing := [str(video) for video in videos if not video.is_file()]:
        parser.error(f"no such video: {', '.join(missing)}; give one, or set VIGIL_DATA")
    report = run(videos)
    if options.json:
        print(json.dumps(report))  # noqa: T201
    else:
        print(f"eye {report['eye_ms']} ms, memory {report['memory_ms']} ms a frame ({report['frames']} frames)")  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
