"""Visits: how much "never seen here" says, by how often things still come to places where none was before.

The share of visits that go to a new place is estimated by the share of places that were visited just once (Good,
Biometrika 40, 1953, p. 237; the estimator is Turing's), as an upper bound, so that a camera which has seen little does
not take what it has not seen for unusual. The same footage learned twice is one visit.
"""

from __future__ import annotations

from collections import OrderedDict

import numpy as np
from numpy.typing import NDArray

from inference.memory.attributes import PLACE
from inference.types import Features, Floats

CELLS = (9, 12)
"""Rows and columns of the picture: a person at 15 m fills about one."""
AWAY_SECONDS = 3.0
"""Nothing there for so long, and what comes is another visit: as long as what was seen waits before it is learned."""
STAY_SECONDS = 10.0
"""Who is still there after so long counts as another visit: on a busy square no place is ever empty."""
SURE = 1.645
"""Standard errors above the estimate: a one-sided 95 % bound."""
RARE = 0.015
"""Share of visits to new places under which a new one surprises in full: what a camera knows after 200 visits to places
that all were visited twice, a minute and a half of a path on which people walk."""
LEAST = 0.4
"""However little is known: a camera that has seen one passer-by must not be blind until the next ones come. With it,
what is merely somewhere new stays under the least threshold; what is far too fast, or strange in more, does not."""
FRAMES_KNOWN = 3000
"""In which the same footage is recognised, of those with something in them: as many as make the normal range."""


class Visits:
    """How often something came to each part of one camera's picture."""

    def __init__(self) -> None:
        self._counts = np.zeros(CELLS, np.float32)
        self._last_at = np.full(CELLS, -np.inf)
        self._came_at = np.full(CELLS, -np.inf)
        self._known: OrderedDict[bytes, None] = OrderedDict()

    @property
    def certainty(self) -> float:
        """LEAST: anything may come anywhere; 1: new places are rare. 1 where no places are known of at all."""
        visits = float(self._counts.sum())
        if not visits:
            return 1.0
        once = float(np.count_nonzero(self._counts == 1.0))
        most = once + SURE**2 / 2 + SURE * np.sqrt(once + SURE**2 / 4)  # Poisson's score interval
        return float(np.clip(np.log(most / visits) / np.log(RARE), LEAST, 1.0))

    def take(self, features: Features) -> None:
        """Learn where the things of a frame are."""
        if len(features.boxes) and PLACE in features.attributes:
            frame = features.boxes.tobytes() + features.attributes.get("speed", features.boxes).tobytes()
            self.learn(features.at, features.attributes[PLACE], frame)

    def learn(self, at: float, places: Floats, fingerprint: bytes) -> None:
        """(n, 2), 0..1: where something is, at that time, seconds; the same bytes are the same frame of a recording."""
        if fingerprint in self._known:
            return
        self._known[fingerprint] = None
        if len(self._known) > FRAMES_KNOWN:
            self._known.popitem(last=False)
        columns, rows = (places * np.array(CELLS[::-1])).astype(np.intp).T
        here = np.zeros(CELLS, np.bool_)
        here[rows.clip(0, CELLS[0] - 1), columns.clip(0, CELLS[1] - 1)] = True
        anew = here & ((np.abs(at - self._last_at) > AWAY_SECONDS) | (at - self._came_at > STAY_SECONDS))
        self._counts += anew
        self._came_at[anew] = self._last_at[here] = at

    def array(self) -> NDArray[np.float32]:
        """What a snapshot keeps."""
        return self._counts

    def restore(self, counts: NDArray[np.float32]) -> None:
        """Go on from `array()`. Raises ValueError where it does not fit."""
        if counts.shape != CELLS:
            raise ValueError("the snapshot counts visits in other parts of the picture")
        self._counts = counts.copy()
