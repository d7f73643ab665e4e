"""Learning from recordings beside the camera loops: the same Eye, asked through the same Batcher."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from uuid import UUID, uuid4

from inference import sink
from inference.eye.protocol import Eye
from inference.learn import learn_from
from inference.ports import BatcherPort
from inference.station import WorkerStation
from inference.types import Features, Window


class BatchedEye:
    """An Eye that waits for its turn among the cameras: the one behind the Batcher is not safe to share."""

    def __init__(self, batcher: BatcherPort) -> None:
        self._batcher = batcher
        self._id = uuid4()
        self.name = batcher.eye.name
        self.fingerprint = batcher.eye.fingerprint
        self.window = batcher.eye.window
        self.memory_class = batcher.eye.memory_class
        self.weight_bytes = 0
        """None of its own."""

    def look(self, windows: Sequence[Window]) -> list[Features]:
        """As `Eye.look`, one window after the other: a newer one would replace one that waits."""
        return [self._batcher.submit(self._id, window).result() for window in windows]


def learn_recordings(
    station: WorkerStation, camera_id: UUID, paths: Sequence[Path], progress: Callable[[float], None]
) -> float:
    """Add what the recordings show to the camera's normality, and give it to whichever loop runs the camera.

    Returns the seconds of footage that the normality knows now. Raises RecordingUnreadable.
    """
    settings = sink.load_settings(camera_id)
    eye: Eye = BatchedEye(station.batcher(settings.eye))
    normality = station.load_normality(settings, eye, None)
    learned = learn_from(paths, settings, eye, normality, progress)
    sink.replace_memory(
        camera_id=camera_id, fingerprint=eye.fingerprint, content=normality.to_bytes(), learned_seconds=learned
    )
    return learned
