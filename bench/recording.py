"""What recording costs a capture process: one 720p camera not recorded, recorded as it comes, and with a privacy mask.

`./vigil bench recording --json` ends with one line of JSON: `off`, `copied` and `masked` in percent of one core
(medians over windows, all three at once on the same stream), and `ratio` = copied / off.
"""

from __future__ import annotations

import argparse
import json
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from bench.cameras import measure
from bench.footage import make_720p25
from inference.capture.client import Capture
from inference.capture.messages import CaptureSettings
from tests.support.rtsp import RtspCamera

MASK = ((0.0, 0.0), (0.3, 0.0), (0.3, 0.3), (0.0, 0.3))


@contextmanager
def running_capture(folder: Path, url: str, *, recorded: bool, masked: bool) -> Iterator[int]:
    """A capture whose pictures somebody takes; the process id of its child."""
    segments = folder / "segments" if recorded else None
    settings = CaptureSettings(url, folder, folder, masks=(MASK,) if masked else (), segments_dir=segments)
    capture, over = Capture(settings), threading.Event()

    def take() -> None:
        while not over.is_set():
            capture.receive(0.2)

    thread = threading.Thread(target=take)
    thread.start()
    try:
        while capture.running is None:
            time.sleep(0.1)
        yield capture.running
    finally:
        over.set()
        thread.join()
        capture.close()


def run(*, windows: int, seconds: float) -> dict[str, object]:
    """Starts the camera and three captures, and measures."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="vigil-bench-")))
        what = make_720p25(folder / "street.mp4")
        server = stack.enter_context(RtspCamera(folder / "camera", folder / "street.mp4"))
        pids: dict[str, list[int]] = {}
        for name in ("off", "copied", "masked"):
            own = folder / name
            own.mkdir()
            child = running_capture(own, server.url, recorded=name != "off", masked=name == "masked")
            pids[name] = [stack.enter_context(child)]
        time.sleep(5)  # their own start is not what is measured
        figures = measure(pids, windows=windows, seconds=seconds)
    medians = {name: round(median(each), 2) for name, each in figures.items()}
    ratio = round(medians["copied"] / medians["off"], 3)
    rounded = {name: [round(figure, 2) for figure in each] for name, each in figures.items()}
    return {**medians, "ratio": ratio, "footage": what, "windows": rounded}


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="vigil bench recording", description=__doc__)
    parser.add_argument("--json", action="store_true", help="end with one line of JSON")
    parser.add_argument("--windows", type=int, default=6)
    parser.add_argument("--seconds", type=float, default=15.0, help="of each window")
    options = parser.parse_args()
    report = run(windows=options.windows, seconds=options.seconds)
    if options.json:
        print(json.dumps(report))  # noqa: T201
        return 0
    for name in ("off", "copied", "masked"):
        print(f"{name:8} {report[name]} % of one core")  # noqa: T201
    print(f"copied / off = {report['ratio']}")  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
