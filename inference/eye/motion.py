"""The default Eye: how what moves moves, and what it looks like. Cheap first, no download, no GPU needed.

Stage one, on the CPU, for every frame: what changed between two frames (without what changed all around, so that a lamp
is no motion), and only there dense optical flow (DIS: Kroeger et al., ECCV 2016). What moves is described where the
change peaks, so that a cyclist in a crowd is not averaged away. Stage two, a torch module on the device, looks at the
patches that moved, batched over all cameras.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from inference.device import Device
from inference.eye.patches import PATCH, PatchNet
from inference.eye.picture import colourfulness, sharpness
from inference.eye.protocol import MemoryClass
from inference.memory import DensityMemory
from inference.types import Features, Floats, Pixels, Window

Grey = NDArray[np.uint8]
Integers = NDArray[np.intp]

VERSION = 1
SCALE = 2
"""Pixels of the frame per point in which motion is measured: what a person's motion needs, at a quarter of the cost."""
LEAST_CHANGE = 10.0
"""Grey levels of 255 between two frames that count as motion; camera noise after the blur stays under 6."""
LEAST_SHARE = 0.15
"""Of what surrounds a point that must have changed for something to move there."""
AROUND = 9
"""Points, odd: what is seen as one place. Of 160 that is a person's width at 15 m."""
CREDIBLE_SHARE = 0.5
"""Of what surrounds a point that must have moved for its speed to be taken in full: fragments have wild speeds."""
STEP = 2
"""Points between those that are tried."""
SLOW = 49
"""Points over which a change of light is even."""
MAX_THINGS = 48
"""Described per frame; beyond that those that changed least are left out."""
MAX_PATCHES = 8
"""Things whose appearance is looked at per frame; the others have their turn in the next frames."""
VIEW_SIZE = (80, 45)
"""Width and height of the whole picture in small."""


@dataclass(frozen=True, slots=True)
class _Things:
    """What moved in one frame, strongest first: the peaks of the change."""

    rows: Integers
    """Points, as columns."""
    columns: Integers
    change: Floats
    """Mean absolute grey difference around the point, 0..255."""
    flow: Floats
    """(n, 2): points since the frame before, of what moved around the point."""
    boxes: Floats
    """(n, 4), 0..1: the connected moving area that the point belongs to."""
    areas: Floats
    """(n,): of that area, share of the picture."""


class MotionEye:
    """Motion, size, place and appearance of what moves. Stateless; one object for all cameras."""

    name = "motion"
    window = 2

    def __init__(self, device: Device) -> None:
        self._net = PatchNet(device)
        self._flow = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_ULTRAFAST)
        self._flow.setFinestScale(0)  # coarser flow blurs a person 6 points wide away
        self._flow.setGradientDescentIterations(6)
        self._flow_lock = threading.Lock()  # it keeps buffers, and a recording may be learned beside the cameras

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
        things = [self._things(window) for window in windows]
        turns = [
            _turn(len(seen.rows), window.frames[-1].sequence) for seen, window in zip(things, windows, strict=True)
        ]
        patches = [
            _patches(window.frames[-1].pixels, seen.rows[turn] * SCALE, seen.columns[turn] * SCALE)
            for window, seen, turn in zip(windows, things, turns, strict=True)
        ]
        vectors = np.split(self._net.embed(np.concatenate(patches)), np.cumsum([len(turn) for turn in turns])[:-1])
        return [
            _features(window, seen, turn, embedded)
            for window, seen, turn, embedded in zip(windows, things, turns, vectors, strict=True)
        ]

    def _things(self, window: Window) -> _Things:
        now, before = window.frames[-1], window.frames[0]
        if before is now or before.pixels.shape != now.pixels.shape:
            return _nothing()
        grey, grey_before = _grey(now.pixels), _grey(before.pixels)
        change = _change(grey, grey_before)
        moving = (change > LEAST_CHANGE).astype(np.float32)
        share = _around(moving)
        if float(share.max()) < LEAST_SHARE:
            return _nothing()
        strength = _around(change)
        rows, columns = _peaks(strength, share)
        flow = self._flow_where(share >= LEAST_SHARE, grey, grey_before) * moving[..., None]
        moved = _around(flow)[rows, columns] / share[rows, columns].clip(CREDIBLE_SHARE)[:, None]
        boxes, areas = _areas(share, rows, columns)
        return _Things(rows, columns, strength[rows, columns], moved, boxes, areas)

    def _flow_where(self, active: NDArray[np.bool_], grey: Grey, before: Grey) -> Floats:
        """Flow from this frame back to the one before, negated: how what is here came here. Zero where all is still."""
        height, width = grey.shape
        left, top, across, down = cv2.boundingRect(active.astype(np.uint8))
        top, left, bottom, right = max(0, top - 12), max(0, left - 12), top + down + 12, left + across + 12
        here, there = (np.ascontiguousarray(picture[top:bottom, left:right]) for picture in (grey, before))
        flow = np.zeros((height, width, 2), np.float32)
        back = np.zeros((*here.shape, 2), np.float32)
        with self._flow_lock:
            flow[top:bottom, left:right] = -self._flow.calc(here, there, back)
        return flow


