"""When a camera may learn, and what a snapshot of its normality is worth."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from inference.disturbance import LASTING_SECONDS
from inference.memory import DensityMemory
from inference.memory.snapshot import pack
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


def scene(seed: int) -> np.ndarray:
    """The whole picture in small, with structure everywhere."""
    return np.kron(np.random.default_rng(seed).uniform(0.1, 0.9, (15, 16)), np.ones((3, 5))).astype(np.float32)


def seen(number: int, *, view: int = 1, colour: float = 0.1) -> Features:
    """An ordinary moment of that scene."""
    return replace(features(number), view=scene(view), colour=colour)


def watch(normality: Normality, first: float, seconds: float, **how: float) -> list[Judgement]:
    numbers = range(round(first * FPS), round((first + seconds) * FPS))
    return [
        normality.judge(
            Frame(number, number / FPS, number / FPS, np.full((2, 2, 3), number % 200, np.uint8)),
            seen(number, **how),  # type: ignore[arg-type]
            event_open=False,
        )
        for number in numbers
    ]


def test_nothing_is_learned_while_the_view_is_disturbed_and_in_the_end_relearning_is_asked_for() -> None:
    normality = Normality(DensityMemory(), fingerprint="eye-1")
    watch(normality, 0, 100)
    seconds = normality.learned_seconds
    turned = watch(normality, 100, LASTING_SECONDS + 10, view=2)
    assert normality.learned_seconds <= seconds
    assert turned[10 * FPS].score.reasons[0].text.startswith("moved:")
    assert turned[10 * FPS].advice == ""
    assert "relearn" in turned[-1].advice
    assert watch(normality, 500, 4)[-1].advice == ""


def test_what_was_said_of_the_view_holds_until_the_eye_looks_at_the_whole_again() -> None:
    normality = Normality(DensityMemory(), fingerprint="eye-1")
    watch(normality, 0, 100)
    watch(normality, 100, 10, view=2)
    blank = Features(0.0, np.zeros((0, 4), np.float32), {})
    frame = Frame(110 * FPS, 110.0, 110.0, np.zeros((2, 2, 3), np.uint8))
    between = normality.judge(frame, blank, event_open=False)
    assert between.score.reasons[0].text.startswith("moved:")
    assert watch(normality, 110.5, 3)[-1].score.surprise < 1.0


def test_day_and_night_are_learned_apart_and_the_switch_is_no_news() -> None:
    normality = Normality(DensityMemory(), fingerprint="eye-1")
    watch(normality, 0, 100)
    dusk = watch(normality, 100, 100, colour=0.001)
    assert normality.mode == "night"
    assert dusk[3 * FPS].learning
    assert not dusk[-1].learning
    other = Normality.from_bytes(normality.to_bytes(), DensityMemory, fingerprint="eye-1")
    modes = [other.mode]
    dawn = watch(other, 200, 5)
    assert [*modes, other.mode] == ["night", "day"]
    assert not any(judgement.learning for judgement in dawn)
    assert max(judgement.score.surprise for judgement in [*dusk, *dawn]) < 1.5


def test_a_cap_has_no_colour_and_is_not_the_night() -> None:
    normality = Normality(DensityMemory(), fingerprint="eye-1")
    watch(normality, 0, 100)
    capped = [
        normality.judge(
            Frame(number, number / FPS, number / FPS, np.full((2, 2, 3), number % 200, np.uint8)),
            replace(seen(number, colour=0.0), view=np.full((45, 80), 0.03, np.float32)),
            event_open=False,
        )
        for number in range(100 * FPS, 105 * FPS)
    ]
    assert normality.mode == "day"
    assert capped[-1].score.reasons[0].text.startswith("covered:")


@pytest.mark.parametrize(("colour", "mode"), [(0.1, "day"), (0.0, "night")])
def test_a_snapshot_of_before_the_modes_is_that_of_the_first_picture(colour: float, mode: str) -> None:
    known = learned()
    arrays = {"format": np.array([1]), "fingerprint": np.array("eye-1"), "calibration": np.zeros(30, np.float32)}
    view = pack({"usual": scene(1), "differences": np.zeros(0, np.float32), "frames": np.array([100])})
    arrays |= {"memory": np.frombuffer(known._memory.to_bytes(), np.uint8), "view": np.frombuffer(view, np.uint8)}
    normality = Normality.from_bytes(pack(arrays), DensityMemory, fingerprint="eye-1")
    assert not watch(normality, 100, 1, colour=colour)[-1].learning
    assert normality.mode == mode
    turned = watch(normality, 101, 5, colour=colour, view=2)  # beside what, is not known yet
    assert not any(reason.attribute == "view" for judgement in turned for reason in judgement.score.reasons)
