"""Decider: turns a stream of judgements into events. Pure: no clock, no database, no thread.

Rules, all measured on the judgements' own monotonic clock:

* An event opens when the surprise was at or over the threshold in `min_frames` judgements in a row that span
  `min_open_seconds`: one flash does not alarm, and an anomaly is known in well under a second.
* It goes on while the surprise stays over `release` of the threshold (hysteresis), and closes when it did not for
  `merge_gap` seconds: what comes back within that time is the same anomaly.
* One event is open at a time; its category is that of the moment it opened: `view` where the picture as a whole was
  the most surprising (covered, turned, cut to another scene), else `unusual`. Where an unusual event leads to a
  disturbed view (somebody comes and covers the lens), that ends it and is another one.
* A new peak is told when it is `peak_step` higher than the last one told, at most once in `peak_seconds`.
* What lasts `max_open_seconds` is closed and taken for the new normal (outside events the camera learns again);
  nothing opens until there was `merge_gap` of quiet.
* What a zone excludes does not count: the centre of the box decides. The picture as a whole is in every zone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal
from uuid import UUID, uuid4

from inference.memory.attributes import VIEW
from inference.types import CameraSettings, Decision, Judgement, OpenEvent
from inference.zones import is_watched

Severity = Literal["low", "medium", "high", "critical"]
SEVERITIES: tuple[tuple[float, Severity], ...] = ((4.0, "critical"), (2.0, "high"), (1.25, "medium"))
"""Times the threshold from which a severity holds; below the last it is low."""


@dataclass(frozen=True, slots=True)
class Rules:
    """How judgements become events; seconds unless said otherwise."""

    min_frames: int = 3
    min_open_seconds: float = 0.35
    release: float = 0.7
    merge_gap: float = 5.0
    peak_step: float = 1.1
    peak_seconds: float = 1.0
    max_open_seconds: float = 600.0


@dataclass(slots=True)
class _Span:
    """A run of surprising judgements: first a candidate, then an event."""

    event_id: UUID
    category: str
    started_at: float
    began: float
    """Monotonic, as `held` and `told_at`."""
    held: float
    """When the surprise last held it up."""
    best: Judgement
    frames: int = 1
    told: float = 0.0
    """The peak last told."""
    told_at: float = 0.0


class Decider:
    """The events of one camera."""

    def __init__(
        self,
        settings: CameraSettings,
        opened: Sequence[OpenEvent] = (),
        *,
        rules: Rules | None = None,
        new_id: Callable[[], UUID] = uuid4,
    ) -> None:
        self._settings = settings
        self._adopted = list(opened)
        self._adopted_began: float | None = None
        """Monotonic, where this host saw it begin: its clock may have been set since."""
        self._rules = rules or Rules()
        self._new_id = new_id
        self._candidate: _Span | None = None
        self._event: _Span | None = None
        self._last: Judgement | None = None
        self._latched_at: float | None = None
        """When the surprise last held up an event that had lasted too long."""

    @property
    def is_open(self) -> bool:
        """Whether an event is open: then the camera must not learn."""
        return self._event is not None or bool(self._adopted)

    def under(self, settings: CameraSettings) -> Decider:
        """The Decider that takes over with new settings: what is open stays open, what lasted too long stays quiet."""
        successor = Decider(settings, self.opened, rules=self._rules, new_id=self._new_id)
        successor._latched_at = self._latched_at
        successor._adopted_began = self._event.began if self._event else self._adopted_began
        return successor

    @property
    def opened(self) -> tuple[OpenEvent, ...]:
        """What is open, for the Decider that takes over with new settings or on another worker."""
        if self._event is None:
            return tuple(self._adopted)
        event = self._event
        return (OpenEvent(event.event_id, event.category, event.started_at, event.best.score.surprise),)

    def decide(self, judgement: Judgement) -> list[Decision]:
        """What to write down after this judgement, in order; most often nothing."""
        self._last = judgement
        decisions = self._adopt(judgement)
        level = self._level(judgement)
        if self._event is None:
            decisions += self._watch(judgement, level)
        else:
            decisions += self._follow(self._event, judgement, level)
        return decisions

    def close_all(self, at: float) -> list[Decision]:
        """Close what is open: the camera is no longer watched. `at` is wall clock, seconds since 1970."""
        adopted = [self._close_adopted(event, at) for event in self._adopted] if self._last is None else []
        self._adopted = []
        event, self._event, self._candidate = self._event, None, None
        return adopted if event is None else [*adopted, self._decision("closed", event, at)]

    def _adopt(self, judgement: Judgement) -> list[Decision]:
        """Continue the event that began first; others of before become part of it by closing."""
        if not self._adopted:
            return []
        first, *others = sorted(self._adopted, key=lambda event: event.started_at)
        self._adopted = []
        score = replace(judgement.score, surprise=first.peak, box=None, reasons=(), places=())
        known = replace(judgement, score=score, features=None)
        now = judgement.monotonic
        began = self._adopted_began
        if began is None:
            began = now - max(0.0, judgement.at - first.started_at)
        self._event = _Span(first.event_id, first.category, first.started_at, began, now, known, told=first.peak)
        return [self._close_adopted(event, judgement.at) for event in others]

    def _level(self, judgement: Judgement) -> float:
        score = judgement.score
        if judgement.learning or not is_watched(self._settings.zones, score.box):
            return 0.0
        return score.surprise

    def _watch(self, judgement: Judgement, level: float) -> list[Decision]:
        if level < judgement.threshold:
            self._candidate = None
        if self._latched(judgement, level) or level < judgement.threshold:
            return []
        candidate, now = self._candidate, judgement.monotonic
        if candidate is None:
            self._candidate = _Span(UUID(int=0), "", judgement.at, now, now, judgement)
            return []
        candidate.frames += 1
        candidate.held = now
        if level > candidate.best.score.surprise:
            candidate.best = judgement
        if candidate.frames < self._rules.min_frames or now - candidate.began < self._rules.min_open_seconds:
            return []
        candidate.event_id, candidate.category = self._new_id(), category_of(candidate.best)
        candidate.told, candidate.told_at = candidate.best.score.surprise, now
        self._event, self._candidate = candidate, None
        return [self._decision("opened", candidate, judgement.at)]

    def _follow(self, event: _Span, judgement: Judgement, level: float) -> list[Decision]:
        now = judgement.monotonic
        if event.category != VIEW and level >= judgement.threshold and category_of(judgement) == VIEW:
            return [*self._end(event, judgement), *self._watch(judgement, level)]
        if level >= self._rules.release * judgement.threshold:
            event.held = now
        if level > event.best.score.surprise:
            event.best = judgement
        if now - event.began >= self._rules.max_open_seconds:
            self._latched_at = event.held
            return self._end(event, judgement)
        if now - event.held >= self._rules.merge_gap:
            return self._end(event, judgement)
        if now - event.told_at >= self._rules.peak_seconds:
            return self._tell_peak(event, judgement)
        return []

    def _tell_peak(self, event: _Span, judgement: Judgement) -> list[Decision]:
        if event.best.score.surprise < event.told * self._rules.peak_step or event.best.score.surprise == event.told:
            return []
        event.told, event.told_at = event.best.score.surprise, judgement.monotonic
        return [self._decision("peaked", event, event.best.at)]

    def _end(self, event: _Span, judgement: Judgement) -> list[Decision]:
        """The end is when it was last held up, on the wall clock of this judgement."""
        self._event = None
        ended_at = judgement.at - (judgement.monotonic - event.held)
        return [*self._tell_peak(event, judgement), self._decision("closed", event, ended_at)]

    def _latched(self, judgement: Judgement, level: float) -> bool:
        if self._latched_at is None:
            return False
        if level >= self._rules.release * judgement.threshold:
            self._latched_at = judgement.monotonic
        elif judgement.monotonic - self._latched_at >= self._rules.merge_gap:
            self._latched_at = None
        return self._latched_at is not None

    def _decision(self, kind: Literal["opened", "peaked", "closed"], event: _Span, at: float) -> Decision:
        best = event.best
        return Decision(
            kind=kind,
            event_id=event.event_id,
            category=event.category,
            started_at=event.started_at,
            at=at,
            score=best.score.surprise,
            threshold=best.threshold,
            severity=severity_of(best.score.surprise, best.threshold),
            box=best.score.box,
            reasons=best.score.reasons,
            provisional=best.provisional,
            sequence=best.sequence,
            places=best.score.places,
            peak=best,
        )

    def _close_adopted(self, event: OpenEvent, at: float) -> Decision:
        return Decision("closed", event.event_id, event.category, event.started_at, at, event.peak, 0.0, "low")


def category_of(judgement: Judgement) -> str:
    """`view` where the picture as a whole surprised most, else `unusual`."""
    reasons = judgement.score.reasons
    return VIEW if reasons and reasons[0].attribute == VIEW else "unusual"


def severity_of(surprise: float, threshold: float) -> Severity:
    """How bad, by how far the surprise lies above the threshold."""
    ratio = surprise / max(threshold, 1e-6)
    return next((severity for least, severity in SEVERITIES if ratio >= least), "low")