def _grey(pixels: Pixels) -> Grey:
    """Grey levels, one point for SCALE x SCALE pixels."""
    height, width = pixels.shape[:2]
    size = (max(1, width // SCALE), max(1, height // SCALE))
    return cast(Grey, cv2.resize(cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY), size, interpolation=cv2.INTER_AREA))


def _around(values: Floats) -> Floats:
    """The mean around each pixel."""
    return cast(Floats, cv2.blur(values, (AROUND, AROUND)))


def _change(grey: Grey, before: Grey) -> Floats:
    """Absolute difference without its slow part: a lamp or a cloud changes all around, a thing changes its place."""
    smooth, smooth_before = (cv2.GaussianBlur(picture, (3, 3), 0) for picture in (grey, before))
    difference = cv2.subtract(smooth, smooth_before, dtype=cv2.CV_32F)
    return cast(Floats, cv2.absdiff(difference, cv2.blur(difference, (SLOW, SLOW))))


def _peaks(strength: Floats, share: Floats) -> tuple[Integers, Integers]:
    """Where the change is strongest within AROUND pixels, strongest first."""
    grid = np.ascontiguousarray(strength[STEP // 2 :: STEP, STEP // 2 :: STEP])
    reach = AROUND // STEP | 1
    peak = (grid == cv2.dilate(grid, np.ones((reach, reach), np.uint8))) & (
        share[STEP // 2 :: STEP, STEP // 2 :: STEP] >= LEAST_SHARE
    )
    rows, columns = np.nonzero(peak)
    order = np.argsort(-grid[rows, columns], kind="stable")[:MAX_THINGS]
    return rows[order] * STEP + STEP // 2, columns[order] * STEP + STEP // 2


def _areas(share: Floats, rows: Integers, columns: Integers) -> tuple[Floats, Floats]:
    """Box and size of the connected moving area that each point is part of."""
    active = (share[::STEP, ::STEP] >= LEAST_SHARE).astype(np.uint8)
    height, width = active.shape
    _, labels, stats, _ = cv2.connectedComponentsWithStats(active, connectivity=8)
    left, top, across, down, points = stats[labels[rows // STEP, columns // STEP]].T.astype(np.float32)
    boxes = np.stack((left / width, top / height, (left + across) / width, (top + down) / height), axis=1)
    return boxes, points / (height * width)


def _nothing() -> _Things:
    none = np.zeros(0, np.intp)
    return _Things(none, none, *(np.zeros(shape, np.float32) for shape in ((0,), (0, 2), (0, 4), (0,))))


def _turn(count: int, sequence: int) -> Integers:
    """Which things have their appearance looked at in this frame: all, or by turns where there are many."""
    turns = max(1, -(-count // MAX_PATCHES))
    return np.arange(sequence % turns, count, turns)


def _patches(pixels: Pixels, rows: Integers, columns: Integers) -> Pixels:
    """(n, PATCH, PATCH, 3): what surrounds the points; the edges of the picture are repeated."""
    if not len(rows):
        return np.zeros((0, PATCH, PATCH, 3), np.uint8)
    margin = PATCH // 2
    padded = cv2.copyMakeBorder(pixels, margin, margin, margin, margin, cv2.BORDER_REPLICATE)
    return np.stack([padded[y : y + PATCH, x : x + PATCH] for y, x in zip(rows, columns, strict=True)])


def _features(window: Window, things: _Things, turn: Integers, vectors: Floats) -> Features:
    """Speeds are in picture widths a second, places and sizes in shares of the picture."""
    frame, before = window.frames[-1], window.frames[0]
    seconds = max(frame.monotonic - before.monotonic, 1e-3)
    height, width = (side // SCALE for side in frame.pixels.shape[:2])
    velocity = things.flow / (width * seconds)
    appearance = np.full((len(things.rows), vectors.shape[1]), np.nan, np.float32)
    appearance[turn] = vectors
    attributes = {
        "speed": np.hypot(velocity[:, :1], velocity[:, 1:]),
        "velocity": velocity,
        "change": things.change[:, None],
        "size": things.areas[:, None],
        "place": np.stack((things.columns / width, things.rows / height), axis=1),
        "appearance": appearance,
    }
    small = cv2.resize(_grey(frame.pixels), VIEW_SIZE, interpolation=cv2.INTER_AREA)
    return Features(
        at=frame.at,
        boxes=things.boxes,
        attributes={name: values.astype(np.float32) for name, values in attributes.items()},
        view=small.astype(np.float32) / 255.0,
        colour=colourfulness(frame.pixels),
        sharpness=sharpness(frame.pixels),
    )
