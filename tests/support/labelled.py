"""A small labelled dataset, drawn at test time: people on a path, and what is not usual there."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from av.video.frame import VideoFrame

from inference.types import Pixels
from tests.support.encoding import encode
from tests.support.scenes import FPS, SIZE, WALKERS, Thing, day

STROLLER = Thing(140, 3.0, width=14, start=40.0)
"""Where nobody ever goes."""
TRAIN_SECONDS, TEST_FRAMES = 34.0, 60
"""Twice the former is a little more than a camera learns before it alarms."""

ANOMALOUS: tuple[list[list[int]], ...] = ([[20, 45]], [], [[0, 30]])
"""Of the test clips."""


def write_video(path: Path, pictures: Sequence[Pixels], *, codec: str = "libx264") -> Path:
    """At 5 frames a second."""
    path.parent.mkdir(parents=True, exist_ok=True)
    frames = (VideoFrame.from_ndarray(picture, format="bgr24") for picture in pictures)
    return encode(path, frames, size=SIZE, fps=round(FPS), codec=codec, preset="ultrafast")


def strolls(frames: int, intervals: Sequence[Sequence[int]], first: int) -> list[Pixels]:
    """The path, with somebody on the lawn in those frames."""
    usual = day(frames / FPS, first=first)
    odd = day(frames / FPS, (*WALKERS, STROLLER), first=first)
    inside = {number for begin, end in intervals for number in range(begin, end)}
    return [odd[number] if number in inside else usual[number] for number in range(frames)]


def make_dataset(folder: Path) -> Path:
    """Two clips to learn from, three to judge, with masks; returns the folder."""
    masks = {}
    for number in (1, 2):
        write_video(folder / f"train/{number:02d}.mp4", day(TRAIN_SECONDS, first=1000 * number))
    for number, intervals in enumerate(ANOMALOUS, 1):
        pictures = strolls(TEST_FRAMES, intervals, 5000 * number)
        write_video(folder / f"test/{number:02d}.mp4", pictures)
        usual = day(TEST_FRAMES / FPS, first=5000 * number)
        differs = [(a != b).any(axis=2) for a, b in zip(pictures, usual, strict=True)]
        masks[f"masks_{number:02d}"] = np.packbits(np.array(differs), axis=2)
    np.savez_compressed(folder / "masks.npz", allow_pickle=False, **masks)
    content = {
        "name": "path",
        "fps": FPS,
        "train": [{"video": f"train/{number:02d}.mp4"} for number in (1, 2)],
        "test": [
            {"video": f"test/{number:02d}.mp4", "frames": TEST_FRAMES, "anomalous": intervals}
            for number, intervals in enumerate(ANOMALOUS, 1)
        ],
    }
    (folder / "dataset.json").write_text(json.dumps(content))
    return folder
