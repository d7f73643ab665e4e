"""From a scene to a video file: H.264, 640x360, ten frames a second."""

from __future__ import annotations

import os
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from random import Random

import av
import cv2
import numpy as np

from cameras.demo.actors import HEIGHT, WIDTH, Actor, Picture
from cameras.demo.scenes import SECONDS, Scene

FRAMES_PER_SECOND = 10
QUIET_SECONDS = 90.0
"""Of footage to learn from."""
_NOISE_TILES = 8


def frames(
    scene: Scene, *, seed: int, seconds: float = SECONDS, anomalies: bool = True, begin: float = 0.0
) -> Iterator[Picture]:
    """The pictures of the scene from `begin` to `seconds`. Another seed gives other people in the same place."""
    background = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    scene.background(background, Random(scene.key))
    label = f"{scene.title} - rendered demonstration"
    cv2.putText(background, label, (8, 18), cv2.FONT_HERSHEY_SIMPLEX, 0.42, (240, 240, 240), 1, cv2.LINE_AA)
    actors: list[Actor] = scene.everyday(Random(f"{scene.key}/{seed}"))
    if anomalies:
        actors += [anomaly.actor for anomaly in scene.anomalies]
    noise = np.random.default_rng(seed).normal(0, 1.5, (_NOISE_TILES, HEIGHT, WIDTH, 3)).astype(np.int16)
    for number in range(round(begin * FRAMES_PER_SECOND), round(seconds * FRAMES_PER_SECOND)):
        picture = background.copy()
        for actor in actors:
            actor.draw(picture, number / FRAMES_PER_SECOND)
        yield np.asarray(cv2.add(picture, noise[number % _NOISE_TILES], dtype=cv2.CV_8U), np.uint8)


def render(scene: Scene, path: Path, *, seed: int, seconds: float = SECONDS, anomalies: bool = True) -> Path:
    """Writes the scene to `path`, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.stem}.{os.getpid()}.mp4")
    with av.open(str(draft), "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=FRAMES_PER_SECOND, options={"preset": "ultrafast", "crf": "26"})
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        stream.time_base = Fraction(1, FRAMES_PER_SECOND)
        stream.gop_size = 2 * FRAMES_PER_SECOND
        stream.thread_count = 1
        for number, picture in enumerate(frames(scene, seed=seed, seconds=seconds, anomalies=anomalies)):
            frame = av.VideoFrame.from_ndarray(picture, format="bgr24")
            frame.pts = number
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    draft.replace(path)
    return path


def quiet(scene: Scene, folder: Path) -> Path:
    """Where the recording is that the scene's camera learns from."""
    return folder / f"{scene.key}-quiet.mp4"


def scripted(scene: Scene, folder: Path) -> Path:
    """Where the file is that the scene's camera plays."""
    return folder / f"{scene.key}.mp4"


def prepare(scene: Scene, folder: Path) -> None:
    """Renders both, unless they are there: an ordinary day to learn from, and another day with the anomalies."""
    if not quiet(scene, folder).exists():
        render(scene, quiet(scene, folder), seed=1, seconds=QUIET_SECONDS, anomalies=False)
    if not scripted(scene, folder).exists():
        render(scene, scripted(scene, folder), seed=2)
