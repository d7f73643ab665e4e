"""A false alarm on pictures, through the default eye: something fast on the path, again and again."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from inference.memory.feedback import Feedback
from inference.stored import FeatureLog, StoredFeatures
from tests.inference.watching import Watch, opened
from tests.support.scenes import SIZE, WALKERS, Thing, day

RUNNER = Thing(60, 14.0)
OTHERS = [
    pytest.param(Thing(140, 14.0), id="where-nobody-goes"),
    pytest.param(Thing(100, 14.0), id="below-the-path"),
    pytest.param(Thing(50, 14.0, width=70, height=44, colour=(20, 20, 230)), id="vehicle-on-the-path"),
    pytest.param(Thing(40, 12.0, width=40, height=80), id="giant-on-the-path"),
]


class Path:
    """A watched path on which, now and then, something crosses the picture."""

    def __init__(self) -> None:
        self.watch, self.random = Watch(), Random(0)
        self.watch.show(day(80.0))

    def events(self, thing: Thing) -> int:
        """How many open while it crosses and until it is quiet again."""
        now = len(self.watch.judgements)
        start = (self.random.uniform(-10, 10) - thing.speed * now) % (2 * (SIZE[0] - thing.width))
        crossing = day(3.6, (*WALKERS, replace(thing, start=start)), first=now)
        return len(opened(self.watch.show([*crossing, *day(7.4, first=now + len(crossing))])))

    def trail(self) -> StoredFeatures:
        """What the loop would have kept of the last event."""
        log, kept = FeatureLog(self.watch.eye.fingerprint, 0), b""
        for judgement, decisions in self.watch.decided:
            log.see(judgement)
            for decision in decisions:
                kept = log.told(decision) or kept
        return StoredFeatures.from_bytes(kept)


@pytest.fixture(scope="module")
def path() -> Path:
    """It alarmed for a runner once, which was called a false alarm."""
    path = Path()
    assert path.events(RUNNER) == 1
    path.watch.normality.forgive(Feedback([path.trail().trail]))
    return path


def test_repeats_fall_by_nine_tenths(path: Path) -> None:
    assert sum(path.events(RUNNER) for _ in range(10)) <= 1


@pytest.mark.parametrize("thing", OTHERS)
def test_other_things_still_alarm(path: Path, thing: Thing) -> None:
    assert path.events(thing) == 1
