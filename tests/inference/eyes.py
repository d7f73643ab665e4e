"""Eyes that do as they are told."""

from __future__ import annotations

import threading
from collections.abc import Sequence

import numpy as np

from inference.device import CPU, Device
from inference.eye.protocol import MemoryClass
from inference.memory import DensityMemory
from inference.types import Features, Frame, Window


class FakeEye:
    """Notes the batches it gets; its features carry the time of the window's last frame."""

    window = 1
    memory_class: MemoryClass = DensityMemory

    def __init__(self, device: Device = CPU, *, name: str = "fake", weight_bytes: int = 0) -> None:
        self.name = name
        self.fingerprint = f"{name}-1"
        self.weight_bytes = weight_bytes
        self.batches: list[int] = []
        self._errors: dict[int, Exception] = {}
        self.may_look = threading.Event()
        self.may_look.set()
        self.looks = threading.Semaphore(0)

    def fail_at(self, look: int, error: Exception) -> None:
        """Raise this in the look of that number, counted from 1."""
        self._errors[look] = error

    def look(self, windows: Sequence[Window]) -> list[Features]:
        self.batches.append(len(windows))
        number = len(self.batches)
        self.looks.release()
        assert self.may_look.wait(10)
        if error := self._errors.pop(number, None):
            raise error
        nothing = np.zeros((0, 4), np.float32)
        return [Features(window.frames[-1].at, nothing, {}) for window in windows]


def window(at: float = 0.0) -> Window:
    """One black frame."""
    return Window((Frame(0, at, at, np.zeros((2, 2, 3), np.uint8)),))
