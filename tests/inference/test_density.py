"""What a camera's memory makes of features, without an eye."""

from __future__ import annotations

import numpy as np
import pytest

from inference.memory import DensityMemory
from inference.types import Features, Floats

FPS = 5


def features(number: int, *, speed: float = 0.05, x: float = 0.5, things: int = 2) -> Features:
    """Things of that speed around that place; a little different in each frame."""
    random = np.random.default_rng(number)

    def around(*values: float, spread: float) -> Floats:
        return (np.array(values) + random.normal(0.0, spread, (things, len(values)))).astype(np.float32)

    return Features(
        at=number / FPS,
        boxes=np.tile(np.array([[x - 0.05, 0.4, x + 0.05, 0.6]], np.float32), (things, 1)),
        attributes={"speed": around(speed, spread=0.005), "place": around(x, 0.5, spread=0.03)},
    )


@pytest.fixture(scope="module")
def memory() -> DensityMemory:
    memory = DensityMemory()
    for number in range(100 * FPS):
        memory.learn([features(number)])
    return memory


def test_an_ordinary_moment_does_not_surprise(memory: DensityMemory) -> None:
    assert memory.score(features(9001)).surprise < 1.0


def test_a_faster_thing_says_how_much_faster(memory: DensityMemory) -> None:
    score = memory.score(features(9001, speed=0.25))
    assert score.surprise > 2.0
    assert score.reasons[0].attribute == "speed"
    assert score.reasons[0].text.startswith("moves 4.")
    assert score.box is not None


def test_each_thing_has_its_own_surprise(memory: DensityMemory) -> None:
    usual, fast = features(9001), features(9002, speed=0.25, things=1)
    both = Features(
        at=usual.at,
        boxes=np.concatenate((usual.boxes, fast.boxes)),
        attributes={name: np.concatenate((usual.attributes[name], fast.attributes[name])) for name in usual.attributes},
    )
    surprises = memory.surprises(both)
    assert surprises.shape == (3,)
    assert surprises.argmax() == 2
    assert surprises.max() == pytest.approx(memory.score(both).surprise)
    assert memory.surprises(features(9001, things=0)).shape == (0,)
    assert not DensityMemory().surprises(usual).any()


def test_a_new_place_is_told(memory: DensityMemory) -> None:
    score = memory.score(features(9001, x=0.95))
    assert score.surprise > 2.0
    assert score.reasons[0].text == "nothing was ever seen moving in this part of the picture"


def test_nothing_that_moves_is_no_surprise(memory: DensityMemory) -> None:
    assert memory.score(features(9001, things=0)).surprise == 0.0


def test_missing_vectors_are_neither_scored_nor_learned() -> None:
    memory = DensityMemory()
    blank = np.full((2, 4), np.nan, np.float32)
    for number in range(100 * FPS):
        seen = features(number)
        memory.learn([Features(seen.at, seen.boxes, {**seen.attributes, "appearance": blank})])
    seen = features(9001)
    assert memory.score(Features(seen.at, seen.boxes, {**seen.attributes, "appearance": blank})).surprise < 1.0


def test_it_is_watching_after_a_minute_of_footage_but_not_of_gaps() -> None:
    memory = DensityMemory()
    for number in range(40 * FPS):
        memory.learn([features(number)])
    assert memory.learned_seconds == pytest.approx(40.0, abs=0.5)
    assert 0.5 < memory.progress < 1.0
    memory.learn([features(9000 * FPS)])
    assert memory.learned_seconds == pytest.approx(40.0, abs=0.5)
    for number in range(9000 * FPS, 9025 * FPS):
        memory.learn([features(number)])
    assert memory.progress == 1.0


def test_a_snapshot_scores_the_same(memory: DensityMemory) -> None:
    other = DensityMemory.from_bytes(memory.to_bytes())
    for seen in (features(9001), features(9002, speed=0.3), features(9003, x=0.9)):
        assert other.score(seen) == memory.score(seen)
    assert other.progress == memory.progress


def test_a_broken_snapshot_is_refused(memory: DensityMemory) -> None:
    for snapshot in (b"", b"PK\x03\x04 not really", memory.to_bytes()[:200]):
        with pytest.raises(ValueError, match="snapshot"):
            DensityMemory.from_bytes(snapshot)


def test_a_snapshot_stays_small_whatever_was_seen() -> None:
    memory, random = DensityMemory(), np.random.default_rng(0)
    for number in range(2000):
        wild = random.normal(size=(8, 64)).astype(np.float32)
        memory.learn([Features(number / FPS, np.zeros((8, 4), np.float32), {"appearance": wild})])
    assert len(memory.to_bytes()) < 2_000_000
