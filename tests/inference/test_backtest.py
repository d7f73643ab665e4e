"""What a change of budget or of feedback would have done, from the stored history."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import numpy as np
import pytest

from inference.backtest import Effect, Past, PastEvent, Span, backtest, replay
from inference.calibration import Calibration
from inference.decider import Decider
from inference.types import CameraSettings, Judgement, Score

SETTINGS = CameraSettings(UUID(int=1), 1, "Gate", "rtsp://192.0.2.1/", alarm_budget=2.0)
START = 1_790_000_000
SECONDS = 36_000
HEIGHTS = {6_000: 1.8, 12_000: 2.4, 18_000: 3.0, 24_000: 5.0, 30_000: 9.0}
"""Second at which something passes for five seconds -> how surprising it is."""


@pytest.fixture(scope="module")
def past() -> Past:
    """Ten hours of a camera whose threshold is the one that its budget gives."""
    peaks = np.random.default_rng(0).gumbel(0.9, 0.12, SECONDS)
    calibration = Calibration(SETTINGS.alarm_budget)
    for second, peak in enumerate(peaks):
        calibration.add(peak, float(second))
    for second, height in HEIGHTS.items():
        peaks[second : second + 5] = height
    peaks[34_000:35_000] = np.nan
    return Past(START, peaks, np.where(np.isnan(peaks), np.nan, calibration.threshold))


@pytest.fixture(scope="module")
def events(past: Past) -> list[PastEvent]:
    return [PastEvent(span) for span in replay(past, SETTINGS, 1.0)]


def test_the_replay_finds_what_was_over_the_threshold(past: Past, events: list[PastEvent]) -> None:
    threshold = float(past.thresholds[0])
    over = [second for second, height in HEIGHTS.items() if height >= threshold]
    found = [event.span.start - START for event in events]
    assert set(over) <= set(found)
    assert len(found) <= len(over) + 4, "a few of the noise, within the budget"
    assert all(event.span.end - event.span.start < 10 for event in events)


def test_it_skips_what_no_event_can_come_of(past: Past, events: list[PastEvent]) -> None:
    decider, found = Decider(SETTINGS), []
    for second in range(20_000):
        peak, threshold = float(past.peaks[second]), float(past.thresholds[second])
        for at in (second, second + 0.4, second + 0.8):
            found += decider.decide(Judgement(0, START + at, at, Score(peak), threshold))
    closed = [decision.started_at for decision in found if decision.kind == "closed"]
    assert closed == [event.span.start for event in events if event.span.start < START + 20_000]


def test_where_nothing_changes_nothing_vanishes_or_appears(past: Past, events: list[PastEvent]) -> None:
    effect = backtest(past, events, SETTINGS, 2.0)
    assert (effect.events_now, effect.would_vanish, effect.would_appear) == (len(events), 0, 0)
    assert effect.threshold_then == effect.threshold_now == past.thresholds[0]
    assert effect.days == pytest.approx(35_000 / 86_400)


def test_a_smaller_budget_lets_vanish_and_a_larger_one_appear(past: Past, events: list[PastEvent]) -> None:
    fewer, more = backtest(past, events, SETTINGS, 0.01), backtest(past, events, SETTINGS, 200.0)
    assert fewer.threshold_then > fewer.threshold_now > more.threshold_then
    assert (fewer.would_appear, more.would_vanish) == (0, 0)
    still = [event for event in events if past.peaks[int(event.span.start) - START] >= fewer.threshold_then]
    assert fewer.would_vanish == len(events) - len(still) > 0
    assert more.would_appear > 50


def test_what_it_says_is_what_the_other_budget_would_have_found(past: Past, events: list[PastEvent]) -> None:
    """The same hours, watched with the other budget from the start."""
    effect = backtest(past, events, SETTINGS, 50.0)
    other = Past(past.start, past.peaks, np.where(np.isnan(past.peaks), np.nan, effect.threshold_then))
    then = replay(other, replace(SETTINGS, alarm_budget=50.0), 1.0)
    assert effect.events_now - effect.would_vanish + effect.would_appear == len(then)


def test_what_is_forgiven_vanishes(past: Past, events: list[PastEvent]) -> None:
    some = [replace(event, forgiven=number < 2) for number, event in enumerate(events)]
    assert backtest(past, some, SETTINGS, 2.0) == replace(backtest(past, events, SETTINGS, 2.0), would_vanish=2)


def test_an_event_that_the_history_does_not_show_stays(past: Past) -> None:
    unseen = [PastEvent(Span(START + 34_100.0, START + 34_110.0))]
    effect = backtest(past, unseen, SETTINGS, 0.01)
    assert isinstance(effect, Effect)
    assert (effect.events_now, effect.would_vanish) == (1, 0)
