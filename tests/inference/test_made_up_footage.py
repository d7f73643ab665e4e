"""Real footage into which the test composes what never happened: learned on the first half, watched on the second.

A camera is watched after a minute, and the first halves are shorter than that (40, 10 and 15 seconds): they are shown
again and again until it is. So these cameras know little, and what they are asked is hard: to be quiet about what is
new in the second half (two people walk over the lawn where nobody was before), and not about what is made up.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

import pytest

from inference.memory import DensityMemory
from inference.normality import Normality
from inference.types import Box, Decision, Pixels
from tests.inference.watching import CAMPUS, ROAD, ROOM, SHOP, Watch, first_half_learned, halves, opened
from tests.support.made_up import Bag, Fire, Vehicle
from tests.support.scenes import FPS

AT_NIGHT = [pytest.param(video, marks=pytest.mark.nightly) for video in (SHOP, ROOM)]


@cache
def knowledge(path: Path) -> bytes:
    """Of each recording once."""
    return first_half_learned(path)


def watching(path: Path) -> Watch:
    """A camera that knows the first half."""
    watch = Watch()
    watch.normality = Normality.from_bytes(knowledge(path), DensityMemory, fingerprint=watch.eye.fingerprint)
    return watch


def composed(path: Path, thing: Callable[[Pixels, int], Pixels], seconds: float) -> list[Pixels]:
    """So much of the second half with the thing in it."""
    return [thing(picture, number) for number, picture in enumerate(halves(path)[1][: int(seconds * FPS)])]


def reasons(event: Decision) -> dict[str, str]:
    return {reason.attribute: reason.text for reason in event.reasons}


def overlap(one: Box | None, other: Box | None) -> bool:
    assert one is not None
    assert other is not None
    across = min(one.right, other.right) - max(one.left, other.left)
    return across > 0 and min(one.bottom, other.bottom) > max(one.top, other.top)


def only(decisions: Sequence[Decision]) -> Decision:
    """The one event that opened."""
    events = opened(decisions)
    assert len(events) == 1, [(event.started_at, reasons(event)) for event in events]
    return events[0]


@pytest.mark.parametrize("video", [CAMPUS, ROAD, *AT_NIGHT])
def test_nothing_made_up_is_no_event(footage: Path, video: str) -> None:
    watch = watching(footage / "videos" / video)
    assert not opened(watch.show(halves(footage / "videos" / video)[1]))
    assert watch.normality.progress == 1.0


def test_everybody_three_times_as_fast_is_too_fast(footage: Path) -> None:
    """Every third picture, while the clock goes on as before; of the other clips that leaves four seconds."""
    watch = watching(footage / "videos" / CAMPUS)
    event = only(watch.show(halves(footage / "videos" / CAMPUS)[1][::3]))
    assert "times faster than 99.9 % of what was seen here" in reasons(event)["speed"]


@pytest.mark.parametrize(
    ("video", "vehicle"),
    [
        (CAMPUS, Vehicle(y=144, begins=10)),
        pytest.param(SHOP, Vehicle(y=110, begins=10), marks=pytest.mark.nightly),
        pytest.param(ROAD, Vehicle(y=110, begins=10), marks=pytest.mark.nightly),
    ],
)
def test_a_van_where_people_walk_is_found(footage: Path, video: str, vehicle: Vehicle) -> None:
    watch = watching(footage / "videos" / video)
    event = only(watch.show(composed(footage / "videos" / video, vehicle, 8.0)))
    assert event.peak is not None
    assert overlap(event.box, vehicle.box(halves(footage / "videos" / video)[1][0], event.sequence))
    assert {"speed", "size", "place", "appearance"} & reasons(event).keys()


def test_a_bag_left_on_the_campus_is_found_within_fifteen_seconds(footage: Path) -> None:
    bag = Bag(x=150, y=112, begins=10)
    watch = watching(footage / "videos" / CAMPUS)
    event = only(watch.show(composed(footage / "videos" / CAMPUS, bag, 17.0)))
    assert overlap(event.box, bag.box(halves(footage / "videos" / CAMPUS)[1][0], event.sequence))
    assert reasons(event) == {"left": "something was left here and has not moved for 10 s; nothing was ever left here"}


@pytest.mark.parametrize(
    ("video", "fire"),
    [(CAMPUS, Fire(x=160, y=168, begins=5)), pytest.param(ROOM, Fire(128, 162, begins=5), marks=pytest.mark.nightly)],
)
def test_a_fire_is_found_within_half_a_minute_for_it_does_not_move_on(footage: Path, video: str, fire: Fire) -> None:
    watch = watching(footage / "videos" / video)
    event = only(watch.show(composed(footage / "videos" / video, fire, 34.0)))
    assert overlap(event.box, fire.box(halves(footage / "videos" / video)[1][0], event.sequence))
    assert event.sequence < fire.begins + 30 * FPS
    assert "has kept moving in one place for" in reasons(event)["stay"]
