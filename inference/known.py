"""What is known of one mode of a camera: its Memory, its usual view and the calibration of its surprise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from inference.calibration import Calibration
from inference.eye.protocol import Memory, MemoryClass
from inference.memory.snapshot import Array
from inference.memory.view import ViewMemory
from inference.types import Features


@dataclass(frozen=True, slots=True)
class Known:
    """Day's or night's."""

    memory: Memory
    view: ViewMemory
    calibration: Calibration

    @classmethod
    def nothing(cls, memory: Memory, alarm_budget: float) -> Known:
        """Around a Memory that knows nothing yet."""
        return cls(memory, ViewMemory(), Calibration(alarm_budget))

    def arrays(self) -> dict[str, Array]:
        """For a snapshot."""
        return {
            "memory": np.frombuffer(self.memory.to_bytes(), np.uint8),
            "view": np.frombuffer(self.view.to_bytes(), np.uint8),
            "calibration": self.calibration.array(),
            "alarms": self.calibration.alarms(),
        }

    @classmethod
    def restored(cls, parts: Mapping[str, Array], memory_class: MemoryClass, alarm_budget: float) -> Known:
        """From `arrays()`. Raises KeyError, IndexError or ValueError where they are not such."""
        calibration = Calibration(alarm_budget)
        alarms = parts.get("alarms", np.zeros((0, 2))).astype(np.float64).reshape(-1, 2)  # before format 2: none
        calibration.restore(parts["calibration"].astype(np.float32), alarms)
        memory = memory_class.from_bytes(parts["memory"].tobytes())
        return cls(memory, ViewMemory.from_bytes(parts["view"].tobytes()), calibration)

    def learn(self, features: Features) -> None:
        """Take this as normal."""
        self.memory.learn(features)
        self.view.learn(features)
