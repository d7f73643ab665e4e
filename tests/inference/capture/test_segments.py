"""Everything a camera sends is in its segments, each picture once, whatever ends the process that writes them."""

from __future__ import annotations

import os
import shutil
import time
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import pytest

from inference.capture.client import Capture
from inference.capture.clipper import ENCODER, Transcode
from inference.capture.messages import Analysed, CaptureSettings, Lost, Rate, RecordingLost
from inference.capture.ring import Entry
from inference.capture.segment_files import SegmentFile, finish_cut, salvage, whole_segments
from inference.capture.segments import Copied
from inference.capture.source import Source
from inference.capture.timeline import TICKS, Stamp
from tests.inference.capture.conftest import Watch, during, until
from tests.support.clips import cut
from tests.support.disks import small_file_system
from tests.support.footage import number_of, pictures, record
from tests.support.rtsp import RtspCamera

MIDDLE = ((0.3, 0.1), (0.7, 0.1), (0.7, 0.6), (0.3, 0.6))


def settings(folder: Path, **more: Any) -> dict[str, Any]:
    return {"segments_dir": folder / "segments", "segment_seconds": 2.0, **more}


def segments(capture: Capture, folder: Path, least: int, seconds: float = 40.0) -> list[SegmentFile]:
    """At least so many whole ones."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        during(capture, 0.3)
        if len(found := whole_segments(folder / "segments")) >= least:
            return found
    raise AssertionError(f"only {len(whole_segments(folder / 'segments'))} segments in {seconds} s")


def numbers(folder: Path, files: list[SegmentFile]) -> list[int]:
    """Of all their pictures, in their order."""
    return [number_of(picture) for file in files for _, picture in pictures(file.path(folder / "segments"))]


def test_a_camera_over_rtsp_is_recorded_without_a_gap(watch: Watch, tmp_path: Path, footage: Path) -> None:
    with RtspCamera(tmp_path / "camera", footage) as camera:
        capture = watch(camera.url, **settings(tmp_path))
        files = segments(capture, tmp_path, 4)
        rate = until(capture, Rate).bytes_per_second
    assert {(file.codec, file.playable) for file in files} == {("h264", True)}
    shown = numbers(tmp_path, files)
    assert {(b - a) % 100 for a, b in pairwise(shown)} == {1}, "every picture once, from one segment to the next"
    assert len(shown) >= 4 * 50
    sent = 0
    for file, after in pairwise(files):
        assert file.ended == after.started
        with av.open(str(file.path(tmp_path / "segments"))) as container:
            packets = [packet for packet in container.demux(video=0) if packet.size]
        assert packets[0].is_keyframe
        sent += sum(packet.size for packet in packets)
        base = packets[0].time_base
        assert (packets[0].pts, packets[0].dts) == (0, 0)
        length = float((packets[-1].pts + packets[-1].duration) * base)  # type: ignore[operator]
        assert length == pytest.approx((file.ended - file.started) / 1000, abs=0.3)
    assert rate == pytest.approx(1000 * sent / (files[-1].started - files[0].started), rel=0.25)


def test_pictures_that_are_sent_out_of_order_are_all_there(watch: Watch, tmp_path: Path) -> None:
    footage = record(tmp_path / "long.mp4", gop=50, b_frames=2)
    files = segments(watch(footage, **settings(tmp_path)), tmp_path, 3)
    assert {(b - a) % 100 for a, b in pairwise(numbers(tmp_path, files))} == {1}


@pytest.mark.parametrize(("name", "codec"), [("scene.mp4", "libx265"), ("scene.avi", "mjpeg")], ids=["hevc", "mjpeg"])
def test_what_no_browser_shows_is_recorded_and_marked(watch: Watch, tmp_path: Path, name: str, codec: str) -> None:
    files = segments(watch(record(tmp_path / name, codec=codec), **settings(tmp_path)), tmp_path, 2)
    assert {(file.codec, file.playable) for file in files} == {("hevc" if codec == "libx265" else codec, False)}
    assert {(b - a) % 100 for a, b in pairwise(numbers(tmp_path, files))} == {1}


def test_nothing_masked_reaches_a_segment(watch: Watch, tmp_path: Path, footage: Path) -> None:
    capture = watch(footage, **settings(tmp_path, masks=(MIDDLE,)))
    files = segments(capture, tmp_path, 3, seconds=90)
    assert {(file.codec, file.playable) for file in files} == {("h264", True)}
    for file, after in pairwise(files):
        assert abs(after.started - file.ended) < 300
        shown = [picture for _, picture in pictures(file.path(tmp_path / "segments"))]
        assert len(shown) > 20
        assert all(picture[30:140, 100:220].max() <= 24 for picture in shown)
    steps = [(b - a) % 100 for a, b in pairwise(numbers(tmp_path, files))]
    assert max(steps) <= 4, "fifteen pictures a second"


@pytest.mark.parametrize("masks", [(), (MIDDLE,)], ids=["copied", "masked"])
def test_a_killed_capture_loses_no_more_than_a_moment(
    watch: Watch, tmp_path: Path, footage: Path, masks: tuple[Any, ...]
) -> None:
    capture = watch(footage, **settings(tmp_path, masks=masks, segment_seconds=60.0))
    until(capture, Analysed, where=lambda message: message.frame.sequence >= 20)
    assert capture.running is not None
    killed = time.time()
    os.kill(capture.running, 9)
    until(capture, Lost)
    folder = tmp_path / "segments"
    deadline = time.monotonic() + 20
    while not whole_segments(folder) and time.monotonic() < deadline:
        during(capture, 0.2)
        salvage(folder, running=capture.running, older_than=time.time() - 2.0)
    (file,) = whole_segments(folder)[:1]
    assert killed - 2.5 < file.ended / 1000 < killed + 1.0
    shown = numbers(tmp_path, [file])
    assert len(shown) >= 25
    assert not [path for path in folder.glob("*.part") if path.name.endswith(f"-{file.pid}.part")]


@pytest.mark.parametrize("hours", [-1, 1])
def test_a_clock_that_is_set_changes_the_length_of_no_segment(tmp_path: Path, footage: Path, hours: int) -> None:
    """Its name is what a day's list and the search for an event's recordings go by."""
    capture = CaptureSettings(footage.name, footage.parent, tmp_path, segments_dir=tmp_path, segment_seconds=2.0)
    recording = Copied(capture, print)
    recording.reopened(Source(footage.name, capture))
    with av.open(str(footage)) as container:
        for number, packet in enumerate(each for each in container.demux(video=0) if each.size):
            passed = number / 25
            at = 1_700_000_000.0 + passed + (hours * 3600 if passed > 1 else 0)
            recording.take(Entry(packet, Stamp(at, 100.0 + passed, number * TICKS // 25, None)))
        recording.close(20.0)
    lengths = [file.ended - file.started for file in whole_segments(tmp_path)]
    assert len(lengths) == 2
    assert set(lengths[:1] if hours > 0 else lengths[1:]) == {2000}, "the other one ends as the process does"


def test_what_is_whole_is_kept_of_a_masked_segment_that_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "segments"
    folder.mkdir()
    part = SegmentFile(1_000, 0, "h264", True, 1)

    def fail(_: Transcode) -> None:
        raise OSError("the encoder")

    monkeypatch.setattr(Transcode, "finish", fail)
    with pytest.raises(OSError, match="the encoder"):
        cut(record(tmp_path / "long.mp4", seconds=24.0), 0.0, 24.0, part.path(folder), copy=False, segment=True)
    finish_cut(folder, part, 25.0)
    (file,) = whole_segments(folder)
    assert len(numbers(tmp_path, [file])) >= 200


def test_of_a_masked_segment_whose_process_is_killed_all_but_some_seconds_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However far apart its key frames are: nothing but the first is one here."""
    part, left = SegmentFile(1_000, 0, "h264", True, 1), tmp_path / "left"
    left.mkdir()
    finish = Transcode.finish

    def leave(writer: Transcode) -> tuple[float, float]:
        shutil.copyfile(part.path(tmp_path), part.path(left))  # what a kill would leave
        return finish(writer)

    monkeypatch.setattr(Transcode, "finish", leave)
    monkeypatch.setitem(ENCODER, "sc_threshold", "0")
    footage = record(tmp_path / "long.mp4", seconds=15.0)
    cut(footage, 0.0, 15.0, part.path(tmp_path), copy=False, segment=True)
    finish_cut(left, part, 15.0)
    (file,) = whole_segments(left)
    assert len(list(pictures(file.path(left)))) >= 10 * 12.5


