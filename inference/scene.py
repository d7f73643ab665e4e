"""Scene: what is to be said of a camera's picture as a whole: that its view is disturbed, or that something was left.

Both take more than one frame's features, so that neither can be scored again from them.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from inference.disturbance import TEXTS, Disturbance, Guard
from inference.known import Known
from inference.left import Thing
from inference.memory.attributes import LEFT, VIEW
from inference.memory.feedback import Feedback
from inference.stages import staged
from inference.types import Box, Features, Frame, Reason, Score, Zone
from inference.zones import is_watched


class Scene:
    """Of one camera. Used by one thread."""

    def __init__(self, zones: Sequence[Zone]) -> None:
        self.guard = Guard()
        self.disturbance: Disturbance | None = None
        self.thing: Thing | None = None
        """What was left, or taken away."""
        self._zones = tuple(zones)
        self._feedback = Feedback()

    @property
    def is_ordinary(self) -> bool:
        return self.disturbance is None and self.thing is None

    @staged("view")
    def see(self, frame: Frame, features: Features, known: Known, *, learning: bool) -> None:
        """Look at the newest frame with what is known of the mode that it is of; `learning`: the camera still is.

        What was said holds until the Eye looks at the whole picture again, which it does in some frames only.
        """
        if not features.view.size:
            return
        if learning:
            self.guard.learn(frame)
        self.disturbance = None if learning else self.guard.see(frame, known.view.look(features))
        if self.disturbance:
            known.left.pause()
            self.thing = None
            return
        self.thing = known.left.see(features.view, frame.monotonic, learning=learning, spared=self._is_spared)

    def forgive(self, feedback: Feedback) -> None:
        """From now on, tell nothing of what is left where people called that a false alarm."""
        self._feedback = feedback

    def disturbed(self, threshold: float) -> Score | None:
        """The score of a view so disturbed that it explains all that moves, None where it is not."""
        disturbance = self.disturbance
        if disturbance is None or not disturbance.explains_all:
            return None
        if not disturbance.settled:
            return Score(0.0)
        surprise, kind = disturbance.strength * threshold, disturbance.kind
        return Score(surprise, None, (Reason(VIEW, surprise, f"{kind}: {TEXTS[kind]}"),))

    def left(self, threshold: float) -> Score:
        """The score of what was left; 0 where nothing was."""
        if self.thing is None:
            return Score(0.0)
        surprise = self.thing.strength * threshold
        return Score(surprise, self.thing.box, (Reason(LEFT, surprise, self.thing.text),))

    def _is_spared(self, box: Box) -> bool:
        return not is_watched(self._zones, box) or self._feedback.spares(box)


def told_from(score: Score, features: Features) -> Features | None:
    """What of the features is kept with a score: of what was left where it is, nothing of a disturbed view."""
    attribute = score.reasons[0].attribute if score.reasons else ""
    if attribute == LEFT and score.box:
        return Features(features.at, np.array([score.box], np.float32), {LEFT: np.ones((1, 1), np.float32)})
    return None if attribute == VIEW else features
