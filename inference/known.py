"""What is known of one mode of a camera: its Memory, its usual view, what stands in it, and its calibration."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from inference.calibration import Calibration
from inference.eye.protocol import Memory, MemoryClass
from inference.left import Left
from inference.memory.snapshot import Array, part
from inference.memory.stays import Stays
from inference.memory.view import ViewMemory
from inference.types import Features


@dataclass(frozen=True, slots=True)
class Known:
    """Day's or night's."""

    memory: Memory
    view: ViewMemory
    calibration: Calibration
    left: Left
    stays: Stays

    @classmethod
    def nothing(cls, memory: Memory, alarm_budget: float) -> Known:
        """Around a Memory that knows nothing yet."""
        return cls(memory, ViewMemory(), Calibration(alarm_budget), Left(), Stays())

    def arrays(self) -> dict[str, Array]:
        """For a snapshot."""
        arrays: dict[str, Array] = {
            "memory": np.frombuffer(self.memory.to_bytes(), np.uint8),
            "view": np.frombuffer(self.view.to_bytes(), np.uint8),
            "calibration": self.calibration.array(),
            "alarms": self.calibration.alarms(),
        }
        arrays |= {f"left/{name}": array for name, array in self.left.arrays().items()}
        return arrays | {f"stays/{name}": array for name, array in self.stays.arrays().items()}

    @classmethod
    def restored(cls, parts: Mapping[str, Array], memory_class: MemoryClass, alarm_budget: float) -> Known:
        """From `arrays()`. Raises KeyError, IndexError or ValueError where they are not such."""
        calibration = Calibration(alarm_budget)
        alarms = parts.get("alarms", np.zeros((0, 2))).astype(np.float64).reshape(-1, 2)  # before format 2: none
        calibration.restore(parts["calibration"].astype(np.float32), alarms)
        memory = memory_class.from_bytes(parts["memory"].tobytes())
        left = Left()
        if "left/usual" in parts:  # a snapshot of before things were looked for that are left
            left.restore(part(parts, "left"))
        stays = Stays.from_arrays(part(parts, "stays")) if "stays/longest" in parts else Stays()
        return cls(memory, ViewMemory.from_bytes(parts["view"].tobytes()), calibration, left, stays)

    def follow(self, features: Features) -> Features:
        """As the Memory wants them, and with for how long each thing stays. Once for each frame, in order."""
        return self.stays.follow(self.memory.follow(features))

    def learn(self, frames: Sequence[Features]) -> None:
        """Take these as normal."""
        self.stays.learn(frames, learning=self.memory.progress < 1.0)
        self.memory.learn(frames)
        for features in frames:
            self.view.learn(features)
