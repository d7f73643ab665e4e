"""The default Eye: how what moves moves, and what it looks like. Cheap first, no download, no GPU needed.

Stage one, on the CPU, for every frame: what changed between two frames (without what changed all around, so that a lamp
is no motion), and only there dense optical flow (`inference.eye.flow`). Its mean over a body's size is what tells a
cyclist from a walker: limbs swing both ways and cancel out, a body does not. What moves is described where most goes
on. Stage two, a torch module on the device, looks at the patches that moved, batched over all cameras.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from inference.device import Device
from inference.eye.colour import colours_at
from inference.eye.flow import SCALE, Flow, Grey, halved
from inference.eye.patches import PATCH, PatchNet
from inference.eye.picture import Summary, grey_of, is_due, summary
from inference.eye.protocol import MemoryClass
from inference.memory import DensityMemory
from inference.stages import staged
from inference.types import Features, Floats, Pixels, Window

Integers = NDArray[np.intp]

VERSION = 6
LEAST_CHANGE = 5.0
"""Grey levels of 255 between two frames that count as motion; more would lose people in grey on grey."""
NEAR, LEAST_NEAR = (9, 9), 13
"""What surrounds a point, points, odd, and how many of it must have changed for something to move there: noise changes
single ones."""
BODY = (0.072, 0.116)
"""Width and height of what is seen as one body, in picture widths: a person at 15 m, a part of what is nearer."""
LEAST_MOTION = 0.5
"""Mean pixels between two frames from which something is described."""
REACH = 1.5
"""Bodies to each side that a box reaches at most: a crowd is one area, and one of them is to be marked."""
STEP = 2
"""Points between those that are tried, and in which areas are told apart."""
SLOW = 49
"""Points over which a change of light is even."""
MAX_THINGS = 24
"""Described per frame; beyond that those that moved least are left out."""
MAX_PATCHES = 4
"""Things whose appearance is looked at per frame; the others have their turn in the next frames."""


@dataclass(frozen=True, slots=True)
class _Things:
    """What moved in one frame, most first."""

    rows: Integers
    """Points, as columns."""
    columns: Integers
    flow: Floats
    """(n, 2): pixels since the frame before, mean over a body around the point."""
    activity: Floats
    """(n,): as `flow`, of its length: what moves to and fro does not cancel out."""
    boxes: Floats
    """(n, 4), 0..1: the connected moving area that the point belongs to."""
    areas: Floats
    """(n,): of that area, share of the picture."""
    colours: Floats
    """(n, 2): as `colours_at`."""


class MotionEye:
    """Motion, size, place, colour and appearance of what moves. Stateless; one object for all cameras."""

    name = "motion"
    window = 2

    def __init__(self, device: Device) -> None:
        self._net, self._flow = PatchNet(device), Flow()

    @property
    def memory_class(self) -> MemoryClass:
        return DensityMemory

    @property
    def fingerprint(self) -> str:
        return f"{self.name}-{VERSION}-{self._net.fingerprint}"

    @property
    def weight_bytes(self) -> int:
        return self._net.weight_bytes

    def look(self, windows: Sequence[Window]) -> list[Features]:
        """Features of each window; the appearance of all of them in one pass of the network."""
        seen = [self._see(window) for window in windows]
        turns = [
            _turn(len(things.rows), window.frames[-1].sequence)
            for (_, things), window in zip(seen, windows, strict=True)
        ]
        vectors = self._embed(windows, [things for _, things in seen], turns)
        return [
            _features(window, things, turn, embedded, _whole(window, half))
            for window, (half, things), turn, embedded in zip(windows, seen, turns, vectors, strict=True)
        ]

    def _see(self, window: Window) -> tuple[Grey, _Things]:
        """The newest picture, grey and halved, and what moves in it."""
        now, before = window.frames[-1], window.frames[0]
        if before is now or before.pixels.shape != now.pixels.shape:
            return halved(grey_of(now.pixels)), _nothing()
        grey, grey_before, half, active = _changed(before.pixels, now.pixels)
        if not active.any():
            return half, _nothing()
        return half, _describe(self._flow.between(grey_before, grey, active), active, now.pixels)

    @staged("appearance")
    def _embed(self, windows: Sequence[Window], seen: Sequence[_Things], turns: Sequence[Integers]) -> list[Floats]:
        """Of each window, the appearance of the things whose turn it is."""
        patches = [
            _patches(window.frames[-1].pixels, things.rows[turn] * SCALE, things.columns[turn] * SCALE)
            for window, things, turn in zip(windows, seen, turns, strict=True)
        ]
        vectors = self._net.embed(np.concatenate(patches))
        return np.split(vectors, np.cumsum([len(turn) for turn in turns])[:-1])


@staged("change")
def _changed(before: Pixels, now: Pixels) -> tuple[Grey, Grey, Grey, NDArray[np.bool_]]:
    """Both pictures in grey, the newer one in half its size, and the points where something moves."""
    grey, grey_before = grey_of(now), grey_of(before)
    half = halved(grey)
    changed = (_change(half, halved(grey_before)) > LEAST_CHANGE).view(np.uint8)
    return grey, grey_before, half, cv2.boxFilter(changed, -1, NEAR, normalize=False) >= LEAST_NEAR


@staged("describe")
def _describe(flow: Floats, active: NDArray[np.bool_], pixels: Pixels) -> _Things:
    """Where most goes on, how it moves as a body, and its colour."""
    body = round(BODY[0] * active.shape[1]) | 1, round(BODY[1] * active.shape[1]) | 1
    activity = _blur(cast(Floats, cv2.magnitude(*cv2.split(flow))), body)
    rows, columns = _peaks(activity, body)
    boxes, areas = _areas(active, rows, columns)
    means, colours = _means(flow, rows, columns, body), colours_at(pixels, active, rows, columns, body)
    return _Things(rows, columns, means, activity[rows, columns], boxes, areas, colours)


@staged("view")
def _whole(window: Window, half: Grey) -> Summary:
    """What is told of the picture as a whole, where it is due."""
    return summary(window.frames[-1].pixels, half) if is_due(window) else Summary()


def _blur(values: Floats, size: tuple[int, int]) -> Floats:
    """The mean around each point."""
    return cast(Floats, cv2.blur(values, size))


def _change(grey: Grey, before: Grey) -> Floats:
    """Absolute difference without its slow part: a lamp or a cloud changes all around, a thing changes its place."""
    smooth, smooth_before = (cv2.GaussianBlur(picture, (3, 3), 0) for picture in (grey, before))
    difference = cv2.subtract(smooth, smooth_before, dtype=cv2.CV_32F)
    return cast(Floats, cv2.absdiff(difference, cv2.blur(difference, (SLOW, SLOW))))


def _peaks(activity: Floats, body: tuple[int, int]) -> tuple[Integers, Integers]:
    """Where most goes on within half a body, most first."""
    grid = np.ascontiguousarray(activity[STEP // 2 :: STEP, STEP // 2 :: STEP])
    reach = np.ones((body[1] // 2 // STEP | 1, body[0] // STEP | 1), np.uint8)
    rows, columns = np.nonzero((grid == cv2.dilate(grid, reach)) & (grid > LEAST_MOTION))
    order = np.argsort(-grid[rows, columns], kind="stable")[:MAX_THINGS]
    return rows[order] * STEP + STEP // 2, columns[order] * STEP + STEP // 2


def _means(flow: Floats, rows: Integers, columns: Integers, body: tuple[int, int]) -> Floats:
    """(n, 2): the mean flow of a body around each point, of as much of it as is in the picture."""
    x, y = body[0] // 2, body[1] // 2
    bodies = (
        flow[max(0, row - y) : row + y + 1, max(0, column - x) : column + x + 1]
        for row, column in zip(rows.tolist(), columns.tolist(), strict=True)
    )
    return np.array([cv2.mean(each)[:2] for each in bodies], np.float32).reshape(-1, 2)


def _areas(active: NDArray[np.bool_], rows: Integers, columns: Integers) -> tuple[Floats, Floats]:
    """Box and size of the connected moving area that each point is part of; of a crowd the box is what is near."""
    height, width = active.shape
    tried = np.ascontiguousarray(active[::STEP, ::STEP]).view(np.uint8)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(tried, connectivity=8)
    stats[0] = 0, 0, tried.shape[1], tried.shape[0], 0  # a point beside what moves: only what is near counts
    found = stats[labels[rows // STEP, columns // STEP]].astype(np.float32) * STEP
    starts, sizes, points = found[:, :2], found[:, 2:4], found[:, 4]
    centres, reach = np.stack((columns, rows), axis=1), np.array(BODY) * (REACH * width)
    firsts, lasts = np.maximum(starts, centres - reach), np.minimum(starts + sizes, centres + 1 + reach)
    boxes = np.concatenate((firsts, lasts), axis=1) / (width, height, width, height)
    return boxes.clip(0.0, 1.0).astype(np.float32), points * STEP / (height * width)


def _nothing() -> _Things:
    none = np.zeros(0, np.intp)
    return _Things(none, none, *(np.zeros(shape, np.float32) for shape in ((0, 2), (0,), (0, 4), (0,), (0, 2))))


def _turn(count: int, sequence: int) -> Integers:
    """Which things have their appearance looked at in this frame: all, or by turns where there are many."""
    turns = max(1, -(-count // MAX_PATCHES))
    return np.arange(sequence % turns, count, turns)


def _patches(pixels: Pixels, rows: Integers, columns: Integers) -> Pixels:
    """(n, PATCH, PATCH, 3): what surrounds the points; the edges of the picture are repeated."""
    patches = np.empty((len(rows), PATCH, PATCH, 3), np.uint8)
    for patch, row, column in zip(patches, rows.tolist(), columns.tolist(), strict=True):
        cv2.getRectSubPix(pixels, (PATCH, PATCH), (column - 0.5, row - 0.5), patch)  # the centre, between two pixels
    return patches


@staged("describe")
def _features(window: Window, things: _Things, turn: Integers, vectors: Floats, whole: Summary) -> Features:
    """Speeds are in picture widths a second, places and sizes in shares of the picture."""
    frame, before = window.frames[-1], window.frames[0]
    height, width = (side // SCALE for side in frame.pixels.shape[:2])
    per_second = 1.0 / (frame.pixels.shape[1] * max(frame.monotonic - before.monotonic, 1e-3))
    velocity = things.flow * per_second
    place = np.stack((things.columns / width, things.rows / height), axis=1)
    appearance = np.full((len(things.rows), vectors.shape[1]), np.nan, np.float32)
    appearance[turn] = vectors
    attributes = {
        "speed": np.hypot(velocity[:, :1], velocity[:, 1:]),
        "velocity": np.concatenate((velocity, place), axis=1),
        "activity": things.activity[:, None] * per_second,
        "size": things.areas[:, None],
        "place": place,
        "colour": things.colours,
        "appearance": appearance,
    }
    return Features(
        at=frame.at,
        boxes=things.boxes,
        attributes={name: values.astype(np.float32) for name, values in attributes.items()},
        view=whole.view,
        colour=whole.colour,
        sharpness=whole.sharpness,
    )
