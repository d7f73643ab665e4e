"""Day and infrared night: two modes of a camera, each with a normality of its own, so that the switch costs no alarm.

In infrared light a picture has no colour at all; a camera that never has any is always in that mode, which is as good.
"""

from __future__ import annotations

from collections.abc import Callable

from inference.disturbance import ALL_LOSS, BLIND_SHARE, EMPTY_SHARE, LEAST_LOSS
from inference.memory.view import Look
from inference.types import Features, Frame, Mode

MODES: tuple[Mode, ...] = ("day", "night")
NO_COLOUR, COLOUR = 0.004, 0.006
"""Below, the picture is grey; above, it is not; between, the mode stays. A sunlit road of grey asphalt has 0.0067, the
chroma noise of a grey picture 0.002."""
SWITCH_SECONDS = 1.0


def mode_of(features: Features, now: Mode) -> Mode:
    """Of this picture alone, `now` where it does not say."""
    return "night" if features.colour < NO_COLOUR else "day" if features.colour > COLOUR else now


class ModeSwitch:
    """Decides when the mode changes. Used by one thread."""

    def __init__(self) -> None:
        self._since: float | None = None

    def see(self, frame: Frame, features: Features, now: Mode, may: Callable[[Mode], bool]) -> Mode:
        """The mode from this frame on; `may` says whether the picture can be the other mode's."""
        wanted = mode_of(features, now)
        if wanted == now or not may(wanted):
            self._since = None
            return now
        if self._since is None or frame.monotonic < self._since:
            self._since = frame.monotonic
        if frame.monotonic - self._since < SWITCH_SECONDS:
            return now
        self._since = None
        return wanted


def is_same_place(look: Look, other: Look | None) -> bool:
    """Whether a picture may be the same place in another light: not a cover, which has no colour either.

    `look`: beside the usual picture of the present mode; `other`: beside that of the other, None where it has none.
    """
    if other is not None:
        return other.loss < max(look.loss, LEAST_LOSS)
    return look.emptied < EMPTY_SHARE and look.bright < BLIND_SHARE and look.loss < ALL_LOSS
