"""What watching a camera costs, beside Motion and beside decoding alone, all at once on the same streams.

`./vigil bench cameras --json` ends with one line of JSON: `vigil`, `motion` and `decode` in percent of one core per
camera (medians over windows), and `ratio` = vigil / motion. Every process of Vigil is counted: worker, capture, web,
control, beat and Valkey. Motion (Debian package `motion`) analyses at the same 5 frames a second and records nothing.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from bench.cpu import cpu_seconds
from bench.footage import HEIGHT, WIDTH, make_720p25
from tests.support.instance import running_vigil
from tests.support.processes import running
from tests.support.rtsp import RtspCamera

DECODE = "import av,sys\nfor _ in av.open(sys.argv[1], options={'rtsp_transport': 'tcp'}).decode(video=0): pass"


def motion_command(folder: Path, urls: list[str]) -> list[str]:
    """Motion on these streams, as its users set it up for analysis alone."""
    common = f"daemon off\nlog_level 4\nwebcontrol_port 0\nstream_port 0\ntarget_dir {folder}\n"
    common += "picture_output off\nmovie_output off\n"
    for number, url in enumerate(urls):
        camera = f"camera_id {number + 1}\nnetcam_url {url}\nrtsp_uses_tcp on\nframerate 5\n"
        (folder / f"camera{number}.conf").write_text(camera + f"width {WIDTH}\nheight {HEIGHT}\n")
        common += f"camera {folder}/camera{number}.conf\n"
    (folder / "motion.conf").write_text(common)
    return ["motion", "-n", "-c", str(folder / "motion.conf")]


def measure(pids: dict[str, list[int]], *, windows: int, seconds: float) -> dict[str, list[float]]:
    """Percent of one core that each of the named groups used, per window."""
    figures: dict[str, list[float]] = {name: [] for name in pids}
    for _ in range(windows):
        before = {name: sum(map(cpu_seconds, group)) for name, group in pids.items()}
        began = time.monotonic()
        time.sleep(seconds)
        elapsed = time.monotonic() - began
        for name, group in pids.items():
            figures[name].append((sum(map(cpu_seconds, group)) - before[name]) / elapsed * 100)
    return figures


def run(*, cameras: int, windows: int, seconds: float) -> dict[str, object]:
    """Starts everything, waits until Vigil watches all cameras, measures."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="vigil-bench-")))
        what = make_720p25(folder / "street.mp4")
        server = stack.enter_context(RtspCamera(folder / "camera", folder / "street.mp4"))
        urls = [server.url] * cameras
        vigil = stack.enter_context(running_vigil(folder / "vigil", urls))
        vigil.wait_until_watching(cameras, seconds=300)
        pids = {"vigil": [vigil.pid]}
        decoders = [[sys.executable, "-c", DECODE, url] for url in urls]
        pids["decode"] = [stack.enter_context(running(each, log=folder / "decode.log")).pid for each in decoders]
        if shutil.which("motion"):
            command = motion_command(folder, urls)
            pids["motion"] = [stack.enter_context(running(command, log=folder / "motion.log")).pid]
        time.sleep(10)  # their own start is not what is measured
        per_camera = {
            name: [round(figure / cameras, 2) for figure in figures]
            for name, figures in measure(pids, windows=windows, seconds=seconds).items()
        }
    medians = {name: round(median(figures), 2) for name, figures in per_camera.items()}
    ratio = round(medians["vigil"] / medians["motion"], 3) if "motion" in medians else None
    return {
        **{name: medians.get(name) for name in ("vigil", "motion", "decode")},
        "ratio": ratio,
        "cameras": cameras,
        "footage": what,
        "windows": per_camera,
    }


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="vigil bench cameras", description=__doc__)
    parser.add_argument("--json", action="store_true", help="end with one line of JSON")
    parser.add_argument("--cameras", type=int, default=4)
    parser.add_argument("--windows", type=int, default=6)
    parser.add_argument("--seconds", type=float, default=10.0, help="of each window")
    options = parser.parse_args()
    report = run(cameras=options.cameras, windows=options.windows, seconds=options.seconds)
    if options.json:
        print(json.dumps(report))  # noqa: T201
        return 0
    for name in ("vigil", "motion", "decode"):
        print(f"{name:8} {report[name]} % of one core per camera")  # noqa: T201
    print(f"vigil / motion = {report['ratio']}")  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
