"""How soon an alert is there: from the moment that an anomaly begins in front of a camera to the operator's page.

`./vigil bench alerts --json` ends with one line of JSON. A whole Vigil watches scripted cameras (MJPEG, eight pictures
a second), whose anomalies begin at moments known beforehand; all times are milliseconds since then, `p50` and `p99`
over all anomalies: `scored` when the first picture that shows it was captured for analysis (the wait for the camera's
next picture and the analysis rate), `socket` when a client of `/ws/events` had the alert, `page` when a browser had
drawn its row. `frame_to_page` counts from that first picture. `missed` anomalies had no alert, `extra` alerts no
anomaly of their own.

The Eye only reads the script off the picture: what another Eye takes to look, in a worker that is not late, comes on
top. Cameras, clients and browser run on the same machine; `load` says how busy it was with other things before.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Any

from playwright.sync_api import Page
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from tests.support.browser import log_in, open_browser
from tests.support.instance import Instance, running_vigil
from tests.support.scripted import EYE, PERIOD, anomaly_began, running_cameras

SETTLING_SECONDS = 35.0
"""One whole period: what the processes do at their start is not what is measured."""
GRACE_SECONDS = 8.0
"""An anomaly that began later than this before the end need not have its alert yet."""

OBSERVE = """() => {
    window.drawn = {};
    const note = () => requestAnimationFrame(() => setTimeout(() => {
        for (const row of document.querySelectorAll('[data-event]'))
            window.drawn[row.dataset.event] ??= Date.now() / 1000;
    }));
    new MutationObserver(note).observe(document.body, {childList: true, subtree: true});
    note();
}"""
"""Notes for each row of the list when it had been painted: after the next frame, in the task behind it."""

Anomaly = tuple[int, int]
"""Camera, and when it began in whole seconds."""


@dataclass(frozen=True, slots=True)
class Alert:
    """An alert as the socket brought it."""

    arrived: float
    """Seconds since 1970."""
    camera: int
    started_at: float


class Listener(Thread):
    """A client of `/ws/events`."""

    def __init__(self, vigil: Instance) -> None:
        super().__init__(daemon=True)
        address = vigil.url.replace("http://", "ws://") + "/ws/events"
        self._socket: ClientConnection = connect(address, additional_headers={"Authorization": f"Bearer {vigil.token}"})
        self.alerts: dict[str, Alert] = {}

    def run(self) -> None:
        try:
            for text in self._socket:
                self._take(json.loads(text), time.time())
        except ConnectionClosed:
            pass

    def close(self) -> None:
        """Hang up."""
        self._socket.close()
        self.join()

    def _take(self, message: Mapping[str, Any], arrived: float) -> None:
        if message["type"] == "event.changed":
            event = message["event"]
            camera = int(event["camera_name"].split()[-1]) - 1
            started_at = datetime.fromisoformat(event["started_at"]).timestamp()
            self.alerts.setdefault(event["id"], Alert(arrived, camera, started_at))


@contextmanager
def watched(folder: Path, cameras: int) -> Iterator[Instance]:
    """A Vigil that watches so many scripted cameras."""
    environment = {"VIGIL_EYE": EYE, "VIGIL_ORACLE": str(folder / "oracle")}
    with running_cameras(folder / "cameras.log") as port:
        urls = [f"http://127.0.0.1:{port}/camera/{number}" for number in range(cameras)]
        with running_vigil(folder / "vigil", urls, environment=environment) as vigil:
            vigil.wait_until_watching(cameras, seconds=120)
            yield vigil


def observe(page: Page, listener: Listener, *, seconds: float) -> dict[str, float]:
    """Lets it run; returns when the page had drawn each event, by id, seconds since 1970."""
    page.wait_for_url("**/events*")
    page.get_by_role("main").wait_for()
    page.evaluate(OBSERVE)
    listener.start()
    page.wait_for_timeout(1000 * seconds)
    drawn: dict[str, float] = page.evaluate("window.drawn")
    return drawn


def scored(oracle: Path) -> dict[Anomaly, float]:
    """When the first picture of each anomaly that was scored had been captured, seconds since 1970."""
    first: dict[Anomaly, float] = {}
    for line in oracle.read_text().splitlines():
        moment = json.loads(line)
        if moment["anomaly"]:
            key = _anomaly(moment["camera"], moment["at"])
            first[key] = min(first.get(key, moment["at"]), moment["at"])
    return first


def summary(values: Sequence[float]) -> dict[str, float]:
    """Of seconds, in milliseconds."""
    hundredths = quantiles(values, n=100, method="inclusive")
    return {"p50": round(1000 * hundredths[49]), "p99": round(1000 * hundredths[98])}


def run(*, cameras: int, seconds: float) -> dict[str, Any]:
    """Starts everything, watches for so long, and says how soon the alerts came."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="vigil-bench-")))
        vigil = stack.enter_context(watched(folder, cameras))
        page = log_in(stack.enter_context(open_browser()), vigil, path="/events")
        listener = Listener(vigil)
        began = time.time()
        drawn = observe(page, listener, seconds=SETTLING_SECONDS + seconds)
        until = time.time() - GRACE_SECONDS
        listener.close()
        first_scored = scored(folder / "oracle")
    since = began + SETTLING_SECONDS
    due = {key: at for key, at in first_scored.items() if since <= anomaly_began(key[0], at) < until}
    alerts = {_anomaly(each.camera, each.started_at): (event, each) for event, each in listener.alerts.items()}
    met = [key for key in due if key in alerts and alerts[key][0] in drawn]
    begins = {key: anomaly_began(key[0], due[key]) for key in met}
    in_time = [each for each in listener.alerts.values() if since <= each.started_at < until]
    pages = {key: drawn[alerts[key][0]] for key in met}
    return {
        "anomalies": len(due),
        "missed": len(due) - len(met),
        "extra": len(in_time) - len({_anomaly(each.camera, each.started_at) for each in in_time}),
        "scored": summary([due[key] - begins[key] for key in met]),
        "socket": summary([alerts[key][1].arrived - begins[key] for key in met]),
        "page": summary([pages[key] - begins[key] for key in met]),
        "frame_to_page": summary([pages[key] - due[key] for key in met]),
        "cameras": cameras,
    }


def _anomaly(camera: int, at: float) -> Anomaly:
    return camera, round(anomaly_began(camera, at))


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="vigil bench alerts", description=__doc__)
    parser.add_argument("--json", action="store_true", help="end with one line of JSON")
    parser.add_argument("--cameras", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=10 * PERIOD, help=f"one anomaly per camera in {PERIOD:g}")
    options = parser.parse_args()
    load = round(os.getloadavg()[0], 1)
    report = run(cameras=options.cameras, seconds=options.seconds) | {"cores": os.cpu_count(), "load": load}
    if options.json:
        print(json.dumps(report))  # noqa: T201
        return 0
    for stage in ("scored", "socket", "page", "frame_to_page"):
        print(f"{stage:14} {report[stage]['p50']:6} ms, p99 {report[stage]['p99']:6} ms")  # noqa: T201
    print(f"{report['anomalies']} anomalies, {report['missed']} missed, {report['extra']} extra alerts")  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
