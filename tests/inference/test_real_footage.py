"""The default eye on real footage: no false alarm on what goes on as before, one event for another scene."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from inference.learn import read_frames
from inference.types import Pixels
from tests.inference.watching import SETTINGS, Watch, opened

DATA = Path(os.environ.get("VIGIL_DATA", "no data"))
pytestmark = pytest.mark.skipif(not (DATA / "videos" / "vtest.avi").exists(), reason="no data")


def pictures(name: str, size: tuple[int, int] | None = None) -> Iterator[Pixels]:
    for frame, _ in read_frames(DATA / "videos" / name, SETTINGS):
        yield np.asarray(cv2.resize(frame.pixels, size), np.uint8) if size else frame.pixels


def test_a_campus_stays_quiet_until_the_camera_shows_a_shop() -> None:
    watch = Watch()
    campus = list(pictures("vtest.avi"))
    assert not opened(watch.show(campus))
    assert watch.normality.progress == 1.0
    assert not opened(watch.show(campus[: len(campus) // 2]))
    changed_at = watch.judgements[-1].at
    height, width = campus[0].shape[:2]
    events = opened(watch.show(list(pictures("retail-1080p-hevc.mp4", (width, height)))))
    assert [event.category for event in events] == ["view"]
    assert events[0].at - changed_at <= 3.0
