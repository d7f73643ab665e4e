"""CameraLoop: one camera from the capture process to the spool, in steps.

Frames that come while one is looked at wait in the capture's slot, where the newest wins. What the loop must know
(stop, new settings) it reads from its seat; what it tells goes through the Station. It knows no database and no Redis.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Sequence
from concurrent.futures import TimeoutError as TooLate
from dataclasses import dataclass, replace
from uuid import UUID

from events.live_frames import LiveHeader
from inference.batching import BatcherClosed, Superseded
from inference.capture.messages import (
    Analysed,
    ClipDone,
    ClipFailed,
    Live,
    Lost,
    Message,
    Opened,
    Rate,
    RecordingLost,
    SnapshotDone,
)
from inference.decider import Decider
from inference.history import History
from inference.normality import Normality
from inference.picturing import Picturing
from inference.ports import BatcherPort, Station
from inference.recording import Recordings
from inference.scribe import Scribe
from inference.seats import Seat
from inference.status import Status
from inference.stored import FeatureLog
from inference.types import CameraSettings, Decision, Frame, Judgement, OpenEvent, Window
from inference.unjudged import Unjudged

log = logging.getLogger(__name__)

RECEIVE_SECONDS = 0.2
"""How long a step waits for a message: a loop notices within this time that it shall stop."""
LOOK_SECONDS = 2.0
"""How long a frame may take to be looked at before it is given up."""
SAVE_MEMORY_SECONDS = 60.0
HISTORY_SECONDS = 5
"""Seconds of scores that are handed over at once."""
RELOAD_SECONDS = 1.0
"""Between two tries to load new settings."""


@dataclass(frozen=True, slots=True)
class Rig:
    """What a loop works with under one version of its camera's settings."""

    settings: CameraSettings
    batcher: BatcherPort
    normality: Normality
    decider: Decider
    window: deque[Frame]
    features: FeatureLog


