"""The camera loop and its recordings: what it stores under its epoch, and what it tells people."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from events.segments import Segment
from inference.capture.messages import CaptureSettings, Rate, RecordingLost
from inference.capture.segment_files import SegmentFile
from inference.loop import CameraLoop
from inference.scribe import Scribe
from inference.types import CameraSettings
from tests.inference.fakes import assignment
from tests.inference.loop_bench import CAMERA, SETTINGS, Bench, FakeStation

RECORDED = replace(SETTINGS, recording="always")


class RecordedStation(FakeStation):
    """Has what is wanted recorded."""

    folder: Path

    def capture_settings(self, settings: CameraSettings) -> CaptureSettings:
        folder = self.folder if settings.recording != "off" else None
        return replace(super().capture_settings(settings), segments_dir=folder)


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    bench = Bench(epoch=7)
    station = RecordedStation(bench.clock)
    station.folder, station.settings = tmp_path / "segments", RECORDED
    station.folder.mkdir()
    bench.station = station
    scribe = Scribe(bench.seat, bench.loop._scribe._database_clock, station)
    bench.loop = CameraLoop(bench.seat, RECORDED, (), station, scribe)
    return bench


def finished(bench: Bench, tmp_path: Path, *, ago: float) -> SegmentFile:
    """A segment of ten seconds that the capture process finished so long ago."""
    ended = round((bench.clock.wall() - ago) * 1000)
    file = SegmentFile(ended - 10_000, ended, "h264", True, 1)
    file.path(tmp_path / "segments").write_bytes(b"mp4")
    return file


def test_a_finished_segment_is_stored_under_the_epoch(bench: Bench, tmp_path: Path) -> None:
    file = finished(bench, tmp_path, ago=4.0)
    bench.see(200, 6)
    assert bench.station.segments == [Segment(CAMERA, 7, file.started, file.ended, "h264", True, True)]
    assert list((tmp_path / "segments").iterdir()) == []


def test_what_is_finished_when_the_loop_ends_is_stored(bench: Bench, tmp_path: Path) -> None:
    finished(bench, tmp_path, ago=0.0)
    bench.seat.end("handover")
    bench.loop.close()
    assert len(bench.station.segments) == 1


def test_a_lost_camera_stores_nothing_more(bench: Bench, tmp_path: Path) -> None:
    finished(bench, tmp_path, ago=0.0)
    bench.seat.end("lost")
    bench.loop.close()
    assert bench.station.segments == []
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_people_are_told_what_is_lost_and_what_is_sent(bench: Bench) -> None:
    bench.say(Rate(250_000.0), RecordingLost("the disk is full"))
    bench.see(0, 1)
    assert bench.seat.status
    assert bench.seat.status.bytes_per_second == 250_000.0
    assert bench.seat.status.detail == "Recordings are being lost: the disk is full."
    assert bench.seat.status.state == "watching"


def test_recording_ends_when_it_is_switched_off(bench: Bench, tmp_path: Path) -> None:
    finished(bench, tmp_path, ago=0.0)
    bench.station.settings = replace(SETTINGS, version=2)
    bench.seat.assignment = assignment(1, epoch=7, settings_version=2)
    bench.see(0, 6)
    assert len(bench.station.segments) == 1
    assert bench.station.captures[0].closed
    finished(bench, tmp_path, ago=9.0)
    bench.see(0, 10)
    assert len(bench.station.segments) == 1
