"""Gathers what a back-test of a camera needs, and says in words what came of it."""

from __future__ import annotations

import time
from uuid import UUID

import numpy as np

from inference import sink
from inference.backtest import DAY, Effect, Past, PastEvent, Span, backtest
from inference.decider import Rules
from inference.eye.protocol import Eye
from inference.memory.feedback import Feedback
from inference.normality import Normality
from inference.station import WorkerStation
from inference.stored import StoredFeatures
from inference.types import CameraSettings

DAYS = 7
"""How far back it looks."""


class NothingToTestOn(ValueError):
    """The camera's history does not hold what is needed; the text says what."""


def backtest_camera(
    station: WorkerStation, camera_id: UUID, *, alarm_budget: float | None, dismiss: UUID | None
) -> Effect:
    """What a budget, or dismissing that event, or both, would have changed in the last days. Raises NothingToTestOn."""
    until = time.time()
    since = until - DAYS * DAY
    settings = sink.load_settings(camera_id)
    start, peaks, thresholds = sink.load_scores(camera_id, since, until)
    past = Past(start, np.array(peaks, np.float64), np.array(thresholds, np.float64))
    if not past.days:
        raise NothingToTestOn("This camera has no scores of the last days yet: let it watch for a while.")
    spans = sink.load_past_events(camera_id, since)
    forgiven = _forgiven(station, settings, list(spans), dismiss) if dismiss else set()
    events = [PastEvent(Span(*span), event_id in forgiven) for event_id, span in spans.items()]
    return backtest(past, events, settings, settings.alarm_budget if alarm_budget is None else alarm_budget)


def in_words(effect: Effect) -> str:
    """Two sentences, and where the threshold would move, a third."""
    watched = f"{effect.days:.1f} days" if effect.days >= 1 else f"{max(effect.days * 24, 0.1):.1f} hours"
    text = f"Events in the last {watched}: {effect.events_now}. "
    text += f"Of these, {effect.would_vanish} would not have been; {effect.would_appear} others would."
    now, then = (f"{threshold:.2f}" for threshold in (effect.threshold_now, effect.threshold_then))
    return text if now == then else f"{text} The alarm threshold would now be {then} instead of {now}."


def _forgiven(station: WorkerStation, settings: CameraSettings, events: list[UUID], dismiss: UUID) -> set[UUID]:
    """Which of the events the camera would forgive once that one is dismissed: too little of them is left to alarm."""
    eye = station.batcher(settings.eye).eye
    pattern = _stored(dismiss, eye)
    if pattern is None or not len(pattern.trail.boxes):
        raise NothingToTestOn(
            "What this event was scored from is not kept, or no single thing caused it: dismissing it teaches nothing."
        )
    normality, feedback = _normality(settings, eye), Feedback([pattern.trail])
    forgiven = {dismiss}
    for event_id in events:
        stored = _stored(event_id, eye)
        if stored is None or not len(stored.trail.boxes):
            continue
        left = normality.unforgiven(stored.trail, feedback, stored.version.mode)
        if len(left.boxes) < min(Rules().min_frames, len(stored.trail.boxes)):
            forgiven.add(event_id)
    return forgiven


def _normality(settings: CameraSettings, eye: Eye) -> Normality:
    snapshot = sink.load_memory(settings.camera_id, eye.fingerprint)
    if snapshot is None:
        raise NothingToTestOn("This camera has not saved what it learned yet: try again in a minute.")
    return Normality.from_bytes(snapshot, eye.memory_class, fingerprint=eye.fingerprint)


def _stored(event_id: UUID, eye: Eye) -> StoredFeatures | None:
    """None where nothing is kept, or another eye saw it."""
    content = sink.load_features(event_id)
    try:
        stored = StoredFeatures.from_bytes(content) if content else None
    except ValueError:
        return None
    return stored if stored and stored.version.fingerprint == eye.fingerprint else None
