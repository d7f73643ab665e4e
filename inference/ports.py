"""What a camera loop needs of its surroundings, so that a test can put others in their place."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from typing import Protocol
from uuid import UUID

from events.live_frames import LiveHeader
from inference.capture.messages import CapturePort, CaptureSettings
from inference.clocks import Clock
from inference.eye.protocol import Eye
from inference.history import SecondPeak
from inference.normality import Normality
from inference.seats import Seat
from inference.types import CameraSettings, Features, Window


class BatcherPort(Protocol):
    """What the loop needs of a Batcher."""

    @property
    def eye(self) -> Eye: ...
    def submit(self, camera_id: UUID, window: Window) -> Future[Features]: ...


class Station(Protocol):
    """What a worker provides to all its loops."""

    @property
    def clock(self) -> Clock: ...
    def capture_settings(self, settings: CameraSettings) -> CaptureSettings:
        """What a capture process of that camera is started with."""

    def open_capture(self, settings: CaptureSettings) -> CapturePort:
        """A new capture; it starts its process in its first `receive`."""

    def batcher(self, eye: str) -> BatcherPort:
        """The batcher of that eye, shared by all cameras."""

    def load_settings(self, camera_id: UUID) -> CameraSettings:
        """As the database has them now."""

    def load_normality(self, settings: CameraSettings, eye: Eye, current: Normality | None) -> Normality:
        """For these settings: `current` under them where given, else what was saved, else one that knows nothing."""

    def save_memory(self, seat: Seat, settings: CameraSettings, eye: Eye, normality: Normality) -> None:
        """Keep what was learned, soon."""

    def keep_history(self, camera_id: UUID, peaks: Sequence[SecondPeak]) -> None:
        """Keep the scores, soon."""

    def live_rate(self, camera_id: UUID) -> float:
        """Pictures per second that somebody wants to see; 0: nobody watches."""

    def show(self, header: LiveHeader, jpeg: bytes, monotonic: float) -> None:
        """Show a live picture to whoever watches."""
