"""When a camera may learn, and what a snapshot of its normality is worth."""

from __future__ import annotations

import numpy as np
import pytest

from inference.memory import DensityMemory
from inference.normality import Normality, NotThisEye
from inference.types import Features, Frame, Judgement, Zone
from tests.inference.test_density import FPS, features

PIXELS = np.zeros((2, 2, 3), np.uint8)


def judge(normality: Normality, seen: Features, *, event_open: bool = False, sequence: int = 0) -> Judgement:
    return normality.judge(Frame(sequence, seen.at, seen.at, PIXELS), seen, event_open=event_open)


def learned(fingerprint: str = "eye-1", zones: tuple[Zone, ...] = ()) -> Normality:
    normality = Normality(DensityMemory(), fingerprint=fingerprint, zones=zones)
    for number in range(100 * FPS):
        judge(normality, features(number))
    return normality


@pytest.fixture
def normality() -> Normality:
    return learned()


def test_a_new_camera_says_that_it_learns() -> None:
    normality = Normality(DensityMemory(), fingerprint="eye-1")
    judgement = judge(normality, features(0))
    assert judgement.learning
    assert judgement.provisional
    assert normality.progress < 1.0


def test_nothing_is_learned_inside_an_event(normality: Normality) -> None:
    seconds = normality.learned_seconds
    for number in range(100 * FPS, 120 * FPS):
        judge(normality, features(number, speed=0.5), event_open=True)
    assert normality.learned_seconds == seconds
    assert judge(normality, features(120 * FPS, speed=0.5), event_open=True).score.surprise > 1.5


def test_what_led_to_an_event_is_not_learned_either(normality: Normality) -> None:
    seconds = normality.learned_seconds
    for number in range(100 * FPS, 102 * FPS):
        judge(normality, features(number, speed=0.5))
    judge(normality, features(102 * FPS, speed=0.5), event_open=True)
    for number in range(110 * FPS, 111 * FPS):
        judge(normality, features(number))
    assert normality.learned_seconds <= seconds + 3.0


def test_normal_pictures_are_kept_and_none_of_an_event(normality: Normality) -> None:
    assert len(normality.usual.kept) == 10
    for number in range(100 * FPS, 140 * FPS):
        judge(normality, features(number, speed=0.5), event_open=number > 101 * FPS)
    assert len(normality.usual.kept) == 10


def test_another_host_has_the_same_normal_pictures(normality: Normality) -> None:
    other = Normality.from_bytes(normality.to_bytes(), DensityMemory, fingerprint="eye-1")
    assert [each.jpeg for each in other.usual.kept] == [each.jpeg for each in normality.usual.kept]


def test_a_surprising_moment_shows_the_places_it_is_about(normality: Normality) -> None:
    for number in range(100 * FPS, 102 * FPS):
        score = judge(normality, features(number, speed=0.5)).score
    assert score.places[0].box == score.box
    assert score.places[0].surprise == pytest.approx(score.surprise)


def test_one_odd_frame_is_not_a_surprising_moment(normality: Normality) -> None:
    ordinary = [judge(normality, features(100 * FPS + number)).score.surprise for number in range(5)]
    assert judge(normality, features(101 * FPS, speed=0.9)).score.surprise <= max(ordinary)


def test_another_host_goes_on_with_what_was_learned(normality: Normality) -> None:
    other = Normality.from_bytes(normality.to_bytes(), DensityMemory, fingerprint="eye-1")
    assert other.progress == 1.0
    assert other.learned_seconds == normality.learned_seconds
    fast = features(100 * FPS, speed=0.5)
    assert judge(other, fast).score.surprise > 1.5


@pytest.mark.parametrize("snapshot", [b"", b"nonsense"])
def test_what_is_no_snapshot_is_refused(snapshot: bytes) -> None:
    with pytest.raises(NotThisEye):
        Normality.from_bytes(snapshot, DensityMemory, fingerprint="eye-1")


def test_a_snapshot_of_another_eye_is_refused(normality: Normality) -> None:
    with pytest.raises(NotThisEye, match="another eye"):
        Normality.from_bytes(normality.to_bytes(), DensityMemory, fingerprint="eye-2")


def test_what_an_ignored_zone_holds_is_neither_scored_nor_learned() -> None:
    right = ((0.7, 0.0), (1.0, 0.0), (1.0, 1.0), (0.7, 1.0))
    normality = learned(zones=(Zone("road", "ignore", right),))
    for number in range(100 * FPS, 103 * FPS):
        judgement = judge(normality, features(number, x=0.9, speed=0.9))
    assert judgement.score.surprise == 0.0


def test_a_judgement_names_the_frame_that_shows_what_it_tells_of(normality: Normality) -> None:
    """Something runs through the picture: where it was is another place in each frame."""
    places = [0.1 * step for step in range(1, 9)]
    for step, place in enumerate(places):
        judgement = judge(normality, features(100 * FPS + step, speed=0.9, x=place), sequence=step)
        if step >= FPS:  # the whole moment is of it
            assert judgement.score.box is not None
            assert judgement.score.box.left == pytest.approx(places[judgement.sequence] - 0.05)


def test_a_busy_and_a_quiet_camera_end_with_different_memories() -> None:
    quiet = Normality(DensityMemory(), fingerprint="eye-1")
    for number in range(100 * FPS):
        judge(quiet, features(number, things=0))
    busy = learned()
    for number in range(100 * FPS, 102 * FPS):
        usual, new = judge(busy, features(number)), judge(quiet, features(number))
    assert usual.score.surprise < 1.0
    assert new.score.surprise > 1.5
