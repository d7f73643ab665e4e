"""The demonstration, from the command to the alert on the page, through its whole script."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import psutil
import pytest
from playwright.sync_api import Browser, Page, expect

from cameras.demo.scenes import SCENES, SECONDS
from tests.support.browser import log_in, plays
from tests.support.instance import Instance, running_vigil
from tests.support.processes import wait_until

FIRST_ALERT_SECONDS = 120.0


@dataclass
class Demo:
    """A demonstration that has begun."""

    vigil: Instance
    began: float
    """`time.monotonic()` of the command."""


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """`./vigil up --demo` with a new data folder."""
    began = time.monotonic()
    with running_vigil(tmp_path_factory.mktemp("demo") / "data", arguments=["--demo"]) as vigil:
        yield Demo(vigil, began)


@pytest.fixture(scope="module")
def page(demo: Demo, browser: Browser) -> Page:
    """The list of events, opened before there is one and never loaded again."""
    page = log_in(browser, demo.vigil, path="/events")
    page.wait_for_url("**/events*")
    return page


def test_the_first_alert_is_on_the_page_in_time(demo: Demo, page: Page, tmp_path: Path) -> None:
    page.locator("a[data-event]").first.wait_for(timeout=FIRST_ALERT_SECONDS * 1000)
    on_the_page = time.monotonic() - demo.began
    print(f"first alert on the page after {on_the_page:.1f} s")  # noqa: T201
    page.screenshot(path=os.environ.get("VIGIL_SCREENSHOT", tmp_path / "first-alert.png"))
    event = demo.vigil.events()[0]
    wait_until(
        lambda: all(demo.vigil.call("GET", f"/api/v1/events/{event['id']}/")[kind] for kind in ("snapshot", "clip")),
        seconds=FIRST_ALERT_SECONDS - (time.monotonic() - demo.began),
        what="the snapshot and the clip of the first event",
        every=0.5,
    )
    print(f"with snapshot and clip after {time.monotonic() - demo.began:.1f} s")  # noqa: T201


def test_its_clip_plays_in_the_browser(demo: Demo, page: Page) -> None:
    clip = next(event["clip"] for event in reversed(demo.vigil.events()) if event["clip"])
    width, moved = plays(page, clip)
    assert width > 0
    assert moved > 1


def test_its_detail_shows_what_happened_and_takes_an_acknowledgement(demo: Demo, page: Page) -> None:
    page.locator("a[data-event]").last.click()
    event = page.get_by_role("article")
    expect(event.get_by_role("region", name="Evidence").get_by_role("img")).to_be_visible()
    expect(event.get_by_text("New", exact=True).first).to_be_visible()
    event.get_by_role("button", name="Acknowledge").click()
    expect(event.get_by_text("Acknowledged", exact=True).first).to_be_visible()
    page.go_back()


def test_each_scripted_anomaly_gives_one_event_and_the_quiet_none(demo: Demo) -> None:
    """One whole pass of each scene; the script is compared by when each camera's file began to play."""
    cameras = {camera["id"]: camera["name"] for camera in demo.vigil.cameras()}
    wait_until(
        lambda: len(demo.vigil.events()) >= sum(len(scene.anomalies) for scene in SCENES),
        seconds=SECONDS + 60,
        what="an event for each anomaly of the script",
        every=1.0,
    )
    for scene in SCENES:
        events = [event for event in demo.vigil.events() if cameras[event["camera"]] == scene.title]
        started = sorted(datetime.fromisoformat(event["started_at"]).timestamp() for event in events)
        # The first anomaly anchors the script on the wall clock: the rest must follow it second by second.
        anchor = started[0] - scene.anomalies[0].begins
        passes = [(begun - anchor) % SECONDS for begun in started]
        for begun in passes:
            near = [anomaly.what for anomaly in scene.anomalies if anomaly.begins - 3 <= begun <= anomaly.ends + 3]
            assert near, f"{scene.title}: an event {begun:.0f} s into the scene, where nothing is scripted"
        first_pass = started[: len(scene.anomalies)]
        assert first_pass[-1] - first_pass[0] < SECONDS, f"{scene.title}: an anomaly of the first pass gave no event"


def test_stopping_leaves_no_process(demo: Demo) -> None:
    launcher = psutil.Process(demo.vigil.pid)
    family = [launcher, *launcher.children(recursive=True)]
    assert len(family) > 8, "where are the cameras?"
    demo.vigil.process.send_signal(2)
    _gone, left = psutil.wait_procs(family, timeout=10)
    assert not left
