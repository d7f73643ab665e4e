"""The most unusual moments, and how they are shown."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from inference.evaluation.moments import Moment, apart
from inference.evaluation.recording import Recording, picture_at
from inference.evaluation.sheet import draw_sheet
from inference.evaluation.wording import clock, span, why
from inference.types import Box, Reason
from tests.inference.watching import SETTINGS
from tests.support.footage import number_of, record

MOMENT = Moment(
    Path("gate.mp4"), 2.0, 2.0, 1.5, False, Box(0.2, 0.2, 0.4, 0.4), (Reason("speed", 2.0, "moves fast " * 20),)
)


@pytest.fixture(scope="module")
def video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its pictures carry their numbers."""
    return record(tmp_path_factory.mktemp("moments") / "gate.ts", seconds=4.0, b_frames=2)


def test_moments_lie_apart_but_in_different_videos() -> None:
    other = replace(MOMENT, video=Path("yard.mp4"))
    ranked = [MOMENT, replace(MOMENT, seconds=6.9), other, replace(MOMENT, seconds=7.0), replace(MOMENT, seconds=50.0)]
    assert apart(ranked, 3) == [MOMENT, other, replace(MOMENT, seconds=7.0)]


def test_a_recording_begins_at_zero_whatever_its_clock_says(video: Path) -> None:
    recording = Recording(video, replace(SETTINGS, analysis_fps=5.0), began=1000.0)
    shots = list(recording.shots())
    assert recording.pictures == 100
    assert recording.size == (320, 240)
    assert [shot.number for shot in shots] == list(range(0, 100, 5))
    assert [shot.seconds for shot in shots] == pytest.approx(np.arange(20) / 5)
    assert recording.times == [shot.seconds for shot in shots]
    assert [shot.frame.monotonic for shot in shots] == pytest.approx(1000.0 + np.arange(20) / 5)
    assert [number_of(shot.frame.pixels) for shot in shots] == [shot.number for shot in shots]
    assert 0.4 < shots[10].share < 0.6


def test_the_very_picture_is_found_again(video: Path) -> None:
    for number in (0, 37, 99):
        picture = picture_at(video, number / 25)
        assert picture is not None
        assert number_of(np.asarray(picture.to_ndarray(format="bgr24"), np.uint8)) == number
    assert picture_at(video, 60.0) is None
    assert picture_at(video.with_name("gone.mp4"), 1.0) is None


def test_a_sheet_marks_the_region_and_survives_a_video_that_is_gone(video: Path, tmp_path: Path) -> None:
    sheet = tmp_path / "unusual.png"
    draw_sheet(sheet, [replace(MOMENT, video=video), replace(MOMENT, box=None, reasons=())], "Gate")
    pixels = cv2.imread(str(sheet))
    assert pixels is not None
    red = (pixels == (48, 48, 211)).all(axis=2)
    assert red[:, : pixels.shape[1] // 3].sum() > 200
    draw_sheet(sheet, [], "Nothing at all")
    assert cv2.imread(str(sheet)) is not None


def test_what_is_within_the_normal_range_is_not_called_unlike_anything() -> None:
    outside, inside = Reason("speed", 1.5, "moves fast"), Reason("view", 0.4, "is unlike anything")
    assert why([outside, inside]) == "moves fast"
    assert why([inside]) == "within what is normal here, the picture as a whole nearest to its edge"
    assert why([]) == "unusual as a whole"


def test_times_and_spans_in_words() -> None:
    assert [clock(seconds) for seconds in (0.0, 59.96, 83.4, 3723.4)] == ["0:00.0", "1:00.0", "1:23.4", "1:02:03.4"]
    assert [span(seconds) for seconds in (42.0, 720.0, 12_600.0)] == ["42 s", "12 minutes", "3.5 hours"]
