"""A camera loop between a scripted capture and a station that remembers, moved step by step."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np

from events.live_frames import LiveHeader
from events.records import FEATURES, MEMORY, EventRecord
from events.segments import Segment
from inference.capture.messages import Analysed, CaptureSettings, Message
from inference.clocks import DatabaseClock
from inference.eye.protocol import Eye, MemoryClass
from inference.history import SecondPeak
from inference.loop import CameraLoop
from inference.memory import DensityMemory
from inference.scribe import Scribe
from inference.seats import Seat
from inference.types import Box, CameraSettings, Features, Frame, Judgement, OpenEvent, Place, Reason, Score, Window
from inference.usual import UsualPictures
from tests.inference.fakes import FakeClock, assignment

CAMERA = UUID(int=1)
SETTINGS = CameraSettings(CAMERA, 1, "Gate", "rtsp://192.0.2.1/")
BOX = Box(0.1, 0.2, 0.3, 0.4)
PLACES = (Place(BOX, 1.0),)


@dataclass
class FakeCapture:
    """Says what the test puts into it, and remembers what it was told."""

    messages: deque[Message] = field(default_factory=deque)
    told: list[tuple[str, str]] = field(default_factory=list)
    pictured: int = 0
    """The frame that a snapshot was asked of last."""
    live: float = 0.0
    closed: bool = False
    running: int | None = 1

    def receive(self, timeout: float) -> Message | None:
        return self.messages.popleft() if self.messages else None

    def want_live(self, fps: float) -> None:
        self.live = fps

    def snapshot(self, token: str, sequence: int) -> None:
        self.told.append(("snapshot", token))
        self.pictured = sequence

    def begin_clip(self, token: str, started_at: float) -> None:
        self.told.append(("begin", token))

    def end_clip(self, token: str, ended_at: float) -> None:
        self.told.append(("end", token))

    def close(self) -> None:
        self.closed = True


class FakeEye:
    """Sees the brightness of the newest picture."""

    name = "brightness"
    fingerprint = "brightness-1"
    window = 1
    weight_bytes = 0
    memory_class: MemoryClass = DensityMemory

    def look(self, windows: Sequence[Window]) -> list[Features]:
        return [self._see(window.frames[-1]) for window in windows]

    def _see(self, frame: Frame) -> Features:
        return Features(frame.at, np.zeros((1, 4), np.float32), {"light": np.full((1, 1), frame.pixels.max())})


class FakeBatcher:
    """Looks at once; `fails` is raised instead."""

    def __init__(self) -> None:
        self.eye: Eye = FakeEye()
        self.fails: Exception | None = None

    def submit(self, camera_id: UUID, window: Window) -> Future[Features]:
        future: Future[Features] = Future()
        if self.fails:
            future.set_exception(self.fails)
        else:
            future.set_result(self.eye.look([window])[0])
        return future


class FakeNormality:
    """Bright is surprising; each score is of the frame before, as a smoothed one may be."""

    progress = 1.0
    places: tuple[Place, ...] = ()

    def __init__(self) -> None:
        self.learned_seconds = 0.0
        self.usual = UsualPictures()

    def to_bytes(self, *, pictures: bool) -> bytes:
        assert not pictures
        return b"memory"

    def judge(self, frame: Frame, features: Features, *, event_open: bool) -> Judgement:
        surprise = float(features.attributes["light"][0, 0]) / 50
        self.learned_seconds += 0.0 if event_open else 0.2
        reasons = (Reason("light", surprise, "brighter than ever"),)
        score = Score(surprise, BOX, reasons, self.places)
        return Judgement(frame.sequence - 1, frame.at, frame.monotonic, score, 1.0, features=features)


@dataclass
class FakeStation:
    """Implements `Station` and `Keeper`; evidence is stored at once."""

    clock: FakeClock
    settings: CameraSettings = SETTINGS
    records: list[EventRecord] = field(default_factory=list)
    captures: list[FakeCapture] = field(default_factory=list)
    features: dict[UUID, bytes] = field(default_factory=dict)
    shown: list[LiveHeader] = field(default_factory=list)
    saved: int = 0
    normalities: list[Any] = field(default_factory=list)
    history: list[SecondPeak] = field(default_factory=list)
    watched: float = 0.0
    segments: list[Segment] = field(default_factory=list)
    full: str = ""
    """Why no segment can be stored."""
    one_batcher: FakeBatcher = field(default_factory=FakeBatcher)

    def capture_settings(self, settings: CameraSettings) -> CaptureSettings:
        return CaptureSettings(settings.source, Path("/footage"), Path("/scratch"), masks=settings.masks)

    def open_capture(self, settings: CaptureSettings) -> FakeCapture:
        self.captures.append(FakeCapture())
        return self.captures[-1]

    def batcher(self, eye: str) -> FakeBatcher:
        return self.one_batcher

    def load_settings(self, camera_id: UUID) -> CameraSettings:
        return self.settings

    def load_normality(self, settings: CameraSettings, eye: Eye, current: Any) -> Any:
        self.normalities.append(current or FakeNormality())
        return self.normalities[-1]

    def save_memory(self, seat: Seat, settings: CameraSettings, eye: Eye, normality: Any) -> None:
        self.saved += 1

    def keep_history(self, camera_id: UUID, peaks: Sequence[SecondPeak]) -> None:
        self.history += peaks

    def live_rate(self, camera_id: UUID) -> float:
        return self.watched

    def show(self, header: LiveHeader, jpeg: bytes, monotonic: float) -> None:
        self.shown.append(header)

    def add(self, record: EventRecord) -> None:
        self.records.append(record)

    def keep_later(self, what: str, job: Callable[[], None], otherwise: Callable[[], None]) -> None:
        job()

    def store_snapshot(self, name: str, jpeg: bytes, box: Box | None) -> str:
        assert box == BOX
        return name

    def store_heat(self, name: str, jpeg: bytes, places: Sequence[Place]) -> str:
        assert places == PLACES
        return name

    def store(self, name: str, content: bytes) -> str:
        return name

    def store_features(self, name: str, content: bytes, event_id: UUID) -> str:
        self.features[event_id] = content
        return name

    def store_clip(self, name: str, clip: Path) -> str:
        return name

    def store_segment(self, segment: Segment, file: Path, database_time: float) -> None:
        file.unlink()
        self.segments.append(segment)

    def recording_problem(self) -> str:
        return self.full


class Bench:
    """A loop, its capture and what came out of it."""

    def __init__(self, opened: Sequence[OpenEvent] = (), epoch: int = 1) -> None:
        self.clock = FakeClock()
        self.station = FakeStation(self.clock)
        self.seat = Seat(assignment(1, epoch=epoch))
        database_clock = DatabaseClock(self.clock)
        database_clock.set(5000.0, self.clock.boottime())
        self.loop = CameraLoop(
            self.seat, SETTINGS, opened, self.station, Scribe(self.seat, database_clock, self.station)
        )
        self._sequence = 0

    @property
    def capture(self) -> FakeCapture:
        return self.station.captures[-1]

    def say(self, *messages: Message) -> None:
        self.capture.messages.extend(messages)
        while self.loop.step():
            pass

    def see(self, light: int, frames: int = 1) -> None:
        """So many frames of that brightness, five a second."""
        for _ in range(frames):
            self.clock.advance(0.2)
            self._sequence += 1
            pixels = np.full((4, 4, 3), light, np.uint8)
            self.say(Analysed(Frame(self._sequence, self.clock.wall(), self.clock.monotonic(), pixels)))

    def kinds(self) -> list[str]:
        """Of the records; what comes with each event, for workers only, is left out."""
        return [record.kind for record in self.station.records if record.name not in (FEATURES, MEMORY)]
