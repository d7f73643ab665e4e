"""A bounded store of vectors that knows how far something new lies from what was seen."""

from __future__ import annotations

from math import ceil

import numpy as np
from numpy.typing import NDArray

from inference.types import Floats

CAPACITY = 1024
GROWTH = 1.5
"""Of the radius when there is no room. With 2, as the paper has it, real appearances (70 numbers each) fell from 1,024
centres to 61, and what was disturbed a little was told from what was not in 86 % of pairs; so it is in 98 %."""


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
        self._centres: Floats
        self._counts: Floats
        self._squares: Floats
        self._turned: Floats
        """Of the centres the squared lengths, and (size, centres) that times -2: each distance needs them all."""
        self._keep(np.zeros((0, size), np.float32), np.zeros(0, np.float32))

    def __len__(self) -> int:
        return len(self._centres)

    @property
    def seen(self) -> float:
        """Vectors learned."""
        return float(self._counts.sum())

    def distances(self, vectors: Floats) -> Floats:
        """(n, size) -> (n,); infinite while nothing was learned."""
        apart, rows = self._apart(vectors), np.arange(len(vectors))
        squares, gathered = np.full(len(rows), np.inf, np.float32), np.zeros(len(rows), np.float32)
        for _ in range(min(len(self), ceil(self._mass))):  # a centre stands for one vector at least
            each, nearest = np.arange(len(rows)), apart.argmin(axis=1)
            squares[rows] = apart[each, nearest]
            gathered += self._counts[nearest]
            light = gathered < self._mass
            if not light.any():  # as almost always at once
                break
            apart[each, nearest] = np.inf
            rows, apart, gathered = rows[light], apart[light], gathered[light]
        distances: Floats = np.sqrt(np.maximum(squares + _squares(vectors), 0.0))
        return distances

    def learn(self, vectors: Floats) -> None:
        """Take these as seen."""
        fresh = vectors[self._add_to_near(vectors)]
        if len(fresh):
            self._insert(fresh)
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
        """(n, centres): squared distances, but for the squares of the vectors, which rank no centre before another."""
        apart: Floats = vectors @ self._turned
        apart += self._squares
        return apart

    def _thin(self) -> None:
        """Let the radius grow until there is room again; the heaviest centres stay."""
        while len(self._centres) > self._capacity * 3 // 4:
            self.radius *= GROWTH
            order = np.argsort(-self._counts, kind="stable")
            centres, counts = self._centres[order], self._counts[order]
            kept, owners = _representatives(centres, self.radius)
            self._keep(centres[kept], np.bincount(owners, counts, len(kept)).astype(np.float32))

    def _keep(self, centres: Floats, counts: Floats) -> None:
        self._centres, self._counts, self._squares = centres, counts, _squares(centres)
        self._turned = np.ascontiguousarray(-2.0 * centres.T)

    def _add_to_near(self, vectors: Floats) -> NDArray[np.intp]:
        """Counts those that a centre covers; returns which none covers."""
        if not len(self._centres):
            return np.arange(len(vectors))
        apart = self._apart(vectors)
        nearest = apart.argmin(axis=1)
        covered = apart[np.arange(len(vectors)), nearest] + _squares(vectors) <= self.radius**2
        self._counts += np.bincount(nearest[covered], minlength=len(self._counts))
        return np.nonzero(~covered)[0]

    def _insert(self, fresh: Floats) -> None:
        """Take those that no centre covers."""
        kept, owners = _representatives(fresh, self.radius)
        counts = np.bincount(owners, minlength=len(kept)).astype(np.float32)
        self._keep(np.concatenate((self._centres, fresh[kept])), np.concatenate((self._counts, counts)))


def _representatives(vectors: Floats, radius: float) -> tuple[list[int], NDArray[np.intp]]:
    """(n, size) -> which of them cover all others, the first first, and (n,): the nearest of these to each."""
    squares = _squares(vectors)
    apart = vectors @ (-2.0 * vectors.T)
    apart += squares
    apart += squares[:, None]
    covers = apart <= radius**2
    covered, kept = np.zeros(len(vectors), np.bool_), []
    for number in range(len(vectors)):
        if not covered[number]:
            kept.append(number)
            covered |= covers[number]
    owners = apart[kept].argmin(axis=0)
    owners[kept] = np.arange(len(kept))
    return kept, owners


def _squares(vectors: Floats) -> Floats:
    """(n, size) -> (n,): of the lengths."""
    squares: Floats = np.einsum("ij,ij->i", vectors, vectors)
    return squares
