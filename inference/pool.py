"""ModelPool: loads, warms and evicts the Eyes of one device within a memory budget, and nothing else."""

from __future__ import annotations

import threading
import weakref
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from inference.device import Device
from inference.eye.protocol import Eye
from inference.eye.registry import eye_factory
from inference.types import Frame, Window

Load = Callable[[Device], Eye]


class ModelTooLarge(RuntimeError):
    """The Eye does not fit beside those in use; the text says by how much."""


@dataclass(frozen=True, slots=True)
class ModelKey:
    """What tells one model from another on a device."""

    name: str
    """As in `Camera.eye`: a registered name or `package.module:factory`."""


class ModelPool:
    """The models of one device, each loaded once however many cameras and threads ask for it.

    * Over budget, the pool lets go of those asked for longest ago; one that a camera still uses stays alive with it,
      is still counted, and is handed out again rather than loaded twice.
    * A model that does not fit beside those in use raises ModelTooLarge.
    """

    def __init__(
        self, device: Device, budget_bytes: int, *, load: Callable[[ModelKey], Load] | None = None, warm: bool = True
    ) -> None:
        self.device = device
        self._budget = budget_bytes
        self._load = load or (lambda key: eye_factory(key.name))
        self._warm = warm
        self._lock = threading.Lock()
        self._kept: OrderedDict[ModelKey, Eye] = OrderedDict()
        self._alive: weakref.WeakValueDictionary[ModelKey, Eye] = weakref.WeakValueDictionary()

    def get(self, key: ModelKey) -> Eye:
        """The one Eye of that key, loaded and warmed on first use.

        Loading holds the lock: others wait for it rather than load beside it and run out of memory together.
        Raises ModelTooLarge, and whatever the factory raises.
        """
        with self._lock:
            eye = self._alive.get(key)
            if eye is None:
                eye = self._load(key)(self.device)
                self._make_room(eye)
                if self._warm:
                    eye.look([blank_window(eye.window)])
                self._alive[key] = eye
            self._kept[key] = eye
            self._kept.move_to_end(key)
            return eye

    @property
    def used_bytes(self) -> int:
        """Weights of all models alive, in the pool or still with a camera."""
        return sum(eye.weight_bytes for eye in list(self._alive.values()))

    def reset(self) -> None:
        """Let go of everything."""
        with self._lock:
            self._kept.clear()

    def _make_room(self, eye: Eye) -> None:
        while self.used_bytes + eye.weight_bytes > self._budget and self._kept:
            self._kept.popitem(last=False)
        if self.used_bytes + eye.weight_bytes > self._budget:
            raise ModelTooLarge(
                f"{eye.name} needs {eye.weight_bytes >> 20} MB on {self.device.name}, where {self.used_bytes >> 20} MB "
                f"of {self._budget >> 20} MB are in use."
            )


def blank_window(frames: int) -> Window:
    """A window in which nothing is to be seen, to warm an Eye up."""
    pixels = np.zeros((180, 320, 3), np.uint8)
    return Window(tuple(Frame(sequence=n, at=float(n), monotonic=float(n), pixels=pixels) for n in range(frames)))
