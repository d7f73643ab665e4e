from __future__ import annotations

import os
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import pytest

from inference.capture.client import Capture
from inference.capture.messages import Analysed, ClipDone, ClipFailed
from tests.inference.capture.conftest import Watch, until
from tests.support.footage import number_of, pictures, record

SHORT = {"pre_roll": 1.0, "post_roll": 1.0}
MIDDLE = ((0.3, 0.1), (0.7, 0.1), (0.7, 0.6), (0.3, 0.6))


def a_clip(capture: Capture, *, after: int = 12, lasts: int = 5) -> tuple[ClipDone, list[int], list[float]]:
    """Ask for a clip of `lasts` analysed frames, once they are over; also their numbers and times."""
    frames = []
    until(capture, Analysed, where=lambda m: m.frame.sequence >= after)
    frames.append(until(capture, Analysed).frame)
    while len(frames) < lasts:
        frames.append(until(capture, Analysed).frame)
    capture.begin_clip("clip", frames[0].at)
    capture.end_clip("clip", frames[-1].at)
    done = until(capture, ClipDone, 60)
    return done, [number_of(f.pixels) for f in frames], [f.at for f in frames]


CLOCKS = 0.005
"""Seconds: the wall clock and the monotonic one are read one after the other."""
LATE = 0.3
"""Seconds that a packet may come late on a busy machine: on the clip's own timeline its picture is in time."""


def holds(done: ClipDone, numbers: list[int], times: list[float]) -> list[int]:
    """The clip shows those pictures, when they were, and what was before and after; gives all its numbers."""
    shown = [(seconds, number_of(picture)) for seconds, picture in pictures(done.path)]
    for number, at in zip(numbers, times, strict=True):
        near = min(shown, key=lambda s: abs(done.started_at + s[0] - at))
        assert abs(near[1] - number) <= 4, "a fifth of a second, the delay of B-frames included"
    assert done.started_at <= times[0] - SHORT["pre_roll"] + CLOCKS
    assert done.started_at + done.seconds >= times[-1] + SHORT["post_roll"] - LATE
    steps = [b[0] - a[0] for a, b in pairwise(shown)]
    assert min(steps) > 0
    assert max(steps) < 0.3
    return [number for _, number in shown]


def test_unmasked_h264_is_copied(watch: Watch, footage: Path) -> None:
    done, numbers, times = a_clip(watch(footage, **SHORT))
    assert not done.transcoded
    shown = holds(done, numbers, times)
    steps = [(b - a) % 100 for a, b in pairwise(shown)]
    assert steps == [1] * len(steps), "every picture once, over the loop of the recording as well"
    with done.path.open("rb") as file:
        head = file.read(64 * 1024)
    assert 0 < head.find(b"moov") < head.find(b"mdat"), "a browser can begin before it has all"


def test_a_copy_begins_at_a_key_frame_before_what_was_asked(watch: Watch, tmp_path: Path) -> None:
    done, numbers, times = a_clip(watch(record(tmp_path / "long.mp4", gop=50, b_frames=2), **SHORT))
    shown = holds(done, numbers, times)
    assert shown[0] % 50 == 0
    assert done.started_at > times[0] - SHORT["pre_roll"] - 2.2


@pytest.mark.parametrize(
    ("name", "codec", "more"),
    [
        ("scene.mp4", "libx265", {}),
        ("scene.avi", "mjpeg", {}),
        ("scene.avi", "mpeg4", {}),
        ("scene.mp4", "libx264", {"masks": (MIDDLE,)}),
    ],
    ids=["hevc", "mjpeg", "mpeg-4", "masked"],
)
def test_everything_else_becomes_h264(
    watch: Watch, tmp_path: Path, name: str, codec: str, more: dict[str, Any]
) -> None:
    done, numbers, times = a_clip(watch(record(tmp_path / name, codec=codec), **SHORT, **more))
    assert done.transcoded
    holds(done, numbers, times)
    with av.open(str(done.path)) as container:
        assert container.streams.video[0].codec.name == "h264"
        assert container.streams.video[0].pix_fmt == "yuv420p"
        assert not container.streams.audio
    assert done.started_at > times[0] - SHORT["pre_roll"] - LATE, "begins where it was asked to, not at a key frame"
    for _, picture in pictures(done.path):
        middle = picture[30:140, 100:220]
        assert bool(middle.max() <= 24) is bool(more)


def test_a_clip_is_never_longer_than_allowed(watch: Watch, footage: Path) -> None:
    capture = watch(footage, **SHORT, longest_clip=3.0)
    started = until(capture, Analysed, where=lambda m: m.frame.sequence > 8).frame.at
    for token, at in (("endless", started), ("clock-was-set", started - 3600.0)):
        capture.begin_clip(token, at)
    for done in [until(capture, ClipDone, 60) for _ in range(2)]:
        assert 2.5 < done.seconds < 4.2, done.token


def test_the_clip_of_the_moment_the_camera_dies_is_kept(watch: Watch, footage: Path) -> None:
    capture = watch(footage, **SHORT)
    frame = until(capture, Analysed, where=lambda m: m.frame.sequence > 8).frame
    capture.begin_clip("last", frame.at)
    until(capture, Analysed)
    last = until(capture, Analysed).frame
    assert capture.running is not None
    os.kill(capture.running, 9)
    done = until(capture, ClipDone, 60)
    assert done.started_at + done.seconds > last.at - 0.3
    assert len(list(pictures(done.path))) > 20


def test_no_clip_without_pictures(watch: Watch, tmp_path: Path) -> None:
    capture = watch(tmp_path / "absent.mp4")
    capture.begin_clip("none", 0.0)
    assert until(capture, ClipFailed).token == "none"
    assert list(tmp_path.rglob("*.part")) == []
