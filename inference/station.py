"""Station: what one worker provides to all its camera loops: one Eye per kind, one spool, one way out for pictures."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from uuid import UUID

from events.live_frames import LiveHeader
from events.records import EventRecord
from events.segments import Segment
from inference import recording_sink, sink
from inference.batching import Batcher
from inference.capture.client import Capture
from inference.capture.messages import CapturePort, CaptureSettings
from inference.clocks import Clock
from inference.device import Device
from inference.evidence import Evidence, mark
from inference.eye.protocol import Eye
from inference.history import SecondPeak
from inference.live import LivePublisher
from inference.marking import heat
from inference.memory.feedback import Feedback
from inference.normality import Normality, NotThisEye
from inference.pool import ModelKey, ModelPool
from inference.seats import Seat
from inference.stored import StoredFeatures
from inference.types import Box, CameraSettings, Features, Place
from inference.writer import BatchWriter

log = logging.getLogger(__name__)

CONFIRMED_SECONDS = 8 * 86_400.0
"""Somewhat longer than a calibration remembers: what is confirmed later changes nothing."""
LONGEST_HISTORY = 3600
"""Seconds of scores kept per camera while the database is away."""


class WorkerStation:
    """Implements `ports.Station` and `scribe.Keeper`. Safe to use from all loops at once."""

    def __init__(
        self,
        *,
        device: Device,
        model_bytes: int,
        clock: Clock,
        writer: BatchWriter,
        evidence: Evidence,
        live: LivePublisher,
        footage_dir: Path,
        scratch_dir: Path,
        allowed_networks: Sequence[str],
        keep_seconds: float,
    ) -> None:
        self.clock = clock
        self.pool = ModelPool(device, model_bytes)
        self._writer, self._evidence, self._live = writer, evidence, live
        self._segments = recording_sink.SegmentStore(clock)
        self._footage_dir, self._scratch_dir = footage_dir, scratch_dir
        self._allowed_networks = tuple(allowed_networks)
        self._keep_seconds = keep_seconds
        """How long pictures may be kept."""
        self._lock = threading.Lock()
        self._loading = threading.Lock()
        """Its own: an Eye may take minutes to load, and the history must not wait for it."""
        self._batchers: dict[str, Batcher] = {}
        self._history: dict[UUID, list[SecondPeak]] = {}

    # --- for a loop -----------------------------------------------------------------------------------------------

    def capture_settings(self, settings: CameraSettings) -> CaptureSettings:
        recorded = settings.recording != "off"
        return CaptureSettings(
            source=settings.source,
            analysis_source=settings.analysis_source,
            analysis_fps=settings.analysis_fps,
            masks=settings.masks,
            footage_dir=self._footage_dir,
            scratch_dir=self._scratch_dir,
            allowed_networks=self._allowed_networks,
            segments_dir=self._scratch_dir / "segments" / str(settings.camera_id) if recorded else None,
        )

    def open_capture(self, settings: CaptureSettings) -> CapturePort:
        return Capture(settings)

    def batcher(self, eye: str) -> Batcher:
        with self._loading:
            if eye not in self._batchers:
                self._batchers[eye] = Batcher(self.pool.get(ModelKey(eye)), fatal=end_process)
                log.info("Loaded the eye %s for all cameras of this worker.", eye)
            return self._batchers[eye]

    def load_settings(self, camera_id: UUID) -> CameraSettings:
        return sink.load_settings(camera_id)

    def load_normality(self, settings: CameraSettings, eye: Eye, current: Normality | None) -> Normality:
        normality = self._known_or_new(settings, eye, current)
        normality.hours = normality.hours.under(settings.time_zone)
        normality.usual.under(settings.masks, keep_seconds=self._keep_seconds)
        normality.forgive(Feedback(_trails(settings.camera_id, eye.fingerprint)))
        normality.confirm(sink.load_confirmed(settings.camera_id, self.clock.wall() - CONFIRMED_SECONDS))
        return normality

    @staticmethod
    def _known_or_new(settings: CameraSettings, eye: Eye, current: Normality | None) -> Normality:
        memory_class = eye.memory_class
        budget, zones = settings.alarm_budget, settings.zones
        if current is not None and current.is_under(eye.fingerprint, budget, zones):
            return current  # with all that it remembers of the last seconds
        known = current.to_bytes() if current else sink.load_memory(settings.camera_id, eye.fingerprint)
        if known is not None:
            try:
                return Normality.from_bytes(
                    known, memory_class, fingerprint=eye.fingerprint, alarm_budget=budget, zones=zones
                )
            except NotThisEye as error:
                log.warning("Camera %s learns anew: %s", settings.camera_id, error)
        return Normality(memory_class(), fingerprint=eye.fingerprint, alarm_budget=budget, zones=zones)

    def save_memory(self, seat: Seat, settings: CameraSettings, eye: Eye, normality: Normality) -> None:
        content, learned_seconds = normality.to_bytes(), normality.learned_seconds
        newest, number = seat.newest, seat.newest.ask()

        def save() -> None:
            if seat.ending == "lost" or newest.outdone("what it learned", number):
                return  # it had to wait, and what was saved meanwhile knows more
            sink.save_memory(
                camera_id=settings.camera_id,
                epoch=seat.epoch,
                memory_version=settings.memory_version,
                fingerprint=eye.fingerprint,
                content=content,
                learned_seconds=learned_seconds,
            )
            newest.done("what it learned", number)

        self.keep_later(f"what camera {settings.camera_id} learned", save)

    def keep_history(self, camera_id: UUID, peaks: Sequence[SecondPeak]) -> None:
        with self._lock:
            kept = self._history.setdefault(camera_id, [])
            kept.extend(peaks)
            del kept[:-LONGEST_HISTORY]

    def live_rate(self, camera_id: UUID) -> float:
        return self._live.wanted(camera_id)

    def show(self, header: LiveHeader, jpeg: bytes, monotonic: float) -> None:
        self._live.publish(header, jpeg, monotonic=monotonic)

    # --- for a scribe ---------------------------------------------------------------------------------------------

    def add(self, record: EventRecord) -> None:
        self._writer.add(record)

    def keep_later(self, what: str, job: Callable[[], None], otherwise: Callable[[], None] = lambda: None) -> None:
        self._evidence.put(what, job, otherwise)

    def store_snapshot(self, name: str, jpeg: bytes, box: Box | None) -> str:
        return sink.store_media(name, mark(jpeg, box) if box else jpeg)

    def store_heat(self, name: str, jpeg: bytes, places: Sequence[Place]) -> str:
        return sink.store_media(name, heat(jpeg, places))

    def store(self, name: str, content: bytes) -> str:
        return sink.store_media(name, content)

    def store_features(self, name: str, content: bytes, event_id: UUID) -> str:
        return sink.store_features(name, content, event_id)

    def store_clip(self, name: str, clip: Path) -> str:
        """The first clip stays: it shows how the event began, that of a loop that began anew only how it went on."""
        if sink.has_media(name):
            clip.unlink(missing_ok=True)
            return name
        return sink.store_media(name, clip)

    def store_segment(self, segment: Segment, file: Path, database_time: float) -> None:
        self._segments.store(segment, file, database_time)

    def recording_problem(self) -> str:
        return recording_sink.recording_problem()

    @property
    def eyes(self) -> int:
        """Eye objects in this process, however many cameras look through them."""
        return len({id(batcher.eye) for batcher in list(self._batchers.values())})

    # --- for the worker -------------------------------------------------------------------------------------------

    def write_history(self) -> None:
        """Write the scores handed over so far. Raises what the database raises; then they are kept."""
        with self._lock:
            taken, self._history = self._history, {}
        while taken:
            camera_id, peaks = taken.popitem()
            try:
                if peaks:
                    sink.save_history(camera_id, peaks)
            except Exception:
                for each, kept in [(camera_id, peaks), *taken.items()]:
                    self.keep_history(each, kept)
                raise

    def close(self) -> None:
        """End the batchers and let go of the models."""
        for batcher in self._batchers.values():
            batcher.close()
        self._batchers.clear()
        self.pool.reset()


def _trails(camera_id: UUID, fingerprint: str) -> list[Features]:
    """Of the camera's false alarms, oldest first, as far as this eye saw them."""
    trails = []
    for content in sink.load_patterns(camera_id):
        try:
            stored = StoredFeatures.from_bytes(content)
        except ValueError as error:
            log.warning("A false alarm of camera %s teaches nothing: %s", camera_id, error)
        else:
            trails += [stored.trail] if stored.version.fingerprint == fingerprint else []
    return trails


def end_process(error: BaseException) -> None:
    """The device is lost for this process: only a new one can use it. The launcher starts it, others take over."""
    log.critical("The device failed for good, this worker ends: %r", error)
    logging.shutdown()
    os._exit(70)