def test_a_part_without_a_whole_picture_is_removed(tmp_path: Path) -> None:
    part = SegmentFile(1000, 0, "h264", True, 1)
    part.path(tmp_path).write_bytes(b"\0\0\0\x10ftypisom\0\0\0\0\0\0\1\0mdat")
    salvage(tmp_path, running=1, older_than=time.time() + 1)
    assert part.path(tmp_path).exists(), "its process may still write it"
    salvage(tmp_path, running=None, older_than=time.time() + 1)
    assert list(tmp_path.iterdir()) == []


def test_a_camera_that_is_not_recorded_leaves_nothing(watch: Watch, tmp_path: Path, footage: Path) -> None:
    capture = watch(footage)
    until(capture, Analysed, where=lambda message: message.frame.sequence >= 10)
    assert not (tmp_path / "scratch").exists() or not list((tmp_path / "scratch").iterdir())


def test_a_folder_that_takes_no_file_costs_the_recording_only(watch: Watch, tmp_path: Path, footage: Path) -> None:
    (tmp_path / "segments").write_text("a file, no folder")
    capture = watch(footage, **settings(tmp_path))
    assert "cannot be written" in until(capture, RecordingLost).reason
    until(capture, Analysed, where=lambda message: message.frame.sequence >= 20)


def test_a_full_disk_costs_what_does_not_fit_and_is_told(watch: Watch, tmp_path: Path, footage: Path) -> None:
    with small_file_system(tmp_path / "small", "1m") as small:
        folder = small / "segments"
        capture = watch(footage, segments_dir=folder, segment_seconds=2.0)
        segments(capture, small, 1)
        with (small / "filler").open("wb", buffering=0) as filler, suppress(OSError):
            while filler.write(bytes(4096)):
                pass
        filled = time.monotonic()
        assert until(capture, RecordingLost).reason == "the disk is full"
        assert time.monotonic() - filled < 10
        until(capture, Analysed, where=lambda message: message.frame.sequence >= 60)
        for file in (before := whole_segments(folder)):
            assert list(pictures(file.path(folder))), "each is of use as far as it goes"
        (small / "filler").unlink()
        later = segments(capture, small, len(before) + 2)
        assert {(b - a) % 100 for a, b in pairwise(numbers(small, later[-2:]))} == {1}
        capture.close()
