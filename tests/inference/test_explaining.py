"""From pictures to the API: what an operator sees of an event explains it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from cameras.assignments import Assignment
from cameras.models import Camera, Lease
from events.records import EventRecord
from inference import sink
from inference.clocks import DatabaseClock
from inference.device import CPU
from inference.evidence import Evidence
from inference.picturing import Picturing
from inference.scribe import Scribe
from inference.seats import Seat
from inference.station import WorkerStation
from project.accounts.models import User
from tests.inference.fakes import FakeClock
from tests.inference.watching import Watch
from tests.support.scenes import FPS, SIZE, WALKERS, Thing, day

LEARNED = 80.0
RUNNER = Thing(60, 14.0)


class Desk:
    """What a camera's scribe writes down and stores, as in a worker but at once."""

    def __init__(self, camera: Camera, folder: Path) -> None:
        Lease.objects.filter(camera=camera).update(owner="a", epoch=1)
        clock, nobody = FakeClock(), None
        self.evidence, self.records = Evidence(clock), list[EventRecord]()
        parts: dict[str, Any] = {"writer": self, "evidence": self.evidence, "live": nobody, "clock": clock}
        station = WorkerStation(
            device=CPU,
            model_bytes=1 << 30,
            footage_dir=folder,
            scratch_dir=folder,
            allowed_networks=(),
            keep_seconds=86_400.0,
            **parts,
        )
        database_clock = DatabaseClock(clock)
        database_clock.set(5000.0, clock.boottime())
        seat = Seat(Assignment(camera.pk, 1, "running", settings_version=1, memory_version=0))
        self.scribe = Scribe(seat, database_clock, station)

    def add(self, record: EventRecord) -> None:
        self.records.append(record)

    def clear(self) -> None:
        """Store what waits, and write down what there is."""
        while not self.evidence.flush(timeout=0):
            self.evidence.step()
        sink.write_records(self.records)


def redness(jpeg: bytes) -> NDArray[np.float64]:
    picture = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None
    red: NDArray[np.float64] = picture[..., 2].astype(np.float64) - picture[..., 0]
    return red


def test_an_event_shows_where_it_was_and_what_is_usual(
    camera: Camera, media: Path, tmp_path: Path, api: Any, viewer: User
) -> None:
    desk, watch, first = Desk(camera, tmp_path), Watch(), int(LEARNED * FPS)
    watch.show(day(LEARNED))
    pictures = day(6.0, (*WALKERS, RUNNER), first=first)
    opened = watch.show(pictures)[0]
    picturing = Picturing(desk.scribe)
    assert picturing.wants(opened)
    desk.scribe.write(opened, trace="")
    jpeg = bytes(cv2.imencode(".jpg", pictures[opened.sequence - first])[1])
    picturing.keep(opened.event_id, jpeg, opened.at, watch.normality)
    desk.clear()

    client = api(viewer)
    event = client.get(f"/api/v1/events/{opened.event_id}/").json()
    assert event["reasons"]
    assert len(event["usual"]) == 3
    glow = redness(b"".join(client.get(event["heat"]).streaming_content)) - redness(jpeg)
    left, top, right, bottom = event["box"]
    column, row = round((left + right) / 2 * SIZE[0]), round((top + bottom) / 2 * SIZE[1])
    assert glow[row, column] > 50
    assert glow[SIZE[1] * 3 // 4 :].mean() == pytest.approx(0.0, abs=3.0), "nobody was at the bottom"
    usual = {b"".join(client.get(url).streaming_content) for url in event["usual"]}
    assert usual <= {picture.jpeg for picture in watch.normality.usual.kept}
