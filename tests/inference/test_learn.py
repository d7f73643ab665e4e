"""Learning from recordings, faster than they play."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from inference.device import CPU, limit_threads
from inference.eye.motion import MotionEye
from inference.learn import RecordingUnreadable, decode, learn_from, read_frames
from inference.memory import DensityMemory
from inference.normality import Normality
from tests.inference.watching import SETTINGS
from tests.support.footage import record


@pytest.fixture
def eye() -> MotionEye:
    limit_threads(CPU)
    return MotionEye(CPU)


@pytest.fixture
def normality(eye: MotionEye) -> Normality:
    return Normality(DensityMemory(), fingerprint=eye.fingerprint)


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    return record(tmp_path / "yard.mp4", seconds=8.0)


def test_a_recording_is_learned_at_the_rate_of_the_camera(
    eye: MotionEye, normality: Normality, recording: Path
) -> None:
    told: list[float] = []
    learn_from([recording], SETTINGS, eye, normality, told.append)
    assert normality.learned_seconds == pytest.approx(8.0, abs=0.5)
    assert told == sorted(told)
    assert told[-1] == 1.0
    assert told[0] < 1.0


def test_several_recordings_add_up_and_the_gap_between_them_does_not_count(
    eye: MotionEye, normality: Normality, recording: Path, tmp_path: Path
) -> None:
    other = record(tmp_path / "next.mkv", seconds=6.0, first=500)
    learn_from([recording, other], SETTINGS, eye, normality)
    assert normality.learned_seconds == pytest.approx(14.0, abs=1.0)


def test_frames_are_as_the_camera_would_give_them(recording: Path) -> None:
    hidden = ((0.0, 0.0), (0.5, 0.0), (0.5, 0.4), (0.0, 0.4))
    settings = replace(SETTINGS, analysis_fps=10.0, masks=(hidden,))
    frames = [frame for frame, _ in read_frames(recording, settings)]
    assert len(frames) == pytest.approx(80, abs=2)
    assert np.diff([frame.monotonic for frame in frames]) == pytest.approx(0.1, abs=0.041)
    assert frames[0].pixels.shape == (240, 320, 3)
    assert (frames[0].pixels[:90, :150] == 0).all()
    assert frames[0].pixels[:90, 170:].any()


def test_a_wide_recording_is_scaled_down(tmp_path: Path) -> None:
    wide = record(tmp_path / "wide.mp4", seconds=1.0, size=(640, 360))
    frame, _ = next(read_frames(wide, SETTINGS))
    assert frame.pixels.shape == (180, 320, 3)


def test_damage_in_the_middle_costs_no_more_than_what_it_hit(tmp_path: Path) -> None:
    recording = record(tmp_path / "worn.avi", codec="mjpeg", seconds=4.0)
    content = bytearray(recording.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 4000] = bytes(4000)
    recording.write_bytes(content)
    assert 90 <= sum(1 for _ in decode(recording)) < 100


def test_a_file_that_is_no_video_is_named(eye: MotionEye, normality: Normality, tmp_path: Path) -> None:
    broken = tmp_path / "notes.mp4"
    broken.write_text("not a video")
    with pytest.raises(RecordingUnreadable, match=r"notes\.mp4"):
        learn_from([broken], SETTINGS, eye, normality)
    with pytest.raises(RecordingUnreadable, match=r"missing\.mp4"):
        learn_from([tmp_path / "missing.mp4"], SETTINGS, eye, normality)
