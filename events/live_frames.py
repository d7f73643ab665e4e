"""How a live picture and the wish for it travel through Redis. Free of Django: workers and the web share it.

* `live:frame:<camera id>` holds the camera's newest picture for 3 s, so that Redis itself forgets a frozen one.
* `live:notice` (pub/sub) carries the id of a camera with a new picture. Never the picture: a subscriber that stops
  reading would make the server keep all it missed.
* `live:demand` (pub/sub) carries what the viewers of one web process want to see, at once when it changes and every
  second besides. A web process that was not heard for 3 s wants nothing: no key is left behind that keeps a worker
  encoding for nobody, and two web processes cannot overwrite each other's wishes.
"""

from __future__ import annotations

import json
import socket
import struct
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final
from uuid import UUID

NOTICE: Final = "live:notice"
DEMAND: Final = "live:demand"
KEPT_MILLISECONDS: Final = 3000
STALE_SECONDS: Final = 2.0
"""An older picture is not shown as live."""
DEMAND_EVERY_SECONDS: Final = 1.0
DEMAND_HELD_SECONDS: Final = 3.0

LINK: Final[Mapping[str, Any]] = {
    "socket_connect_timeout": 1.0,
    "socket_keepalive": True,
    # A Redis whose host has vanished is noticed after 5 s, on a connection that only listens, too.
    "socket_keepalive_options": {
        getattr(socket, name): seconds
        for name, seconds in (("TCP_KEEPIDLE", 2), ("TCP_KEEPINTVL", 1), ("TCP_KEEPCNT", 3))
        if hasattr(socket, name)
    },
}
"""Options of a Redis connection of the live path."""

_LENGTH = struct.Struct(">I")


def frame_key(camera_id: UUID) -> str:
    """Where the camera's newest picture is kept."""
    return f"live:frame:{camera_id}"


@dataclass(frozen=True, slots=True)
class LiveHeader:
    """What is said with a live picture."""

    camera: UUID
    epoch: int
    """Of the lease under which it was made: a picture of an older one than seen already is not shown."""
    sequence: int
    """Of the newest analysed frame: at a higher rate several pictures carry the same one."""
    at: float
    """When it was captured, seconds since 1970, on the worker's clock: for people."""
    score: float = 0.0
    threshold: float = 0.0
    state: str = "watching"


def pack(header: LiveHeader, jpeg: bytes, *, age: float) -> bytes:
    """The length of the header (4 bytes, big-endian), the header as JSON with its `age`, the picture.

    `age` is seconds since the picture's packet arrived, measured on monotonic clocks, never between two hosts' clocks.
    """
    values = asdict(header) | {"camera": str(header.camera), "age": round(age, 3)}
    head = json.dumps(values, separators=(",", ":")).encode()
    return b"".join((_LENGTH.pack(len(head)), head, jpeg))


def unpack(data: bytes) -> tuple[LiveHeader, bytes, float]:
    """Header, picture and age that `pack` wrote. Raises ValueError where `data` is nothing of the kind."""
    try:
        (length,) = _LENGTH.unpack_from(data)
        values: dict[str, Any] = json.loads(data[_LENGTH.size : _LENGTH.size + length])
        age = float(values.pop("age"))
        header = LiveHeader(**values | {"camera": UUID(values["camera"])})
    except (struct.error, KeyError, TypeError) as error:
        raise ValueError("not a live picture") from error
    return header, data[_LENGTH.size + length :], age


@dataclass(frozen=True, slots=True)
class Demand:
    """What the viewers of one web process want to see: frames per second by camera."""

    hub: str
    cameras: Mapping[UUID, float]

    def to_bytes(self) -> bytes:
        """JSON."""
        return json.dumps({"hub": self.hub, "cameras": {str(id): fps for id, fps in self.cameras.items()}}).encode()

    @classmethod
    def from_bytes(cls, data: bytes) -> Demand:
        """The demand that `to_bytes` wrote. Raises ValueError where `data` is nothing of the kind."""
        try:
            values = json.loads(data)
            return cls(str(values["hub"]), {UUID(id): float(fps) for id, fps in values["cameras"].items()})
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError("not a demand") from error
