"""The command line of `./vigil evaluate`."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from uuid import UUID

from inference.device import Device, DeviceNotAvailable, choose_device, limit_threads
from inference.evaluation.ablation import EyeWithout, UnknownAttribute
from inference.evaluation.chart import draw_clip
from inference.evaluation.console import ProgressLine, say
from inference.evaluation.dataset import FILE, DatasetInvalid, read_dataset
from inference.evaluation.footage import FootageInvalid, FootageRun, videos_in
from inference.evaluation.labelled import LabelledRun
from inference.evaluation.result import result_of
from inference.evaluation.sheet import draw_sheet
from inference.evaluation.summary import footage_report
from inference.evaluation.wording import described, described_footage
from inference.eye.protocol import Eye
from inference.eye.registry import UnknownEye, eye_factory
from inference.learn import RecordingUnreadable
from inference.types import CameraSettings

REFUSED = 1
SHEET = "unusual.jpg"


class EyeNotLoaded(RuntimeError):
    """The eye that was asked for is not there; the text says why."""


REFUSALS = (DatasetInvalid, FootageInvalid, RecordingUnreadable, EyeNotLoaded, UnknownAttribute, DeviceNotAvailable)
"""Their texts say what to do."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    options = _parser().parse_args(arguments)
    if options.source.name == FILE:
        options.source = options.source.parent
    camera = CameraSettings(UUID(int=1), site_id=1, name=options.source.name, source="", alarm_budget=options.budget)
    try:
        camera = replace(camera, eye=options.eye or camera.eye)
        if (options.source / FILE).exists():
            return _labelled(options, camera)
        return _footage(options, camera)
    except REFUSALS as error:
        sys.stderr.write(f"{error}\n")
    except OSError as error:
        sys.stderr.write(f"{error.filename or 'The system says'}: {error.strerror or error}.\n")
    return REFUSED


def _load(name: str, without: Sequence[str]) -> tuple[Eye, Device]:
    """The eye, less the attributes named, and where it computes.

    Raises EyeNotLoaded, DeviceNotAvailable, UnknownAttribute.
    """
    device = choose_device(os.environ)
    limit_threads(device)
    try:
        eye = eye_factory(name)(device)
    except UnknownEye as error:
        raise EyeNotLoaded(str(error)) from error
    except (ImportError, LookupError, OSError, RuntimeError, ValueError) as error:  # weights are missing, say
        raise EyeNotLoaded(f"The eye {name} cannot be loaded: {error}") from error
    return EyeWithout(eye, without) if without else eye, device


def _labelled(options: argparse.Namespace, camera: CameraSettings) -> int:
    if options.learn:
        raise DatasetInvalid(f"--learn is for footage without labels: here {FILE} names what is learned.")
    dataset = read_dataset(options.source)
    camera = replace(camera, analysis_fps=options.fps or dataset.fps)
    eye, device = _load(camera.eye, options.without)
    with ProgressLine() as progress:
        judged = LabelledRun(dataset, eye, camera, progress).run()
    result = result_of(
        judged,
        eye=eye.name,
        device=device.name,
        analysis_fps=camera.analysis_fps,
        alarm_budget=camera.alarm_budget,
    )
    for line in described(result):
        say(line)
    if options.plot:
        options.plot.mkdir(parents=True, exist_ok=True)
        for number, clip in enumerate(judged.clips, 1):
            name = clip.clip.video.stem
            path = options.plot / f"{number:02d}-{name}.png"
            draw_clip(path, clip, dataset.fps, f"{dataset.name}, test clip {number} ({name})")
        say(f"\nA chart of each test clip is in {options.plot}.")
    if options.json:
        say(json.dumps(asdict(result)))
    return 0


def _footage(options: argparse.Namespace, camera: CameraSettings) -> int:
    videos = videos_in(options.source)
    camera = replace(camera, analysis_fps=options.fps or camera.analysis_fps)
    eye, _ = _load(camera.eye, options.without)
    with ProgressLine() as progress:
        judged = FootageRun(eye, camera, progress).run(videos, options.learn)
    for line in described_footage(judged, camera.alarm_budget):
        say(line)
    sheet = (options.plot or Path()) / SHEET
    sheet.parent.mkdir(parents=True, exist_ok=True)
    draw_sheet(sheet, judged.most_unusual(), f"The most unusual moments of {options.source.resolve().name}")
    say(f"\nThe most unusual moments are in {sheet}.")
    if options.json:
        say(json.dumps(footage_report(judged, eye=eye.name, sheet=sheet)))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="./vigil evaluate",
        description="How well Vigil tells the unusual: figures on labelled footage, the most unusual moments of yours.",
        epilog="More is in docs/operations.md.",
        allow_abbrev=False,
    )
    parser.add_argument("source", type=Path, metavar="SOURCE", help=f"a folder with {FILE}, or with videos, or a video")
    parser.add_argument("--eye", metavar="NAME", help="which eye looks, if not the one that cameras have")
    parser.add_argument(
        "--fps", type=_above_zero, metavar="N", help="frames a second to look at (all; 5 without labels)"
    )
    parser.add_argument("--budget", type=_above_zero, default=2.0, metavar="N", help="false alarms a day at most (2)")
    parser.add_argument("--plot", type=Path, metavar="DIR", help="where charts and contact sheet go")
    parser.add_argument("--learn", type=Path, nargs="+", default=[], metavar="VIDEO", help="shows what is normal")
    parser.add_argument(
        "--without",
        action="append",
        default=[],
        metavar="ATTRIBUTE",
        help="leave out of what the eye tells, such as speed, to see what it adds; may be given more than once",
    )
    parser.add_argument("--json", action="store_true", help="end with one line of JSON")
    return parser


def _above_zero(text: str) -> float:
    number = float(text)
    if not 0.0 < number < 1e6:
        raise argparse.ArgumentTypeError(f"{text} is not a number above 0")
    return number
