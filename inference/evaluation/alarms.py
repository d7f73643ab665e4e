"""The events that would have been opened, and how they meet what is labelled."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from inference.types import Decision


@dataclass(frozen=True, slots=True)
class Alarm:
    """An event of the Decider, on the clock of its recording."""

    started: float
    """Seconds since the recording began."""
    ended: float
    event: Decision
    """Its last word: peak, reasons and place."""


def alarms_of(decisions: Iterable[Decision], began: float) -> list[Alarm]:
    """`began`: of the recording, on the clock of the decisions."""
    return [
        Alarm(decision.started_at - began, decision.at - began, decision)
        for decision in decisions
        if decision.kind == "closed"
    ]


@dataclass(frozen=True, slots=True)
class Match:
    """Alarms against labels."""

    found: int
    """Labelled intervals during which an event was open."""
    intervals: int
    false_alarms: int
    """Events that were open during none."""


def match(alarms: Sequence[Alarm], anomalous: Sequence[tuple[int, int]], fps: float) -> Match:
    """`anomalous`: half-open intervals of frames."""
    spans = [(first / fps, end / fps) for first, end in anomalous]

    def meets(alarm: Alarm, span: tuple[float, float]) -> bool:
        return alarm.started < span[1] and alarm.ended >= span[0]

    found = sum(any(meets(alarm, span) for alarm in alarms) for span in spans)
    return Match(found, len(spans), sum(not any(meets(alarm, span) for span in spans) for alarm in alarms))
