"""The command line of `./vigil evaluate`."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from uuid import UUID

from inference.device import DeviceNotAvailable, choose_device, limit_threads
from inference.evaluation.chart import draw_clip
from inference.evaluation.console import ProgressLine, say
from inference.evaluation.dataset import FILE, DatasetInvalid, read_dataset
from inference.evaluation.footage import FootageInvalid, FootageRun, videos_in
from inference.evaluation.labelled import LabelledRun
from inference.evaluation.result import result_of
from inference.evaluation.sheet import EXPLAINED, draw_sheet
from inference.evaluation.summary import footage_report, most_unusual
from inference.evaluation.wording import described, described_footage
from inference.eye.protocol import Eye
from inference.eye.registry import UnknownEye, eye_factory
from inference.learn import RecordingUnreadable
from inference.types import CameraSettings

REFUSED = 1
DEFAULT_EYE = "motion"
LIVE_FPS = 5.0
"""As cameras are analysed unless somebody says otherwise."""
SHEET = "unusual.jpg"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    options = _parser().parse_args(arguments)
    try:
        device = choose_device(os.environ)
        limit_threads(device)
        eye = eye_factory(options.eye)(device)
        if (options.source / FILE).exists():
            return _labelled(options, eye)
        return _footage(options, eye)
    except (DatasetInvalid, FootageInvalid, RecordingUnreadable, UnknownEye, DeviceNotAvailable) as error:
        sys.stderr.write(f"{error}\n")
    except OSError as error:
        sys.stderr.write(f"{error.filename or 'The system'}: {error.strerror or error}\n")
    return REFUSED


def _labelled(options: argparse.Namespace, eye: Eye) -> int:
    if options.learn:
        raise DatasetInvalid(f"--learn is for footage without labels: here {FILE} names what is learned.")
    dataset = read_dataset(options.source)
    settings = _settings(options, fps=options.fps or dataset.fps)
    with ProgressLine() as progress:
        judged = LabelledRun(dataset, eye, settings, progress).run()
    result = result_of(judged, eye=eye.name, analysis_fps=settings.analysis_fps, alarm_budget=settings.alarm_budget)
    for line in described(result):
        say(line)
    if options.plot:
        options.plot.mkdir(parents=True, exist_ok=True)
        for number, clip in enumerate(judged.clips, 1):
            path = options.plot / f"{number:02d}-{clip.clip.video.stem}.png"
            draw_clip(path, clip, dataset.fps, f"{dataset.name}, test clip {number} ({clip.clip.video.name})")
        say(f"\nA chart of each test clip is in {options.plot}.")
    if options.json:
        say(json.dumps(asdict(result)))
    return 0


def _footage(options: argparse.Namespace, eye: Eye) -> int:
    videos = videos_in(options.source)
    settings = _settings(options, fps=options.fps or LIVE_FPS)
    with ProgressLine() as progress:
        judged = FootageRun(eye, settings, progress).run(videos, options.learn)
    for line in described_footage(judged, settings.alarm_budget):
        say(line)
    folder = options.plot or Path()
    folder.mkdir(parents=True, exist_ok=True)
    moments = most_unusual(judged)
    draw_sheet(folder / SHEET, moments, f"The most unusual moments of {options.source.name}", EXPLAINED)
    say(f"\nThe {len(moments)} most unusual moments are in {folder / SHEET}.")
    if options.json:
        say(json.dumps(footage_report(judged, moments, eye=eye.name, sheet=folder / SHEET)))
    return 0


def _settings(options: argparse.Namespace, *, fps: float) -> CameraSettings:
    """Of a camera that has only what matters here."""
    return CameraSettings(
        camera_id=UUID(int=1),
        site_id=1,
        name=options.source.name,
        source=str(options.source),
        analysis_fps=fps,
        alarm_budget=options.budget,
        eye=options.eye,
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="./vigil evaluate",
        description="How well Vigil tells the unusual: figures on labelled footage, the most unusual moments of yours.",
        epilog="More is in docs/operations.md.",
        allow_abbrev=False,
    )
    parser.add_argument("source", type=Path, metavar="SOURCE", help=f"a folder with {FILE}, or with videos, or a video")
    parser.add_argument("--eye", default=DEFAULT_EYE, metavar="NAME", help=f"which eye looks ({DEFAULT_EYE})")
    parser.add_argument(
        "--fps", type=_above_zero, metavar="N", help="frames a second to look at (all; 5 without labels)"
    )
    parser.add_argument("--budget", type=_above_zero, default=2.0, metavar="N", help="false alarms a day at most (2)")
    parser.add_argument("--plot", type=Path, metavar="DIR", help="where charts and contact sheet go")
    parser.add_argument("--learn", type=Path, nargs="+", default=[], metavar="VIDEO", help="shows what is normal")
    parser.add_argument("--json", action="store_true", help="end with one line of JSON")
    return parser


def _above_zero(text: str) -> float:
    number = float(text)
    if not 0.0 < number < 1e6:
        raise argparse.ArgumentTypeError(f"{text} is not a number above 0")
    return number
