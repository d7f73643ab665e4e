"""A busy and a quiet camera end with different memories: what is normal before one alarms before the other."""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from inference.device import CPU, limit_threads
from inference.eye.motion import MotionEye
from inference.learn import read_frames
from inference.memory import DensityMemory
from inference.memory.attributes import PLACE
from inference.types import Decision, Features, Window
from tests.inference.watching import SETTINGS, Watch, opened
from tests.support.scenes import WALKERS, Thing, day

CROWD = (*WALKERS, Thing(62, 2.6, start=480.0, colour=(60, 60, 60)))
"""Before the busy camera: people on the path at the top, one after the other."""
GARDENER = (Thing(140, 1.5, colour=(70, 130, 60)),)
"""Before the quiet one, at the same place: one person, at the bottom."""
LEARNED, SHOWN = 64.0, 6.0
BUSY, QUIET = "vtest.avi", "retail-1080p-hevc.mp4"
"""A campus that many people cross in all directions, and a corner of a shop."""


def shown(watch: Watch, things: tuple[Thing, ...]) -> list[Decision]:
    """What opens while these go on."""
    return opened(watch.show(day(SHOWN, things, first=len(watch.judgements))))


def test_what_is_every_day_before_one_camera_alarms_before_another_at_the_same_place() -> None:
    busy, quiet = Watch(), Watch()
    for camera, things in ((busy, CROWD), (quiet, GARDENER)):
        assert not opened(camera.show(day(LEARNED, things)))
        assert camera.normality.progress == 1.0
        assert not shown(camera, things)
    for camera, things in ((busy, GARDENER), (quiet, CROWD)):
        event = shown(camera, things)[0]
        assert event.category == "unusual"
        assert PLACE in {reason.attribute for reason in event.reasons}


@cache
def seen(path: Path) -> list[Features]:
    """What the default eye sees of a recording at the rate of a camera."""
    limit_threads(CPU)
    frames, eye = [frame for frame, _ in read_frames(path, SETTINGS)], MotionEye(CPU)
    return [eye.look([Window(pair)])[0] for pair in pairwise(frames)]


def learned(moments: list[Features]) -> DensityMemory:
    """For as long as a camera learns before it watches, again and again where the footage is shorter."""
    memory = DensityMemory()
    while memory.progress < 1.0:
        for moment in moments:
            memory.learn([moment])
    return memory


@pytest.mark.nightly
def test_a_campus_is_stranger_to_a_shop_than_the_shop_itself_and_the_other_way_round(footage: Path) -> None:
    """Of the things in the picture alone, not of the view, which tells at once.

    No more: the shop has ten seconds to learn from, after which "never seen" says little (`inference.memory.visits`).
    """
    halves = {}
    for name in (BUSY, QUIET):
        moments = seen(footage / "videos" / name)
        halves[name] = moments[: len(moments) // 2], moments[len(moments) // 2 :]
    memories = {name: learned(first) for name, (first, _) in halves.items()}
    assert len(memories[BUSY].to_bytes()) > 1.5 * len(memories[QUIET].to_bytes())
    for name, other in ((BUSY, QUIET), (QUIET, BUSY)):
        home, away = (
            float(np.mean([memories[name].score(moment).surprise for moment in halves[where][1]]))
            for where in (name, other)
        )
        assert away > 1.5 * home, (name, home, away)
