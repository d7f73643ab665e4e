"""What a camera sent all the time can be watched: recorded as it came, played by a browser, whole after a kill."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import psutil
import pytest
from playwright.sync_api import Browser

from tests.support.browser import log_in, plays
from tests.support.footage import record
from tests.support.instance import Instance, running_vigil
from tests.support.processes import wait_until
from tests.support.rtsp import RtspCamera

MASK = [[0.0, 0.75], [1.0, 0.75], [1.0, 0.95], [0.0, 0.95]]
CAMERAS: dict[str, dict[str, Any]] = {
    "all": {"recording": "always"},
    "masked": {"recording": "always", "masks": [MASK]},
    "moving": {"recording": "movement"},
    "none": {},
}


@pytest.fixture(scope="module")
def vigil(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instance]:
    """A Vigil whose cameras are recorded in each way."""
    folder = tmp_path_factory.mktemp("recordings")
    footage = record(folder / "scene.mp4", seconds=20, size=(640, 480))
    with RtspCamera(folder / "camera", footage) as camera, running_vigil(folder / "data") as vigil:
        site = vigil.call("GET", "/api/v1/sites/")["results"][0]["id"]
        for name, settings in CAMERAS.items():
            vigil.call("POST", "/api/v1/cameras/", {"site": site, "name": name, "source": camera.url, **settings})
        yield vigil


def recordings(vigil: Instance, name: str) -> list[dict[str, Any]]:
    """Of that camera, oldest first."""
    (camera,) = [camera["id"] for camera in vigil.cameras() if camera["name"] == name]
    rows: list[dict[str, Any]] = vigil.call("GET", f"/api/v1/recordings/?camera={camera}")["results"]
    return rows[::-1]


def test_everything_is_recorded_without_a_gap(vigil: Instance) -> None:
    names = [name for name in CAMERAS if name != "none"]
    wait_until(
        lambda: all(len(recordings(vigil, name)) >= 2 for name in names), seconds=200, what="two each", every=2.0
    )
    assert recordings(vigil, "none") == []
    for name in names:
        first, second = recordings(vigil, name)[:2]
        gap = datetime.fromisoformat(second["started_at"]) - datetime.fromisoformat(first["ended_at"])
        assert abs(gap.total_seconds()) < (1.5 if name == "masked" else 0.01), "encoded, it lasts as long as it shows"
        assert (first["codec"], first["playable"]) == ("h264", True)
    assert all(row["moved"] for row in recordings(vigil, "moving"))


@pytest.mark.parametrize("name", ["all", "masked"])
def test_a_recording_plays(vigil: Instance, browser: Browser, name: str) -> None:
    video = recordings(vigil, name)[0]["video"]
    page = log_in(browser, vigil)
    page.get_by_label("User name").wait_for(state="detached")
    width, moved = plays(page, video)
    length, landed = page.evaluate(SEEK, video)
    page.close()
    assert width == 640
    assert moved > 1
    assert length == pytest.approx(30, abs=3)
    assert landed == pytest.approx(20, abs=1)


SEEK = """async url => {
    const video = document.createElement('video');
    video.muted = true;
    video.src = url;
    const happens = name => new Promise(done => video.addEventListener(name, done, {once: true}));
    await Promise.race([happens('loadedmetadata'), happens('error')]);
    video.currentTime = 20;
    await Promise.race([happens('seeked'), happens('error'), new Promise(done => setTimeout(done, 5000))]);
    return [video.duration, video.currentTime];
}"""


def test_a_killed_capture_leaves_what_it_had(vigil: Instance) -> None:
    before = {row["id"] for name in CAMERAS for row in recordings(vigil, name)}
    children = [p for p in psutil.Process(vigil.pid).children(recursive=True) if "inference.capture.child" in _line(p)]
    assert len(children) == len(CAMERAS)
    for child in children:
        os.kill(child.pid, 9)

    def short(name: str) -> list[dict[str, Any]]:
        new = [row for row in recordings(vigil, name) if row["id"] not in before]
        return [row for row in new if _seconds(row) < 29.0]

    wait_until(lambda: bool(short("all")), seconds=60, what="what the kill cut off", every=1.0)
    for row in recordings(vigil, "all"):
        assert len(vigil.download(row["video"])) == row["bytes"]


def _line(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except psutil.Error:
        return ""


def _seconds(row: dict[str, Any]) -> float:
    return (datetime.fromisoformat(row["ended_at"]) - datetime.fromisoformat(row["started_at"])).total_seconds()
