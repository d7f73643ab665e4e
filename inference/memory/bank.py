"""A bounded store of vectors that knows how far something new lies from what was seen."""

from __future__ import annotations

from typing import cast

import numpy as np
from numpy.typing import NDArray

from inference.types import Floats

CAPACITY = 1024
GROWTH = 1.5
"""Of the radius when there is no room. With 2, as the paper has it, real appearances (70 numbers each) fell from 1,024
centres to 61, and what was disturbed a little was told from what was not in 86 % of pairs; so it is in 98 %."""
NEAREST = 12
"""Centres looked at for one distance: enough to gather the mass wherever they lie close."""


class Bank:
    """Nearest-neighbour density in bounded room: centres with the number of vectors each stands for.

    A vector within `radius` of a centre only adds to its mass, another becomes a centre. When full, the radius grows
    and centres that now cover each other merge (after the doubling algorithm: Charikar et al., STOC 1997), so the room
    and the time of a query stay flat whatever was seen, and every vector learned is within three radii of a centre.
    Distances are to where the `mass` nearest vectors lie, so that one odd moment does not make the next one normal.
    """

    def __init__(self, size: int, radius: float, *, mass: float = 3.0, capacity: int = CAPACITY) -> None:
        self.radius = radius
        self._capacity = capacity
        self._mass = mass
        self._centres = np.zeros((0, size), np.float32)
        self._counts = np.zeros(0, np.float32)
        self._squares = np.zeros(0, np.float32)
        """Of the centres' lengths: kept, because each distance needs them all."""

    def __len__(self) -> int:
        return len(self._centres)

    @property
    def seen(self) -> float:
        """Vectors learned."""
        return float(self._counts.sum())

    def distances(self, vectors: Floats) -> Floats:
        """(n, size) -> (n,); infinite while nothing was learned."""
        if not len(self._centres):
            return np.full(len(vectors), np.inf, np.float32)
        apart = self._apart(vectors)
        rows = np.arange(len(vectors))
        nearest = apart.argmin(axis=1)
        if (self._counts[nearest] >= self._mass).all():  # as almost always: no need to look for more
            return cast(Floats, np.sqrt(apart[rows, nearest]))
        near = np.argpartition(apart, min(NEAREST, apart.shape[1] - 1), axis=1)[:, :NEAREST]
        near = np.take_along_axis(near, np.argsort(np.take_along_axis(apart, near, 1), axis=1), 1)
        gathered = np.cumsum(self._counts[near], axis=1) >= self._mass
        last = np.where(gathered.any(axis=1), gathered.argmax(axis=1), near.shape[1] - 1)
        distances: Floats = np.sqrt(apart[rows, near[rows, last]])
        return distances

    def learn(self, vectors: Floats) -> None:
        """Take these as seen."""
        fresh, known = self._add_to_near(vectors), len(self._centres)
        for vector in vectors[fresh]:
            self._insert(vector, known)
        if len(self._centres) > self._capacity:
            self._thin()

    def arrays(self) -> dict[str, NDArray[np.float32]]:
        """What a snapshot keeps."""
        return {"centres": self._centres, "counts": self._counts, "radius": np.array([self.radius], np.float32)}

    def restore(self, arrays: dict[str, NDArray[np.float32]]) -> None:
        """Go on from `arrays()`. Raises ValueError where they do not fit."""
        centres, counts = arrays["centres"], arrays["counts"]
        if centres.ndim != 2 or centres.shape[1] != self._centres.shape[1] or len(centres) != len(counts):
            raise ValueError("the centres have another size than this eye's vectors")
        self._keep(centres, counts)
        self.radius = float(arrays["radius"][0])

    def _apart(self, vectors: Floats) -> Floats:
        """Squared distances, (n, centres)."""
        squares = _squares(vectors)[:, None] + self._squares[None]
        apart: Floats = np.maximum(squares - 2.0 * vectors @ self._centres.T, 0.0)
        return apart

    def _thin(self) -> None:
        """Let the radius grow until there is room again; the heaviest centres stay."""
        while len(self._centres) > self._capacity * 3 // 4:
            self.radius *= GROWTH
            order = np.argsort(-self._counts, kind="stable")
            self._keep(self._centres[order], self._counts[order])
            apart = self._apart(self._centres) <= self.radius**2
            covered, kept = np.zeros(len(order), np.bool_), []
            for number in range(len(order)):
                if not covered[number]:
                    kept.append(number)
                    covered |= apart[number]
            merged = self._centres[kept]
            nearest = self._apart(merged).argmin(axis=0)
            nearest[kept] = np.arange(len(kept))
            self._keep(merged, np.bincount(nearest, self._counts, len(kept)).astype(np.float32))

    def _keep(self, centres: Floats, counts: Floats) -> None:
        self._centres, self._counts, self._squares = centres, counts, _squares(centres)

    def _add_to_near(self, vectors: Floats) -> NDArray[np.intp]:
        """Counts those that a centre covers; returns which none covers."""
        if not len(self._centres):
            return np.arange(len(vectors))
        apart = self._apart(vectors)
        nearest = apart.argmin(axis=1)
        covered = apart[np.arange(len(vectors)), nearest] <= self.radius**2
        np.add.at(self._counts, nearest[covered], np.float32(1.0))
        return np.nonzero(~covered)[0]

    def _insert(self, vector: Floats, known: int) -> None:
        """Take one that none of the first `known` centres covers."""
        apart = _squares(self._centres[known:] - vector)
        if len(apart) and apart.min() <= self.radius**2:
            self._counts[known + apart.argmin()] += np.float32(1.0)
            return
        self._centres = np.concatenate((self._centres, vector[None]))
        self._counts = np.append(self._counts, np.float32(1.0))
        self._squares = np.append(self._squares, _squares(vector[None]))


def _squares(vectors: Floats) -> Floats:
    """(n, size) -> (n,): of the lengths."""
    squares: Floats = (vectors**2).sum(axis=1)
    return squares
