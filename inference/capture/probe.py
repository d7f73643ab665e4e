"""Tries a picture source once: what a person is told who tests a connection."""

from __future__ import annotations

import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from inference.capture.messages import Analysed, CaptureSettings, Opened, SnapshotDone
from inference.capture.process import Garbled, Process, readable
from inference.capture.wire import Fault, Wire

SECONDS = 15.0


@dataclass(frozen=True, slots=True)
class ProbeResult:
    """`message` is plain English and holds no secret; `preview` is JPEG."""

    ok: bool
    message: str
    codec: str = ""
    width: int = 0
    height: int = 0
    fps: float = 0.0
    preview: bytes | None = None


def probe(
    source: str,
    *,
    footage_dir: Path,
    allowed_networks: tuple[str, ...] = ("127.0.0.0/8", "::1/128"),
    seconds: float = SECONDS,
) -> ProbeResult:
    """Open the source in a process of its own, as a camera would, and bring back a picture or the reason for none.

    Returns after `seconds` at the latest; the process is gone by then.
    """
    with tempfile.TemporaryDirectory(prefix="vigil-probe-") as scratch:
        settings = CaptureSettings(
            source, footage_dir, Path(scratch), analysis_fps=25.0, ring_bytes=1, allowed_networks=allowed_networks
        )
        try:
            process = Process(settings, first_sequence=0)
        except (OSError, subprocess.SubprocessError):
            return ProbeResult(False, "No capture process can be started here.")
        try:
            return _watch(process, time.monotonic() + seconds)
        finally:
            process.kill(with_clips=True)
            process.drop_reports()


def _watch(process: Process, deadline: float) -> ProbeResult:
    opened: Opened | None = None
    asked = False
    while time.monotonic() < deadline:
        readable(process.descriptors, min(0.5, deadline - time.monotonic()))
        gone = process.gone
        for message in _said(process):
            match message:
                case Opened():
                    opened = message
                case Analysed() if not asked:
                    asked = True
                    process.send({"do": "snapshot", "token": "preview", "sequence": message.frame.sequence})
                case SnapshotDone(jpeg=jpeg) if opened and jpeg:
                    text = f"Connected: {opened.width}x{opened.height}, {opened.codec}."
                    return ProbeResult(True, text, opened.codec, opened.width, opened.height, opened.fps, jpeg)
                case Fault():
                    return ProbeResult(False, message.detail)
        if gone:
            return ProbeResult(False, "The stream broke the process that reads it: it may be damaged.")
    if opened:
        return ProbeResult(False, "The camera answers, but no picture came.", opened.codec, opened.width, opened.height)
    return ProbeResult(False, "The camera did not answer.")


def _said(process: Process) -> list[Wire]:
    try:
        return list(process.read())
    except Garbled:
        return []
