"""Cameras that play a script by the clock, and an eye that reads it off the pictures: faults have known answers.

`python -m tests.support.scripted PORT` serves `http://127.0.0.1:PORT/camera/N` as MJPEG, like a real camera: whoever
connects sees what is there now. Every `PERIOD` seconds an anomaly begins and lasts `LASTS` seconds; its number is in
the picture, as blocks of light. `EYE` is for `VIGIL_EYE`: it reads that number, and writes each moment that it scored
to the file in `VIGIL_ORACLE`, outside of everything that is under test.
"""

from __future__ import annotations

import asyncio
import io
import json
import os
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

import numpy as np

from inference.device import Device
from inference.eye.protocol import MemoryClass
from inference.types import Features, Floats, Frame, Pixels, Reason, Score, Window
from tests.support.processes import ROOT, free_port, running

PERIOD, LASTS, SHIFT = 30.0, 12.0, 1.9
"""Seconds; the script of each camera is `SHIFT` later than that of the one before it.

The quiet between two anomalies is longer than a takeover (8 s) and the Decider's merge gap (5 s) together: a worker
that takes over in a shorter one could not know that there was any.
"""
FRAMES_PER_SECOND = 8
BITS = 16
WIDTH, HEIGHT = 320, 180


def anomaly_at(camera: int, now: float) -> int:
    """The number of the anomaly that camera N shows at this time, 0 for none. `now`: seconds since 1970."""
    number, into = divmod(now - SHIFT * camera, PERIOD)
    return int(number) % (1 << BITS) or 1 if into >= PERIOD - LASTS else 0


def anomaly_began(camera: int, now: float) -> float:
    """When the anomaly began that camera N shows at this time or, if it shows none, showed last."""
    return now - (now - SHIFT * camera + LASTS) % PERIOD


def picture(camera: int, number: int) -> Pixels:
    """The picture that shows these two numbers."""
    pixels = np.full((HEIGHT, WIDTH, 3), 90, np.uint8)
    for bit in range(BITS):
        for row, code in ((0, number), (1, camera)):
            left, top = 8 + bit * 19, 20 + row * 60
            pixels[top : top + 40, left : left + 15] = 235 if code >> bit & 1 else 20
    return pixels


@lru_cache(maxsize=256)
def jpeg(camera: int, number: int, tick: int) -> bytes:
    """The picture, as a camera sends it; a light moves on with each tick, or the picture would be frozen."""
    import av

    shown = picture(camera, number)
    shown[-8:, tick * 20 : tick * 20 + 8] = 235
    buffer = io.BytesIO()
    with av.open(buffer, "w", format="mjpeg") as container:
        stream = container.add_stream("mjpeg", rate=1)
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuvj420p"
        container.mux(stream.encode(av.VideoFrame.from_ndarray(shown, format="bgr24")))
        container.mux(stream.encode(None))
    return buffer.getvalue()


def read(pixels: Pixels) -> tuple[int, int]:
    """(anomaly, camera) as shown in a picture of any size."""
    height, width = pixels.shape[:2]
    codes = []
    for row in (0, 1):
        y = round((40 + row * 60) / HEIGHT * height)
        levels = [pixels[y, round((15 + bit * 19) / WIDTH * width)].mean() for bit in range(BITS)]
        codes.append(sum(1 << bit for bit, level in enumerate(levels) if level > 128))
    return codes[0], codes[1]


async def _serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    request = (await reader.readuntil(b"\r\n\r\n")).decode()
    camera = int(request.split(" ", 2)[1].rsplit("/", 1)[-1])
    writer.write(b"HTTP/1.0 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary=frame\r\n\r\n")
    try:
        while True:
            now = time.time()
            image = jpeg(camera, anomaly_at(camera, now), int(now * FRAMES_PER_SECOND) % 7)
            writer.write(b"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n" % len(image))
            writer.write(image + b"\r\n")
            await writer.drain()
            await asyncio.sleep(1 / FRAMES_PER_SECOND)
    except ConnectionError:
        writer.close()


@contextmanager
def running_cameras(log: Path) -> Iterator[int]:
    """The cameras, served by a process of their own; gives the port."""
    port = free_port()
    with running([sys.executable, "-m", "tests.support.scripted", str(port)], log=log, cwd=ROOT):
        yield port


async def serve(port: int) -> None:
    """Serves until killed."""
    server = await asyncio.start_server(_serve, "127.0.0.1", port)
    await server.serve_forever()


class ScriptedEye:
    """Reads the number of the anomaly off the newest picture."""

    name = "scripted"
    fingerprint = "scripted-1"
    window = 1
    weight_bytes = 0

    @property
    def memory_class(self) -> MemoryClass:
        """As `Eye.memory_class`."""
        return ScriptedMemory

    def look(self, windows: Sequence[Window]) -> list[Features]:
        """As `Eye.look`: one thing per picture, with the attribute `number`."""
        return [self._features(window.frames[-1]) for window in windows]

    def _features(self, frame: Frame) -> Features:
        number, camera = read(frame.pixels)
        boxes = np.array([[0.3, 0.3, 0.7, 0.7]], np.float32)
        return Features(frame.at, boxes, {"number": np.array([[number, camera]], np.float32)})


EYE = "tests.support.scripted:create_eye"
"""What `VIGIL_EYE` is set to."""


def create_eye(_: Device) -> ScriptedEye:
    """See `EYE`."""
    return ScriptedEye()


class ScriptedMemory:
    """Knows at once what is normal, and tells the oracle what it scored as unusual."""

    learned_seconds = 60.0
    progress = 1.0

    @property
    def ranges(self) -> Mapping[str, float]:
        """As `Memory.ranges`: numbers are normal or not."""
        return {}

    def anew(self) -> ScriptedMemory:
        """As `Memory.anew`."""
        return ScriptedMemory()

    def follow(self, features: Features) -> Features:
        """As `Memory.follow`: it follows nothing."""
        return features

    def score(self, features: Features) -> Score:
        """As `Memory.score`."""
        number, camera = (int(value) for value in features.attributes["number"][0])
        _witness({"camera": camera, "anomaly": number, "at": features.date, "pid": os.getpid()})
        if not number:
            return Score(0.1)
        return Score(50.0, reasons=(Reason("number", 50.0, f"anomaly {number} of camera {camera}"),))

    def surprises(self, features: Features) -> Floats:
        """As `Memory.surprises`."""
        return np.where(features.attributes["number"][:, 0] > 0, 50.0, 0.1).astype(np.float32)

    def learn(self, frames: Sequence[Features]) -> None:
        """As `Memory.learn`: it knows all already."""

    def to_bytes(self) -> bytes:
        """As `Memory.to_bytes`: there is nothing to keep."""
        return b"scripted"

    @classmethod
    def from_bytes(cls, _: bytes) -> ScriptedMemory:
        """As ever."""
        return cls()


def _witness(moment: dict[str, float]) -> None:
    """Appends one line to the oracle's file; a write of this size to a file opened for appending is not torn."""
    path = os.environ.get("VIGIL_ORACLE")
    if path:
        descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        os.write(descriptor, json.dumps(moment).encode() + b"\n")
        os.close(descriptor)


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
