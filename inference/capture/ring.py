"""The last seconds of a stream as it came, so that a clip can begin before its event."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from itertools import chain

from av.packet import Packet
from av.video.stream import VideoStream

from inference.capture.timeline import Stamp


@dataclass(frozen=True, slots=True)
class Entry:
    """A packet and when it came."""

    packet: Packet[VideoStream]
    stamp: Stamp


class PacketRing:
    """Keeps at least `seconds` of packets, from a key frame on; less where they would take more than `limit` bytes."""

    def __init__(self, seconds: float, limit: int) -> None:
        self._seconds = seconds
        self._limit = limit
        self._groups: deque[list[Entry]] = deque()
        self._bytes = 0
        self.dropped = 0
        """Packets thrown away although they were young enough, or because no key frame came before them."""

    def append(self, entry: Entry) -> None:
        """Add the newest packet and forget what is too old."""
        if entry.packet.is_keyframe:
            self._groups.append([])
        if not self._groups:
            self.dropped += 1
            return
        self._groups[-1].append(entry)
        self._bytes += entry.packet.size
        oldest_needed = entry.stamp.monotonic - self._seconds
        while len(self._groups) > 1 and self._groups[1][0].stamp.monotonic <= oldest_needed:
            self._forget()
        while self._bytes > self._limit:
            self.dropped += self._forget()

    def since(self, monotonic: float) -> list[Entry]:
        """From the last key frame at or before that moment on; from the oldest one where that is gone."""
        first = 0
        for index, group in enumerate(self._groups):
            if group[0].stamp.monotonic <= monotonic:
                first = index
        return list(chain.from_iterable(list(self._groups)[first:]))

    def clear(self) -> None:
        """Forget everything: the stream is another one now."""
        self._groups.clear()
        self._bytes = 0

    def _forget(self) -> int:
        group = self._groups.popleft()
        self._bytes -= sum(entry.packet.size for entry in group)
        return len(group)
