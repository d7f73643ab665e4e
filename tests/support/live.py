"""A viewer of the live wall, as a script would be one."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import Any

from websockets.sync.client import connect

from tests.support.instance import Instance


@dataclass(frozen=True)
class Picture:
    """A live picture as it arrived."""

    arrived: float
    """Seconds since 1970."""
    at: float
    """When it was captured, seconds since 1970."""
    sequence: int


def watch(
    vigil: Instance, camera: str, *, seconds: float, fps: float = 5.0
) -> tuple[list[Picture], list[dict[str, Any]]]:
    """Watches a camera for so long: the pictures, and the other messages, as they came."""
    pictures: list[Picture] = []
    messages: list[dict[str, Any]] = []
    address = vigil.url.replace("http://", "ws://") + "/ws/live"
    with connect(address, additional_headers={"Authorization": f"Bearer {vigil.token}"}) as socket:
        socket.send(json.dumps({"type": "subscribe", "camera": camera, "fps": fps}))
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            try:
                message = socket.recv(timeout=left)
            except TimeoutError:
                break
            if isinstance(message, bytes):
                header = json.loads(message[4 : 4 + int.from_bytes(message[:4], "big")])
                pictures.append(Picture(time.time(), header["at"], header["sequence"]))
                socket.send(json.dumps({"type": "ack", "camera": camera}))
            else:
                messages.append(json.loads(message))
    return pictures, messages
