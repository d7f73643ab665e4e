"""Reads one source for as long as it delivers: stamps its packets, decodes them, keeps count of what is damaged."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import av.error
from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from inference.capture.faults import UNDECODABLE
from inference.capture.ring import Entry
from inference.capture.source import USUAL_FPS, Source, Unfit, check_size
from inference.capture.timeline import Stamp, Timeline

BLIND_SECONDS = 30.0
"""So long packets may come without a picture; cameras that save bandwidth send a key frame every ten seconds."""


class Reader:
    """Used by one thread; `last_packet` may be read by others."""

    def __init__(self, source: Source, *, decodes: Callable[[], bool] = lambda: True) -> None:
        """`decodes`: whether pictures are wanted at the moment; they begin with the next key frame."""
        self.source = source
        self.last_packet: float | None = None
        """Monotonic."""
        self.damaged = 0
        """Packets that could not be decoded."""
        self._decodes = decodes
        self._decoding = False
        self._timeline = Timeline()
        self._size = (0, 0)
        self._blind_since: float | None = None

    def steps(self) -> Iterator[tuple[Entry, list[VideoFrame], bool]]:
        """(packet, pictures that it gave, whether the stream is another one from this packet on).

        A picture's `opaque` is the Stamp of the packet that it came with. Raises Unfit and av.error.FFmpegError.
        """
        for packet in self.source.packets():
            stamp = self._stamped(packet)
            frames = self._decoded(packet, stamp)
            decoder = self.source.decoder
            size = (decoder.width, decoder.height)
            changed = size != self._size
            if changed:
                check_size(*size)
                self._size = size
            yield Entry(packet, stamp), frames, changed

    def _stamped(self, packet: Packet[VideoStream]) -> Stamp:
        clocked = self.source.has_clock
        stamp = self._timeline.stamp(
            packet.dts if clocked else None,
            packet.pts if clocked else None,
            self.source.time_base,
            at=time.time(),
            monotonic=time.monotonic(),
            frame_seconds=1.0 / (self.source.fps or USUAL_FPS) if clocked else 0.001,
        )
        packet.opaque = stamp
        self.last_packet = stamp.monotonic
        return stamp

    def _decoded(self, packet: Packet[VideoStream], stamp: Stamp) -> list[VideoFrame]:
        if not self._decodes():
            self._decoding = False
            self._blind_since = None
            return []
        if not self._decoding and not packet.is_keyframe:
            return self._blind(stamp)
        self._decoding = True
        try:
            frames = self.source.decoder.decode(packet)
        except av.error.InvalidDataError:
            self.damaged += 1
            return self._blind(stamp)
        if not frames:
            return self._blind(stamp)
        self._blind_since = None
        return frames

    def _blind(self, stamp: Stamp) -> list[VideoFrame]:
        if self._blind_since is None:
            self._blind_since = stamp.monotonic
        elif stamp.monotonic - self._blind_since > BLIND_SECONDS:
            raise Unfit(UNDECODABLE)
        return []
