"""A camera that comes and goes leaves nothing behind."""

from __future__ import annotations

import os
import signal
import threading
import time
from pathlib import Path

import psutil
import pytest

from inference.capture.client import Capture
from inference.capture.messages import Analysed, Lost
from tests.inference.capture.conftest import Watch, until
from tests.support.rtsp import RtspCamera


def held() -> tuple[int, int, int]:
    """File descriptors, threads and children (zombies too) of this process."""
    own = psutil.Process()
    return own.num_fds(), threading.active_count(), len(own.children())


def flap(capture: Capture, times: int) -> None:
    """Kill the child as soon as it delivers, so many times."""
    for _ in range(times):
        until(capture, Analysed)
        assert capture.running is not None
        os.kill(capture.running, signal.SIGKILL)
        until(capture, Lost)


def test_fifty_flaps_leak_nothing(watch: Watch, footage: Path) -> None:
    before = held()
    capture = watch(footage, jitter=0.0)
    flap(capture, 2)
    running = held()
    flap(capture, 48)
    until(capture, Analysed)
    assert held()[0] <= running[0] + 4, "pipes of the child that runs now"
    capture.close()
    assert held() == before


def test_a_close_takes_less_than_a_second_whatever_goes_on(watch: Watch, footage: Path, tmp_path: Path) -> None:
    before = held()
    capture = watch(footage)
    frame = until(capture, Analysed).frame
    capture.begin_clip("clip", frame.at)
    capture.want_live(15)
    until(capture, Analysed)
    began = time.monotonic()
    capture.close()
    assert time.monotonic() - began < 1
    assert capture.running is None
    assert held() == before
    assert capture.receive(0.1) is None


@pytest.mark.nightly
@pytest.mark.timeout(600)
def test_fifty_reboots_of_a_camera_leak_nothing(watch: Watch, footage: Path, tmp_path: Path) -> None:
    with RtspCamera(tmp_path / "camera", footage) as camera:
        capture = watch(camera.url)
        until(capture, Analysed)
        before = held()
        for _ in range(50):
            camera.reboot()
            until(capture, Lost)
            until(capture, Analysed)
        assert held()[0] <= before[0] + 4
        assert held()[1:] == before[1:]
