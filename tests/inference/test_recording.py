"""Which segments of a camera are kept, and what people are told when none can be."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from inference.capture.segment_files import SegmentFile
from inference.recording import Recordings
from inference.types import CameraSettings, Features, Zone
from tests.inference.fakes import FakeClock
from tests.inference.loop_bench import SETTINGS

MOVEMENT = replace(SETTINGS, recording="movement")
ALWAYS = replace(SETTINGS, recording="always")
LEFT = Zone("tree", "ignore", ((0.0, 0.0), (0.5, 0.0), (0.5, 1.0), (0.0, 1.0)))


class Kept:
    """A keeper that remembers, as (seconds from the start, whether something moved)."""

    def __init__(self) -> None:
        self.segments: list[tuple[int, bool]] = []
        self.full = ""

    def keep_segment(self, folder: Path, file: SegmentFile, *, moved: bool) -> None:
        file.path(folder).unlink()
        self.segments.append((file.started // 1000, moved))

    def recording_problem(self) -> str:
        return self.full


class Desk:
    """A camera's recordings, with a clock that the test turns; segments are of 10 s, from second 0 of the clock on."""

    def __init__(self, folder: Path, settings: CameraSettings) -> None:
        self.folder, self.kept, self.clock = folder, Kept(), FakeClock()
        self.recordings = Recordings(settings, folder, self.kept, self.clock)
        self.zero = int(self.clock.wall())

    def pass_by(self, *, looked: bool = True, moves: tuple[int, ...] = ()) -> None:
        """A segment passes; `moves`: its seconds in which something does."""
        start = int(self.clock.wall())
        for second in range(10):
            self.clock.advance(1.0)
            if looked:
                speed = 0.5 if second in moves else 0.0
                box = np.array([[0.6, 0.1, 0.7, 0.2]], np.float32)
                activity = {"activity": np.full((1, 1), speed, np.float32)}
                self.recordings.looked(start + second, Features(0.0, box, activity))
            self.recordings.poll(None)
        file = SegmentFile(start * 1000, (start + 10) * 1000, "h264", True, 1)
        file.path(self.folder).write_bytes(b"mp4")

    def settle(self) -> list[tuple[int, bool]]:
        """What is kept once everything is judged, in seconds from the first."""
        self.clock.advance(5.0)
        self.recordings.poll(None)
        return [(second - self.zero, moved) for second, moved in self.kept.segments]


def test_always_keeps_everything_and_says_what_moved(tmp_path: Path) -> None:
    desk = Desk(tmp_path, ALWAYS)
    desk.pass_by()
    desk.pass_by(moves=(4,))
    desk.pass_by()
    assert desk.settle() == [(0, False), (10, True), (20, False)]
    assert list(tmp_path.iterdir()) == []


def test_on_movement_what_moves_is_kept_with_what_came_before(tmp_path: Path) -> None:
    desk = Desk(tmp_path, MOVEMENT)
    for moves in ((), (), (4,), (0,), (), (), ()):
        desk.pass_by(moves=moves)
    assert desk.settle() == [(10, False), (20, True), (30, True)]
    assert len(list(tmp_path.iterdir())) == 1, "the last one, in case something moves in the next"
    desk.recordings.close()
    assert list(tmp_path.iterdir()) == []


def test_a_segment_that_nobody_looked_at_is_kept(tmp_path: Path) -> None:
    desk = Desk(tmp_path, MOVEMENT)
    desk.pass_by()
    desk.pass_by(looked=False)
    assert desk.settle() == [(0, False), (10, True)]


def test_what_moves_where_nobody_cares_does_not_count(tmp_path: Path) -> None:
    right = replace(LEFT, polygon=((0.5, 0.0), (1.0, 0.0), (1.0, 1.0), (0.5, 1.0)))
    for zone, kept in ((LEFT, [(0, True)]), (right, [])):
        desk = Desk(tmp_path, replace(MOVEMENT, zones=(zone,)))
        desk.pass_by(moves=(1,))
        assert desk.settle() == kept


def test_what_is_cut_off_is_kept_when_the_camera_stops(tmp_path: Path) -> None:
    desk = Desk(tmp_path, ALWAYS)
    desk.pass_by()
    desk.recordings.close()
    assert len(desk.kept.segments) == 1


def test_a_clock_that_is_set_back_keeps_no_segment_waiting(tmp_path: Path) -> None:
    desk = Desk(tmp_path, ALWAYS)
    desk.pass_by()
    desk.clock.ahead = -3600.0
    assert desk.settle() == [(0, False)]


def test_a_full_disk_costs_recordings_and_is_told_at_once(tmp_path: Path) -> None:
    desk = Desk(tmp_path, ALWAYS)
    assert desk.recordings.problem == ""
    desk.kept.full = "the disk is full"
    desk.pass_by()
    assert desk.recordings.problem == "Recordings are being lost: the disk is full."
    assert desk.settle() == []
    assert list(tmp_path.iterdir()) == []
    desk.kept.full = ""
    desk.pass_by()
    assert desk.settle() == [(15, False)]
    assert desk.recordings.problem == ""


@pytest.mark.parametrize("seconds", [29.0, 31.0])
def test_what_the_capture_lost_is_told_for_half_a_minute(tmp_path: Path, seconds: float) -> None:
    desk = Desk(tmp_path, ALWAYS)
    desk.recordings.lost("the disk is too slow")
    desk.clock.advance(seconds)
    assert bool(desk.recordings.problem) is (seconds < 30)


def test_a_camera_that_is_not_recorded_has_no_problem(tmp_path: Path) -> None:
    recordings = Recordings(SETTINGS, None, Kept(), FakeClock())
    recordings.lost("the disk is full")
    recordings.poll(None)
    recordings.close()
    assert recordings.problem == ""
