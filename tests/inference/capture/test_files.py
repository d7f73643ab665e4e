from __future__ import annotations

import time
from itertools import pairwise
from pathlib import Path
from statistics import median

from inference.capture.messages import Analysed, Live, Lost, Opened, SnapshotDone
from tests.inference.capture.conftest import Watch, during, until
from tests.support.footage import decoded, number_of, record

MIDDLE = ((0.3, 0.1), (0.7, 0.1), (0.7, 0.6), (0.3, 0.6))


def test_a_recording_is_watched_in_real_time_at_the_analysis_rate(watch: Watch, footage: Path) -> None:
    capture = watch(footage)
    opened = until(capture, Opened)
    assert (opened.codec, opened.width, opened.height, opened.fps) == ("h264", 320, 240, 25.0)
    frames = [until(capture, Analysed).frame for _ in range(15)]
    for a, b in pairwise(frames):  # one that the parent was too late for has a number too
        assert (number_of(b.pixels) - number_of(a.pixels)) % 100 == 5 * (b.sequence - a.sequence)
    paces = [(b.at - a.at) / (b.sequence - a.sequence) for a, b in pairwise(frames)]
    assert 0.15 < median(paces) < 0.25
    assert frames[-1].at - frames[0].at > 2.5


def test_a_recording_plays_over_and_over(watch: Watch, tmp_path: Path) -> None:
    capture = watch(record(tmp_path / "short.mp4", seconds=1.0, b_frames=2))
    numbers = [number_of(until(capture, Analysed).frame.pixels) for _ in range(12)]
    assert sum(b < a for a, b in pairwise(numbers)) >= 2
    assert max(numbers) < 25


def test_live_pictures_are_made_only_while_somebody_watches(watch: Watch, footage: Path) -> None:
    capture = watch(footage)
    until(capture, Analysed)
    assert not [m for m in during(capture, 0.6) if isinstance(m, Live)]
    capture.want_live(10)
    live = [until(capture, Live) for _ in range(16)]
    assert 0.07 < median(b.monotonic - a.monotonic for a, b in pairwise(live)) < 0.15
    assert decoded(live[-1].jpeg).shape == (240, 320, 3)
    capture.want_live(0)
    during(capture, 1.0)
    assert not [m for m in during(capture, 0.6) if isinstance(m, Live)]


def test_a_snapshot_is_of_the_frame_asked_for(watch: Watch, tmp_path: Path) -> None:
    capture = watch(record(tmp_path / "large.mp4", size=(640, 480)))
    until(capture, Analysed)
    wanted = until(capture, Analysed).frame
    until(capture, Analysed)
    capture.snapshot("s", wanted.sequence)
    done = until(capture, SnapshotDone)
    picture = decoded(done.jpeg)
    assert picture.shape == (480, 640, 3)
    assert done.at == wanted.at
    assert int(picture[240 + 100, 320, 0]) > 60
    assert wanted.pixels.shape == (240, 320, 3)


def test_masks_are_black_in_all_that_leaves(watch: Watch, footage: Path) -> None:
    capture = watch(footage, masks=(MIDDLE,))
    capture.want_live(5)
    analysed = until(capture, Analysed).frame
    live = until(capture, Live)
    capture.snapshot("s", analysed.sequence)
    snapshot = until(capture, SnapshotDone)
    for picture in (analysed.pixels, decoded(live.jpeg), decoded(snapshot.jpeg)):
        assert picture[30:140, 100:220].max() <= 12
        assert picture[160:200, 100:220].mean() > 80


def test_the_newest_frame_wins_when_the_parent_is_late(watch: Watch, footage: Path) -> None:
    capture = watch(footage, analysis_fps=25.0)
    first = until(capture, Analysed)
    time.sleep(1.5)  # the parent is busy elsewhere
    until(capture, Analysed)  # this one was half in the pipe already
    late = until(capture, Analysed)
    assert late.frame.sequence - first.frame.sequence > 20
    assert late.dropped >= 15
    assert time.monotonic() - late.frame.monotonic < 1.0, "the oldest in the pipe is 1.5 s old"


def test_a_file_outside_the_footage_folder_is_refused_again_by_the_child(watch: Watch, footage: Path) -> None:
    capture = watch(footage.parent / ".." / ".." / "etc" / "passwd")
    lost = until(capture, Lost)
    assert lost.state == "failed"
    assert "outside the footage folder" in lost.detail or "no video" in lost.detail


def test_a_sub_stream_is_analysed_while_pictures_come_from_the_main_stream(watch: Watch, tmp_path: Path) -> None:
    main = record(tmp_path / "main.mp4", size=(960, 720), gop=12)
    sub = record(tmp_path / "sub.mp4", size=(320, 240), level=60)
    capture = watch(main, analysis_source=str(sub))
    assert until(capture, Opened).width == 960
    frame = until(capture, Analysed, where=lambda m: m.frame.sequence >= 5).frame
    assert frame.pixels.shape == (240, 320, 3)
    assert 50 < frame.pixels[200, 160].mean() < 70
    capture.want_live(5)
    assert decoded(until(capture, Live).jpeg).shape == (720, 960, 3)
    capture.snapshot("s", frame.sequence)
    assert decoded(until(capture, SnapshotDone).jpeg).shape == (720, 960, 3)
