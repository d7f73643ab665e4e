"""Things that never happened, composed into real pictures: (picture, number of the frame) -> picture."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from inference.types import Box, Floats, Pixels


@dataclass(frozen=True)
class Vehicle:
    """A delivery van, seen from the side, that drives to the right from frame `begins` on; pixels."""

    y: int
    begins: int
    speed: float = 16.0
    """Per frame."""
    width: int = 110
    height: int = 52

    def box(self, picture: Pixels, number: int) -> Box | None:
        """Where it is, None where it is not in the picture."""
        left = round((number - self.begins) * self.speed) - self.width
        return _box(picture, left, self.y, left + self.width, self.y + self.height)

    def __call__(self, picture: Pixels, number: int) -> Pixels:
        return _pasted(picture, self._drawn(), round((number - self.begins) * self.speed) - self.width, self.y)

    def _drawn(self) -> Pixels:
        across, down = self.width, self.height
        dirt = np.random.default_rng(1).normal(0, 12, (down // 2, across // 2, 3))
        dirty = _enlarged(dirt.astype(np.float32), (across, down)) + np.array((40, 50, 190), np.float32)
        van = np.asarray(np.clip(dirty, 0, 255), np.uint8)
        cv2.rectangle(van, (across * 5 // 8, down // 8), (across * 15 // 16, down // 2), (60, 50, 40), -1)
        cv2.rectangle(van, (across // 16, down // 4), (across // 2, down // 2), (220, 225, 230), -1)
        cv2.putText(van, "FISH", (across // 12, down * 7 // 16), cv2.FONT_HERSHEY_PLAIN, 0.8, (120, 40, 20), 1)
        for wheel in (across // 5, across * 4 // 5):
            cv2.circle(van, (wheel, down - down // 5), down // 5, (25, 25, 25), -1)
            cv2.circle(van, (wheel, down - down // 5), down // 12, (150, 150, 150), -1)
        return van


@dataclass(frozen=True)
class Bag:
    """A dark bag with a bright strap that lies there from frame `begins` to `ends`; pixels."""

    x: int
    y: int
    begins: int
    ends: int = 10**9
    width: int = 16
    height: int = 13

    def box(self, picture: Pixels, number: int) -> Box | None:
        """Where it lies."""
        if not self.begins <= number < self.ends:
            return None
        return _box(picture, self.x, self.y, self.x + self.width, self.y + self.height)

    def __call__(self, picture: Pixels, number: int) -> Pixels:
        if not self.begins <= number < self.ends:
            return picture
        bag = np.full((self.height, self.width, 3), (45, 35, 50), np.uint8)
        cv2.line(bag, (3, 0), (self.width - 4, self.height - 1), (120, 150, 190), 2)
        # What the sensor sees of the place it sees of the bag: its noise.
        noise = np.random.default_rng(number).normal(0, 2, bag.shape)
        return _pasted(picture, np.asarray(np.clip(bag + noise, 0, 255), np.uint8), self.x, self.y)


@dataclass(frozen=True)
class Fire:
    """Flames that leap at one place from frame `begins` on, and grow for `grows` frames; pixels."""

    x: int
    y: int
    """Of its foot."""
    begins: int
    grows: int = 30
    height: int = 48

    def box(self, picture: Pixels, number: int) -> Box | None:
        """Where it burns, None before it does."""
        if number < self.begins:
            return None
        across, down = self._size(number)
        return _box(picture, self.x - across / 2, self.y - down, self.x + across / 2, self.y)

    def __call__(self, picture: Pixels, number: int) -> Pixels:
        if number < self.begins:
            return picture
        across, down = self._size(number)
        random = np.random.default_rng(number)
        leaps = _enlarged(random.random((6, 5)).astype(np.float32), (across, down))
        above, aside = np.mgrid[0:down, 0:across].astype(np.float32)
        above, aside = 1.0 - above / down, np.abs(aside - across / 2) / (across / 2)
        heat = np.clip(1.6 - 1.1 * above - 0.9 * aside - 0.8 * leaps, 0.0, 1.0)[..., None]
        flames = np.concatenate((30 + 150 * heat**3, 110 + 145 * heat, np.full_like(heat, 250)), axis=-1)
        left, top = self.x - across // 2, self.y - down
        behind = picture[top : top + down, left : left + across].astype(np.float32)
        opaque = np.clip(2.2 * heat, 0.0, 1.0)
        lit = np.asarray(behind * (1.0 - opaque) + flames * opaque, np.uint8)
        return _pasted(picture, lit, left, top)

    def _size(self, number: int) -> tuple[int, int]:
        down = max(6, round(self.height * min(1.0, (number - self.begins + 3) / self.grows)))
        return max(5, round(0.8 * down)), down


def _pasted(picture: Pixels, thing: Pixels, left: int, top: int) -> Pixels:
    """The picture with what of the thing is inside it."""
    height, width = picture.shape[:2]
    pasted = picture.copy()
    x, y = max(0, left), max(0, top)
    right, bottom = min(width, left + thing.shape[1]), min(height, top + thing.shape[0])
    if x < right and y < bottom:
        pasted[y:bottom, x:right] = thing[y - top : bottom - top, x - left : right - left]
    return pasted


def _box(picture: Pixels, left: float, top: float, right: float, bottom: float) -> Box | None:
    height, width = picture.shape[:2]
    box = Box(max(0.0, left / width), max(0.0, top / height), min(1.0, right / width), min(1.0, bottom / height))
    return box if box.left < box.right and box.top < box.bottom else None


def _enlarged(values: Floats, size: tuple[int, int]) -> Floats:
    return np.asarray(cv2.resize(values, size), np.float32)
