"""ViewMemory: what the picture as a whole usually looks like, to notice a lens covered, turned, blurred or blinded.

Compared is structure, not light: in each region the gradients of the picture now and of the usual picture are
correlated. A lamp or dusk scales gradients and leaves their correlation; a cover or another scene destroys it. A region
counts as much as it usually resembles itself: a lane full of cars says little about where the camera points.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np

from inference.memory.recent import Recent
from inference.memory.snapshot import pack, unpack
from inference.types import Features, Floats

REGIONS = (5, 8)
"""Rows and columns: small enough that a person changes few, large enough that each has structure."""
STRUCTURE = 0.004
"""Mean gradient (grey levels 0..1 per pixel of the small picture) from which a region can be compared: above noise."""
GONE = 0.1
"""Share of a region's usual gradients below which nothing is left of its structure."""
BRIGHT = 0.96
"""Grey level, 0..1, from which a point is burnt out."""
LEAST_FRAMES = 20
"""Before, the usual picture still holds whoever stood in the first ones."""
SETTLED_FRAMES = 80
"""Compared before the comparison has a say: 40 s of two a second, twice SETTLE_SECONDS."""
SETTLE_SECONDS = 20.0
"""How fast the usual picture follows what is seen."""
LEARN_SECONDS = 0.35
"""Between two pictures that are learned: what is usual changes slowly, and comparing costs."""
FRAMES_KEPT = 3000


@dataclass(frozen=True, slots=True)
class Look:
    """A picture beside the usual one."""

    loss: float = 0.0
    """Share of the usual structure that is not there, 0..1."""
    usual_loss: float = 0.0
    """The loss of the most unlike 1 in 1,000 normal moments."""
    emptied: float = 0.0
    """Share of the regions that usually have structure and have none."""
    gain: float = 1.0
    """Strength of the gradients, times the usual."""
    bright: float = 0.0
    """Share of the picture that is burnt out and usually is not."""
    blur: float = 1.0
    """How many times less sharp than usual."""
    usual_blur: float = 1.0
    """Of the least sharp 1 in 1,000 normal moments."""


class ViewMemory:
    """One camera's usual picture."""

    def __init__(self) -> None:
        self._usual = np.zeros((0, 0), np.float32)
        self._likeness = np.ones(REGIONS, np.float32)
        self._bright = 0.0
        self._losses = Recent(FRAMES_KEPT)
        self._blurs = Recent(FRAMES_KEPT)
        self._last_at: float | None = None
        self._frames = 0

    def look(self, features: Features) -> Look:
        """Compare; a picture of which the Eye gives nothing, or that nothing is known of, is as usual."""
        view = features.view
        if not view.size or self._usual.shape != view.shape or len(self._losses) < SETTLED_FRAMES:
            return Look()
        both, own, usual = self._compare(view)
        comparable = usual > STRUCTURE**2
        if not comparable.any():
            return Look()
        strength = np.sqrt(own[comparable] / usual[comparable])
        return Look(
            loss=self._loss(both, own, usual),
            usual_loss=self._losses.usual,
            emptied=float((strength < GONE).mean()),
            gain=float(np.sqrt(own[comparable].sum() / usual[comparable].sum())),
            bright=max(0.0, float((view > BRIGHT).mean()) - self._bright),
            blur=_blur(features) / self._blurs.median if self._blurs.median and _blur(features) else 1.0,
            usual_blur=self._blurs.usual / self._blurs.median if self._blurs.median else 1.0,
        )

    def learn(self, features: Features) -> None:
        """Take this picture as usual."""
        view, at = features.view, features.at
        if not view.size or self._is_soon(at):
            return
        if self._usual.shape != view.shape:
            self._usual, self._frames = view.copy(), 0
        elapsed = min(max(at - self._last_at, 0.0), 1.0) if self._last_at is not None else 0.0
        self._last_at = at
        self._frames += 1
        # An average at first, so that whoever stood there in the first picture is soon gone.
        pace = max(1.0 / self._frames, elapsed / SETTLE_SECONDS)
        if self._frames > LEAST_FRAMES:
            both, own, usual = self._compare(view)
            self._losses.add(self._loss(both, own, usual))
            follow = max(1.0 / (self._frames - LEAST_FRAMES), elapsed / SETTLE_SECONDS)
            self._likeness += follow * (_likeness(both, own, usual) - self._likeness)
        if blur := _blur(features):
            self._blurs.add(blur)
        self._bright += pace * (float((view > BRIGHT).mean()) - self._bright)
        self._usual += pace * (view - self._usual)

    def _is_soon(self, at: float) -> bool:
        return self._last_at is not None and 0.0 <= at - self._last_at < LEARN_SECONDS

    def to_bytes(self) -> bytes:
        arrays = {"usual": self._usual, "likeness": self._likeness, "losses": self._losses.array()}
        return pack(arrays | {"blurs": self._blurs.array(), "state": np.array([self._frames, self._bright])})

    @classmethod
    def from_bytes(cls, snapshot: bytes) -> ViewMemory:
        """Raises ValueError where the snapshot is not one; from one of before format 2 the picture alone is taken."""
        arrays = unpack(snapshot)
        memory = cls()
        try:
            memory._usual = arrays["usual"].astype(np.float32)
            if "state" not in arrays:
                memory._frames = int(arrays["frames"][0])
                return memory
            memory._likeness = arrays["likeness"].astype(np.float32).reshape(REGIONS)
            memory._losses.restore(arrays["losses"].astype(np.float32))
            memory._blurs.restore(arrays["blurs"].astype(np.float32))
            memory._frames, memory._bright = int(arrays["state"][0]), float(arrays["state"][1])
        except (KeyError, IndexError) as error:
            raise ValueError("this snapshot of a view lacks a part") from error
        return memory

    def _compare(self, view: Floats) -> tuple[Floats, Floats, Floats]:
        """By region: the product of the gradients now and usually, and the squares of either."""
        now, usual = _gradients(view), _gradients(self._usual)
        both, own, theirs = (_regions(_product(a, b)) for a, b in ((now, usual), (now, now), (usual, usual)))
        return both, own, theirs

    def _loss(self, both: Floats, own: Floats, usual: Floats) -> float:
        """0: as like the usual picture as ever; 1: nothing of it is left."""
        comparable = usual > STRUCTURE**2
        expected = self._likeness[comparable]
        left = np.minimum(_likeness(both, own, usual)[comparable], expected)
        return float(1.0 - left.sum() / max(float(expected.sum()), 1e-6)) if comparable.any() else 0.0


def _likeness(both: Floats, own: Floats, usual: Floats) -> Floats:
    """0..1 by region: the correlation of the gradients."""
    noise = STRUCTURE**2
    likeness: Floats = np.clip(both / np.sqrt((own + noise) * (usual + noise)), 0.0, 1.0)
    return likeness


def _blur(features: Features) -> float:
    """The opposite of sharpness; 0: not known."""
    return 1.0 / features.sharpness if features.sharpness > 0 else 0.0


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
