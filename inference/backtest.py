"""Back-test: how many of the last days' events a change of the alarm budget, or one more false alarm, would spare.

The history holds, per second, the peak and the threshold that held. Both thresholds, with the budget as it is and as it
would be, come from the camera's own Calibration fed with that history outside events; their ratio moves the threshold
of each past second, and the camera's own Decider says which events that makes. Where the budget stays, nothing moves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from inference.calibration import FLOOR, Calibration
from inference.decider import Decider, Rules
from inference.normality import QUARANTINE_SECONDS
from inference.types import CameraSettings, Decision, Judgement, Score

CALIBRATION_SECONDS = 86_400
"""Scored seconds that the two thresholds come from, the newest: as many as a Calibration remembers."""
HELD = 0.9
"""Of a second, for which its peak is taken to have lasted: scores are smoothed over a second already."""
DAY = 86_400.0
_RULES = Rules()


class Span(NamedTuple):
    """A stretch of time, seconds since 1970."""

    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Past:
    """A camera's scores, second by second; NaN where there is none."""

    start: int
    """Seconds since 1970."""
    peaks: NDArray[np.float64]
    thresholds: NDArray[np.float64]

    @property
    def days(self) -> float:
        """That were scored."""
        return float(np.isfinite(self.peaks).sum()) / DAY


@dataclass(frozen=True, slots=True)
class PastEvent:
    """An event that there was."""

    span: Span
    forgiven: bool = False
    """Whether the new feedback would have spared it."""


@dataclass(frozen=True, slots=True)
class Effect:
    """What the change would have done."""

    events_now: int
    would_vanish: int
    would_appear: int
    days: float
    threshold_now: float
    threshold_then: float


def backtest(past: Past, events: Sequence[PastEvent], settings: CameraSettings, alarm_budget: float) -> Effect:
    """Compare the events that there were with those under another budget. `past` must hold a score."""
    spans = [event.span for event in events]
    now = float(past.thresholds[np.isfinite(past.thresholds)][-1])
    factor = 1.0
    if alarm_budget != settings.alarm_budget:
        factor = _factor(past, _normal(past, spans), settings.alarm_budget, alarm_budget)
    found_now, found_then = replay(past, settings, 1.0), replay(past, settings, factor)
    vanished = [
        event
        for event in events
        if event.forgiven or (_meets(event.span, found_now) and not _meets(event.span, found_then))
    ]
    appeared = [span for span in found_then if not _meets(span, found_now) and not _meets(span, spans)]
    then = float(_moved(np.array([now]), factor)[0])
    return Effect(len(events), len(vanished), len(appeared), past.days, now, then)


def replay(past: Past, settings: CameraSettings, factor: float) -> list[Span]:
    """The events that the Decider finds in the past with its thresholds times `factor`."""
    limits = np.nan_to_num(_moved(past.thresholds, factor), nan=FLOOR)
    peaks = np.nan_to_num(past.peaks)
    decider = Decider(replace(settings, zones=()), rules=_RULES)  # no zone let what it excludes into the history
    decisions: list[Decision] = []
    for index in _stirring(peaks, limits):
        score, limit = Score(float(peaks[index])), float(limits[index])
        for at in (index + np.linspace(0.0, HELD, _RULES.min_frames)).tolist():
            decisions += decider.decide(Judgement(0, past.start + at, at, score, limit))
    decisions += decider.close_all(past.start + len(past.peaks))
    return [Span(each.started_at, each.at) for each in decisions if each.kind == "closed"]


def _stirring(peaks: NDArray[np.float64], limits: NDArray[np.float64]) -> NDArray[np.intp]:
    """The seconds that matter to an event: those that hold one up which another opens, and those in which it ends."""
    after = int(_RULES.merge_gap) + 1
    loud = np.flatnonzero(peaks >= _RULES.release * limits)
    group = np.cumsum(np.diff(loud, prepend=loud[:1]) > after)
    opening = np.unique(group[peaks[loud] >= limits[loud]])
    matters = np.zeros(len(peaks), np.bool_)
    matters[loud[np.isin(group, opening)]] = True
    return np.flatnonzero(np.convolve(matters, np.ones(after + 1))[: len(matters)] > 0)


def _moved(thresholds: NDArray[np.float64], factor: float) -> NDArray[np.float64]:
    """Never under the floor, unless it was."""
    moved: NDArray[np.float64] = np.maximum(thresholds * factor, np.minimum(thresholds, FLOOR))
    return moved


def _normal(past: Past, spans: Sequence[Span]) -> NDArray[np.intp]:
    """The newest seconds outside events: what the Calibration was, or would be, fed with."""
    normal = np.isfinite(past.peaks)
    for span in spans:
        first = max(0, int(span.start - QUARANTINE_SECONDS) - past.start)
        normal[first : max(0, int(span.end) + 1 - past.start)] = False
    return np.flatnonzero(normal)[-CALIBRATION_SECONDS:]


def _factor(past: Past, seconds: NDArray[np.intp], budget_now: float, budget_then: float) -> float:
    """By what the threshold would change, were these seconds all that is known."""
    now, then = Calibration(budget_now), Calibration(budget_then)
    for index in seconds:
        now.add(float(past.peaks[index]), float(past.start + index))
    for calibration in (now, then):  # both fitted to the very same
        calibration.restore(now.array())
    return then.threshold / now.threshold


def _meets(span: Span, others: Sequence[Span]) -> bool:
    """Whether it would be one event with any of these."""
    gap = _RULES.merge_gap
    return any(span.start <= other.end + gap and other.start <= span.end + gap for other in others)
