"""Real cameras' footage, where it is at hand: `VIGIL_DATA` names its folder."""

from __future__ import annotations

import os
from pathlib import Path

import av
import pytest

from inference.capture.messages import Analysed, ClipDone, Opened
from tests.inference.capture.conftest import Watch, until
from tests.support.footage import pictures

CLOCKS = 0.005
"""Seconds: the wall clock and the monotonic one are read one after the other."""
LATE = 0.3
"""Seconds that a packet may come late on a busy machine: on the clip's own timeline its picture is in time."""
DATA = Path(os.environ.get("VIGIL_DATA", "/nonexistent")) / "videos"


@pytest.mark.skipif(not DATA.is_dir(), reason="no data")
@pytest.mark.parametrize(
    ("name", "codec", "shape", "transcoded"),
    [
        ("retail-1080p-hevc.mp4", "hevc", (180, 320, 3), True),
        ("vtest.avi", "msmpeg4", (240, 320, 3), True),
        ("one-by-one-person-detection.mp4", "h264", (180, 320, 3), False),
    ],
)
def test_real_footage_gives_clips_that_play(
    watch: Watch, name: str, codec: str, shape: tuple[int, ...], transcoded: bool
) -> None:
    capture = watch(DATA / name, pre_roll=1.0, post_roll=1.0)
    assert until(capture, Opened).codec == codec
    frame = until(capture, Analysed, where=lambda m: m.frame.sequence >= 10).frame
    assert frame.pixels.shape == shape
    assert frame.pixels.std() > 10
    capture.begin_clip("clip", frame.at)
    capture.end_clip("clip", frame.at)
    done = until(capture, ClipDone, 90)
    assert done.transcoded is transcoded
    assert done.started_at <= frame.at - 1.0 + CLOCKS
    assert done.started_at + done.seconds >= frame.at + 1.0 - LATE
    assert len(list(pictures(done.path))) >= 15
    with av.open(str(done.path)) as container:
        assert container.streams.video[0].codec.name == "h264"
        assert len(container.streams) == 1
