"""From pictures to events: what must alarm, once, and what must not."""

from __future__ import annotations

import copy

import numpy as np
import pytest

from inference.types import Pixels
from tests.inference.watching import Watch, opened
from tests.support.scenes import FPS, WALKERS, Thing, day, noisy, place

LEARNED = 80.0


@pytest.fixture(scope="module")
def learned() -> bytes:
    """A normality that has seen an ordinary day, as a snapshot."""
    watch = Watch()
    assert not opened(watch.show(day(LEARNED)))
    assert watch.normality.progress == 1.0
    return watch.normality.to_bytes()


@pytest.fixture
def watch(learned: bytes) -> Watch:
    """A watched camera that goes on with that normality."""
    from inference.memory import DensityMemory
    from inference.normality import Normality

    watch = Watch()
    watch.normality = Normality.from_bytes(learned, DensityMemory, fingerprint=watch.eye.fingerprint)
    assert not opened(watch.show(day(4, first=int(LEARNED * FPS))))
    return watch


def later(seconds: float, *more: Thing) -> list[Pixels]:
    """What comes after the watched camera's first pictures."""
    return day(seconds, (*WALKERS, *more), first=int((LEARNED + 4) * FPS))


def test_an_ordinary_day_goes_on_without_an_event(watch: Watch) -> None:
    assert not watch.show(later(60))


@pytest.mark.parametrize(
    ("thing", "word"),
    [
        pytest.param(Thing(60, 14.0), "faster", id="runs"),
        pytest.param(Thing(140, 3.0), "nothing was ever seen moving", id="goes-where-nobody-goes"),
        pytest.param(Thing(50, 7.0, width=70, height=44, colour=(20, 20, 230)), "", id="vehicle-on-the-path"),
    ],
)
def test_an_anomaly_is_one_event_that_says_why(watch: Watch, thing: Thing, word: str) -> None:
    decisions = watch.show(later(6, thing))
    events = opened(decisions)
    assert len(events) == 1
    assert events[0].at - events[0].started_at <= 1.0
    assert events[0].category == "unusual"
    assert events[0].box is not None
    assert any(word in reason.text for decision in decisions for reason in decision.reasons)


def test_a_covered_lens_is_one_event_that_lasts(watch: Watch) -> None:
    dark = np.full_like(place(), 12)
    covered = [noisy(dark, number) for number in range(int(60 * FPS))]
    decisions = watch.show(covered)
    assert [(decision.kind, decision.category) for decision in decisions if decision.kind != "peaked"] == [
        ("opened", "view")
    ]
    assert watch.judgements[-1].score.surprise > watch.judgements[-1].threshold
    decisions = watch.show(later(20))
    assert [decision.kind for decision in decisions if decision.kind != "peaked"] == ["closed"]


def test_another_scene_is_one_event_within_three_seconds(watch: Watch) -> None:
    before = watch.judgements[-1].at
    decisions = watch.show(day(30, seed=7))
    assert len(opened(decisions)) == 1
    assert decisions[0].category == "view"
    assert decisions[0].at - before <= 3.0


def test_a_lamp_is_no_event(watch: Watch) -> None:
    brighter = [np.clip(picture * 1.35 + 12, 0, 255).astype(np.uint8) for picture in later(30)]
    assert not watch.show(brighter)


def test_dusk_is_no_event(watch: Watch) -> None:
    pictures = later(60)
    levels = np.linspace(1.0, 0.4, len(pictures))
    assert not watch.show([(picture * level).astype(np.uint8) for picture, level in zip(pictures, levels, strict=True)])


def test_a_flash_is_no_event(watch: Watch) -> None:
    pictures = later(10)
    pictures[20] = np.full_like(pictures[20], 250)
    assert not watch.show(pictures)


def test_nothing_is_learned_while_an_event_is_open(watch: Watch) -> None:
    dark = [np.full_like(place(), 12)] * int(2 * FPS)
    watch.show(dark)
    assert watch.decider.is_open
    seconds = watch.normality.learned_seconds
    watch.show(dark)
    assert watch.normality.learned_seconds == seconds


def test_a_still_scene_learns_and_then_notices_the_first_who_comes() -> None:
    watch = Watch()
    assert not watch.show(day(70, things=()))
    assert watch.normality.progress == 1.0
    decisions = watch.show(day(4, (Thing(100, 4.0, start=100.0),), first=350))
    assert len(opened(decisions)) == 1
    assert "nothing was ever seen moving" in decisions[0].reasons[0].text


def test_the_same_pictures_give_the_same_judgements(learned: bytes) -> None:
    from inference.memory import DensityMemory
    from inference.normality import Normality

    runs = []
    for _ in range(2):
        watch = Watch()
        watch.normality = Normality.from_bytes(learned, DensityMemory, fingerprint=watch.eye.fingerprint)
        watch.show(later(4, Thing(140, 3.0)))
        runs.append(copy.copy(watch.judgements))
    assert runs[0] == runs[1]
