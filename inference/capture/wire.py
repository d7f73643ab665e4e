"""How values travel through the pipes of a capture process: two lengths, a header of JSON, a body of bytes."""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, Literal

import numpy as np

from inference.capture.messages import (
    Analysed,
    CaptureSettings,
    ClipDone,
    ClipFailed,
    Live,
    Message,
    Opened,
    Rate,
    RecordingLost,
    SnapshotDone,
)
from inference.types import Frame

LENGTHS = struct.Struct(">II")
LARGEST = 256 << 20
"""Bytes of one message. More is no message: the child went mad."""

Patience = Literal["usual", "person", "password"]


@dataclass(frozen=True, slots=True)
class Alive:
    """Packets arrive, even where no picture comes of them."""

    monotonic: float
    """Of the newest packet (of the quieter stream where there are two)."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Why the child ends."""

    state: Literal["stalled", "offline", "failed"]
    detail: str
    patience: Patience = "usual"
    """How soon to try again: as usual, when a person may have changed something, rarely lest we are locked out."""


Wire = Message | Alive | Fault
_KINDS: dict[str, type[Any]] = {
    kind.__name__: kind
    for kind in (Opened, Live, SnapshotDone, ClipDone, ClipFailed, RecordingLost, Rate, Alive, Fault)
}
_PATHS = ("footage_dir", "scratch_dir", "segments_dir")
"""The settings that are paths."""
_BODIES = {"Live": "jpeg", "SnapshotDone": "jpeg"}


class Garbled(ValueError):
    """What came through the pipe is no message."""


def packed(message: Wire) -> list[bytes | memoryview]:
    """The buffers to write, in order."""
    body: bytes | memoryview = b""
    if isinstance(message, Analysed):
        frame = message.frame
        header: dict[str, Any] = {
            "kind": "Analysed",
            "sequence": frame.sequence,
            "at": frame.at,
            "monotonic": frame.monotonic,
            "shape": frame.pixels.shape,
            "dropped": message.dropped,
        }
        body = np.ascontiguousarray(frame.pixels).data.cast("B")
    else:
        kind = type(message).__name__
        header = {field.name: getattr(message, field.name) for field in fields(message)}
        body = header.pop(_BODIES.get(kind, ""), b"")
        header["kind"] = kind
    text = json.dumps(header, default=str).encode()
    return [LENGTHS.pack(len(text), len(body)) + text, body]


def unpacked(header: dict[str, Any], body: bytes) -> Wire:
    """The message that `packed` packed. Raises Garbled."""
    try:
        kind = header.pop("kind")
        if kind == "Analysed":
            pixels = np.frombuffer(body, np.uint8).reshape(header["shape"])
            frame = Frame(header["sequence"], header["at"], header["monotonic"], pixels)
            return Analysed(frame, header["dropped"])
        if kind in _BODIES:
            header[_BODIES[kind]] = body
        if kind == "ClipDone":
            header["path"] = Path(header["path"])
        message: Wire = _KINDS[kind](**header)
    except (KeyError, TypeError, ValueError) as error:
        raise Garbled(f"{type(error).__name__} in a message of the capture process") from None
    return message


class Unpacker:
    """Cuts a byte stream into messages, however it comes in pieces."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> Iterator[Wire]:
        """The messages that are complete now. Raises Garbled."""
        self._buffer += data
        while len(self._buffer) >= LENGTHS.size:
            header_length, body_length = LENGTHS.unpack_from(self._buffer)
            if header_length + body_length > LARGEST:
                raise Garbled("a message longer than any")
            begin, end = LENGTHS.size + header_length, LENGTHS.size + header_length + body_length
            if len(self._buffer) < end:
                return
            try:
                header = json.loads(self._buffer[LENGTHS.size : begin])
            except ValueError:
                raise Garbled("a header that is no JSON") from None
            body = bytes(memoryview(self._buffer)[begin:end])
            del self._buffer[:end]
            yield unpacked(header, body)


def settings_to_json(settings: CaptureSettings) -> dict[str, Any]:
    """For the child's stdin; holds secrets."""
    values = asdict(settings)
    return values | {name: str(values[name]) for name in _PATHS if values[name]}


def settings_from_json(values: dict[str, Any]) -> CaptureSettings:
    """What `settings_to_json` wrote."""
    return CaptureSettings(
        **values
        | {
            **{name: Path(values[name]) for name in _PATHS if values[name]},
            "masks": tuple(tuple((float(x), float(y)) for x, y in mask) for mask in values["masks"]),
            "allowed_networks": tuple(values["allowed_networks"]),
        }
    )
