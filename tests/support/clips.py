"""Cuts a clip out of a recording as a capture process does out of a stream, without waiting for it."""

from __future__ import annotations

import io
from pathlib import Path

import av
from av.packet import Packet
from av.video.stream import VideoStream

from inference.capture import clipper
from inference.capture.clip import ClipOrder
from inference.capture.messages import ClipDone
from inference.capture.timeline import TICKS, TIME_BASE


def cut(source: Path, start: float, end: float, path: Path, *, copy: bool, segment: bool = False) -> ClipDone:
    """The clip from `start` to `end`, seconds of the recording; a copy begins at the key frame before.

    As a `segment` of a recording, `path` is its part.
    """
    packets = io.BytesIO()
    with av.open(str(source)) as recording:
        stream = recording.streams.video[0]
        kept = [packet for packet in recording.demux(stream) if packet.size]
        key = max((_seconds(packet, packet.pts) for packet in kept if _begins(packet, start)), default=0.0)
        with av.open(packets, "w", format="nut") as nut:
            target = nut.add_stream_from_template(stream, opaque=True)
            target.time_base = TIME_BASE
            for packet in kept:
                if key - 1e-6 <= _seconds(packet, packet.pts) <= end:
                    moved = av.Packet(bytes(packet))
                    moved.stream, moved.time_base, moved.is_keyframe = target, TIME_BASE, packet.is_keyframe
                    moved.dts = round((_seconds(packet, packet.dts) - key) * TICKS)
                    moved.pts = round((_seconds(packet, packet.pts) - key) * TICKS)
                    nut.mux_one(moved)
    packets.seek(0)
    skip = 0.0 if copy else start - key
    return clipper.write(ClipOrder(path.stem, str(path), 0, copy, key, skip, (), segment), packets)


def _begins(packet: Packet[VideoStream], start: float) -> bool:
    return packet.is_keyframe and _seconds(packet, packet.pts) <= start


def _seconds(packet: Packet[VideoStream], ticks: int | None) -> float:
    return float((ticks or 0) * (packet.time_base or 0))
