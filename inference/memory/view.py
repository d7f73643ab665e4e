"""ViewMemory: what the picture as a whole usually looks like, to notice a lens covered, turned, or cut to elsewhere.

Compared is structure, not light: in each region the gradients of the picture now and of the usual picture are
correlated. A lamp or dusk scales gradients and leaves their correlation; a cover or another scene destroys it.
"""

from __future__ import annotations

from typing import cast

import cv2
import numpy as np

from inference.memory.recent import Recent
from inference.memory.snapshot import pack, unpack
from inference.types import Floats

REGIONS = (5, 8)
"""Rows and columns: small enough that a person changes few, large enough that each has structure."""
STRUCTURE = 0.004
"""Mean gradient (grey levels 0..1 per pixel of the small picture) from which a region can be compared: above noise."""
LEAST_SCALE = 0.25
"""Share of the picture's structure that may be hidden without surprise, whatever the history says."""
SETTLE_SECONDS = 20.0
"""How fast the usual picture follows what is seen."""
FRAMES_KEPT = 3000


class ViewMemory:
    """One camera's usual picture."""

    def __init__(self) -> None:
        self._usual = np.zeros((0, 0), np.float32)
        self._differences = Recent(FRAMES_KEPT)
        self._last_at: float | None = None
        self._frames = 0

    def surprise(self, view: Floats) -> float:
        """How unlike the usual picture this is; 1.0 is as unlike as the most unlike 1 in 1,000 normal moments."""
        return self._difference(view) / max(LEAST_SCALE, self._differences.usual)

    def learn(self, view: Floats, at: float) -> None:
        """Take this picture as usual."""
        if not view.size:
            return
        if self._usual.shape != view.shape:
            self._usual, self._frames = view.copy(), 0
        elapsed = min(max(at - self._last_at, 0.0), 1.0) if self._last_at is not None else 0.0
        self._last_at = at
        self._frames += 1
        if self._frames > 50:
            self._differences.add(self._difference(view))
        # An average at first, so that whoever stood there in the first picture is soon gone.
        self._usual += max(1.0 / self._frames, elapsed / SETTLE_SECONDS) * (view - self._usual)

    def to_bytes(self) -> bytes:
        return pack(
            {"usual": self._usual, "differences": self._differences.array(), "frames": np.array([self._frames])}
        )

    @classmethod
    def from_bytes(cls, snapshot: bytes) -> ViewMemory:
        """Raises ValueError where the snapshot is not one."""
        arrays = unpack(snapshot)
        memory = cls()
        try:
            memory._usual = arrays["usual"].astype(np.float32)
            memory._differences.restore(arrays["differences"].astype(np.float32))
            memory._frames = int(arrays["frames"][0])
        except (KeyError, IndexError) as error:
            raise ValueError("this snapshot of a view lacks a part") from error
        return memory

    def _difference(self, view: Floats) -> float:
        """0: the same structure everywhere; 1: none of it is left. 0 too where there is nothing to compare."""
        if not view.size or self._usual.shape != view.shape:
            return 0.0
        now, usual = _gradients(view), _gradients(self._usual)
        both, own, theirs = (_regions(_product(a, b)) for a, b in ((now, usual), (now, now), (usual, usual)))
        comparable = theirs > STRUCTURE**2
        if not comparable.any():
            return 0.0
        noise = STRUCTURE**2
        likeness = both / np.sqrt((own + noise) * (theirs + noise))
        return float(1.0 - np.clip(likeness[comparable], 0.0, 1.0).mean())


def _gradients(view: Floats) -> tuple[Floats, Floats]:
    """Grey levels 0..1 per pixel, to the right and down."""
    across, down = cv2.Sobel(view, cv2.CV_32F, 1, 0, scale=0.125), cv2.Sobel(view, cv2.CV_32F, 0, 1, scale=0.125)
    return cast(Floats, across), cast(Floats, down)


def _product(one: tuple[Floats, Floats], other: tuple[Floats, Floats]) -> Floats:
    """The scalar product in each pixel."""
    product: Floats = one[0] * other[0] + one[1] * other[1]
    return product


def _regions(values: Floats) -> Floats:
    return cast(Floats, cv2.resize(values, (REGIONS[1], REGIONS[0]), interpolation=cv2.INTER_AREA))