class CameraLoop:
    """One camera under one epoch. Used by one thread."""

    def __init__(
        self, seat: Seat, settings: CameraSettings, opened: Sequence[OpenEvent], station: Station, scribe: Scribe
    ) -> None:
        self._seat, self._station, self._scribe, self._clock = seat, station, scribe, station.clock
        self._status = Status(station.clock)
        self._history = History()
        self._last: Judgement | None = None
        self._unjudged = Unjudged(settings.camera_id, self._status, station.clock)
        self._picturing = Picturing(scribe)
        self._clip_of: UUID | None = None
        self._loaded_at = self._saved_at = self._clock.monotonic()
        self._rig = self._equip(settings, opened, None)
        self._learned_saved = self._rig.normality.learned_seconds
        self._capturing = station.capture_settings(settings)
        self._capture = station.open_capture(self._capturing)
        self._recordings = Recordings(settings, self._capturing.segments_dir, scribe, station.clock)

    def step(self) -> bool:
        """Handle what the capture says next; whether there was anything."""
        self._seat.stepped_at = self._clock.monotonic()
        self._obey()
        self._capture.want_live(self._station.live_rate(self._rig.settings.camera_id))
        message = self._capture.receive(RECEIVE_SECONDS)
        if message is not None:
            self._handle(message)
        self._look_after()
        return message is not None

    def close(self) -> None:
        """End as the seat says: stopped closes what is open, a handover leaves it to the successor."""
        ending = self._seat.ending
        now = self._clock.wall()
        if ending == "stopped":
            for decision in self._rig.decider.close_all(now):
                self._scribe.write(decision, trace="")
        if ending != "lost":
            self._save_memory(at_least=5.0)
            self._station.keep_history(self._rig.settings.camera_id, self._history.take(at_least=0))
        self._capture.close()
        self._recordings.close()

    # --- settings -------------------------------------------------------------------------------------------------

    def _obey(self) -> None:
        """Take new settings or a new Memory up when the heartbeat says there are any."""
        wanted, has = self._seat.assignment, self._rig.settings
        if (wanted.settings_version, wanted.memory_version) == (has.version, has.memory_version):
            return
        now = self._clock.monotonic()
        if now - self._loaded_at < RELOAD_SECONDS:
            return
        self._loaded_at = now
        self._seat.stepped_at = None  # an Eye may take minutes to load: that is no hang
        settings = None
        try:
            settings = self._station.load_settings(has.camera_id)
            self._rig = self._equip(settings, (), self._rig)
        except Exception:  # the old ones still hold
            if settings is not None and settings.eye != has.eye:
                raise  # the loop begins anew and says why: the old eye must not go on under old privacy masks
            log.exception("New settings of camera %s cannot be taken up yet.", has.camera_id)
            return
        self._learned_saved = self._rig.normality.learned_seconds
        wanted_capture = self._station.capture_settings(self._rig.settings)
        if wanted_capture != self._capturing:
            self._capture.close()
            self._recordings.close()
            self._capturing, self._capture = wanted_capture, self._station.open_capture(wanted_capture)
        self._recordings = self._recordings.under(settings, wanted_capture.segments_dir)

    def _equip(self, settings: CameraSettings, opened: Sequence[OpenEvent], old: Rig | None) -> Rig:
        """`opened`: at first. What is open stays so, and what was learned unless it was replaced from outside."""
        batcher = self._station.batcher(settings.eye)
        known = None
        if old and (old.settings.eye, old.settings.memory_version) == (settings.eye, settings.memory_version):
            known = old.normality
        normality = self._station.load_normality(settings, batcher.eye, known)
        window: deque[Frame] = deque(maxlen=max(1, batcher.eye.window))
        self._status.progress = normality.progress
        features = old.features if old and known else FeatureLog(batcher.eye.fingerprint, settings.memory_version)
        decider = old.decider if old else Decider(settings, opened)
        if old and not (known and replace(old.settings, version=settings.version) == settings):  # more than feedback
            decider = old.decider.under(settings)
        return Rig(settings, batcher, normality, decider, window, features)

    # --- messages -------------------------------------------------------------------------------------------------

    def _handle(self, message: Message) -> None:
        match message:
            case Analysed(frame, dropped):
                self._status.dropped = dropped + self._unjudged.count
                self._survive(frame)
            case Live():
                self._show(message)
            case SnapshotDone(token, jpeg, at):
                if jpeg:
                    self._picturing.keep(UUID(token), jpeg, at, self._rig.normality)
            case ClipDone(token=token, path=path, started_at=at):
                self._scribe.keep_clip(UUID(token), path, at)
            case ClipFailed(token, reason):
                log.warning("Event %s has no clip: %s", token, reason)
            case Opened():
                self._status.opened(message)
                self._unjudged.over()
                self._rig.window.clear()  # what comes now does not follow on what came before
                for event in self._rig.decider.opened:  # of a predecessor, say: what it still shows is ours to record
                    self._begin_clip(event.event_id, self._clock.wall())
            case Lost():
                self._status.lost(message)
            case RecordingLost(reason):
                self._recordings.lost(reason)
            case Rate(bytes_per_second):
                self._status.bytes_per_second = bytes_per_second

    def _show(self, picture: Live) -> None:
        last = self._last
        header = LiveHeader(
            camera=self._rig.settings.camera_id,
            epoch=self._seat.epoch,
            sequence=picture.sequence,
            at=picture.at,
            score=last.score.surprise if last else 0.0,
            threshold=last.threshold if last else 0.0,
            state=self._status.state,
        )
        self._station.show(header, picture.jpeg, picture.monotonic)

    # --- frames ---------------------------------------------------------------------------------------------------

    def _survive(self, frame: Frame) -> None:
        """Judge the frame; whatever goes wrong costs this frame and no more."""
        try:
            self._judge(frame)
        except (Superseded, BatcherClosed, TooLate):
            self._unjudged.late(self._rig.batcher.eye.name)
        except Exception as error:
            self._unjudged.failed(error)

    def _judge(self, frame: Frame) -> None:
        self._rig.window.append(frame)
        window = Window(tuple(self._rig.window))
        if len(window.frames) < self._rig.batcher.eye.window:
            return
        features = self._rig.batcher.submit(self._rig.settings.camera_id, window).result(timeout=LOOK_SECONDS)
        self._recordings.looked(frame.at, features)
        judgement = self._rig.normality.judge(frame, features, event_open=self._rig.decider.is_open)
        self._last = judgement
        self._status.progress = self._rig.normality.progress
        self._status.judged(judgement)
        self._unjudged.over()
        self._history.add(judgement)
        self._rig.features.see(judgement)
        for decision in self._rig.decider.decide(judgement):
            self._decided(decision, frame)

    def _decided(self, decision: Decision, frame: Frame) -> None:
        token = str(decision.event_id)
        trace = f"{self._rig.settings.camera_id.hex[:8]}-{self._seat.epoch}-{frame.sequence}"
        self._scribe.write(decision, trace)
        if content := self._rig.features.told(decision):
            self._scribe.keep_features(decision.event_id, content, decision.at)
            if decision.kind == "opened":
                self._scribe.keep_memory(decision.event_id, self._rig.normality.to_bytes(pictures=False), decision.at)
        if decision.kind == "opened":
            log.info("Event %s opened by frame %s: surprise %.2f.", token, trace, decision.score)
            self._begin_clip(decision.event_id, decision.started_at)
        if decision.kind == "closed":
            self._capture.end_clip(token, decision.at)
        elif self._picturing.wants(decision):
            self._capture.snapshot(token, decision.sequence)

    def _begin_clip(self, event_id: UUID, at: float) -> None:
        """Once per event: the clip that shows how it began is not replaced by a later one."""
        if self._clip_of != event_id:
            self._clip_of = event_id
            self._capture.begin_clip(str(event_id), at)

    # --- now and then ---------------------------------------------------------------------------------------------

    def _look_after(self) -> None:
        self._recordings.poll(self._capture.running)
        self._status.recording = self._recordings.problem
        self._seat.status = self._status.report()
        if peaks := self._history.take(at_least=HISTORY_SECONDS):
            self._station.keep_history(self._rig.settings.camera_id, peaks)
        if self._clock.monotonic() - self._saved_at >= SAVE_MEMORY_SECONDS:
            self._save_memory(at_least=1.0)

    def _save_memory(self, *, at_least: float) -> None:
        """Save what was learned, if that is `at_least` so many seconds more than is saved already."""
        self._saved_at = self._clock.monotonic()
        learned = self._rig.normality.learned_seconds
        if learned - self._learned_saved >= at_least:
            self._station.save_memory(self._seat, self._rig.settings, self._rig.batcher.eye, self._rig.normality)
            self._learned_saved = learned
