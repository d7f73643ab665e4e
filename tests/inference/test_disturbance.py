"""What is wrong with a view, over time."""

from __future__ import annotations

import numpy as np
import pytest

from inference.disturbance import FROZEN_SECONDS, LASTING_SECONDS, STILL_TIMES, Disturbance, Guard, Kind
from inference.memory.view import Look
from inference.types import Frame, Pixels

FPS = 5
STILL = np.full((4, 4, 3), 90, np.uint8)
USUAL = Look(usual_loss=0.1, usual_blur=1.1)


def noise(number: int) -> Pixels:
    return np.random.default_rng(number).integers(80, 100, (4, 4, 3)).astype(np.uint8)


class Time:
    """Shows a guard one look after the other, five a second."""

    def __init__(self) -> None:
        self.guard, self.number = Guard(), 0

    def frame(self, *, still: bool = False) -> Frame:
        self.number += 1
        at = self.number / FPS
        return Frame(self.number, at, at, STILL if still else noise(self.number))

    def see(self, look: Look, seconds: float, *, still: bool = False) -> list[Disturbance | None]:
        return [self.guard.see(self.frame(still=still), look) for _ in range(round(seconds * FPS))]


def settled(seen: list[Disturbance | None]) -> list[Kind]:
    return [each.kind for each in seen if each and each.settled]


@pytest.mark.parametrize(
    ("look", "kind"),
    [
        (Look(loss=0.95, emptied=1.0, gain=0.02), "covered"),
        (Look(loss=0.5, emptied=0.5, gain=0.9), "covered"),
        (Look(loss=0.9, emptied=0.1, gain=0.4, blur=1.2), "covered"),
        (Look(loss=0.85, gain=1.1), "moved"),
        (Look(loss=0.2, blur=4.0), "defocused"),
        (Look(loss=0.6, emptied=0.3, gain=0.4, bright=0.8), "blinded"),
    ],
)
def test_each_kind_is_known_within_ten_seconds(look: Look, kind: Kind) -> None:
    assert settled(Time().see(look, 9.0))[-1] == kind


@pytest.mark.parametrize(("loss", "seconds"), [(0.9, 0.8), (0.7, 1.8), (0.45, 4.5)])
def test_what_passes_is_no_disturbance_and_the_larger_the_sooner_it_must(loss: float, seconds: float) -> None:
    time = Time()
    for _ in range(5):
        assert not settled(time.see(Look(loss=loss), seconds))
        time.see(USUAL, 1.0)


def test_somebody_who_comes_close_is_not_a_cover_for_the_moment_that_he_is_closest() -> None:
    time = Time()
    approach = [*time.see(Look(loss=0.45), 3.0), *time.see(Look(loss=0.9), 0.6), *time.see(Look(loss=0.4), 0.8)]
    assert not settled(approach)


def test_a_lamp_that_burns_out_much_and_hides_nothing_does_not_blind() -> None:
    assert not settled(Time().see(Look(loss=0.1, bright=0.6), 9.0))


def test_a_busy_view_has_wider_limits_and_a_cover_is_above_any() -> None:
    time = Time()
    assert not settled(time.see(Look(loss=0.55, usual_loss=0.4), 9.0))
    assert settled(time.see(Look(loss=0.95, usual_loss=0.9, emptied=1.0), 2.0))


def test_a_picture_that_stands_still_to_the_pixel_is_frozen() -> None:
    time = Time()
    for _ in range(60 * FPS):
        time.guard.learn(time.frame())
    assert not settled(time.see(USUAL, FROZEN_SECONDS - 0.4, still=True))
    assert settled(time.see(USUAL, 1.0, still=True)) == ["frozen"] * 3
    assert not settled(time.see(USUAL, 1.0))


def test_a_source_that_always_stood_still_is_not_frozen() -> None:
    time = Time()
    for _ in range(20 * FPS):
        time.guard.learn(time.frame(still=True))
    assert not settled(time.see(USUAL, (STILL_TIMES - 1) * 19, still=True))


def test_a_disturbance_that_lasts_asks_for_relearning() -> None:
    time = Time()
    moved = Look(loss=0.85)
    assert not any(each.advice for each in time.see(moved, LASTING_SECONDS - 5) if each)
    last = time.see(moved, 10)[-1]
    assert last is not None
    assert last.advice.startswith("The view has changed for good (moved)")
    assert "relearn" in last.advice
    assert len(last.advice) <= 300
