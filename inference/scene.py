"""Scene: what is to be said of a camera's picture as a whole: that its view is disturbed, or that something was left.

Both take more than one frame's features, so that neither can be scored again from them.
"""

from __future__ import annotations

from collections.abc import Sequence

from inference.disturbance import TEXTS, Disturbance, Guard
from inference.known import Known
from inference.left import LEFT, Thing
from inference.memory.attributes import VIEW
from inference.stages import staged
from inference.types import Features, Frame, Reason, Score, Zone
from inference.zones import is_watched


class Scene:
    """Of one camera. Used by one thread."""

    def __init__(self, zones: Sequence[Zone]) -> None:
        self.guard = Guard()
        self.disturbance: Disturbance | None = None
        self.thing: Thing | None = None
        """What was left, or taken away."""
        self._zones = tuple(zones)

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
        thing = known.left.see(features.view, frame.monotonic, learning=learning)
        self.thing = thing if thing and is_watched(self._zones, thing.box) else None

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


def is_of_scene(score: Score) -> bool:
    """Whether it tells of the whole picture or of what stands in it."""
    return bool(score.reasons) and score.reasons[0].attribute in {VIEW, LEFT}
