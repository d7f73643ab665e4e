"""One picture of the main stream, decoded from the packets that are kept anyway, where a sub-stream is analysed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import av.error
from av.codec import CodecContext
from av.packet import Packet
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from inference.capture.ring import Entry
from inference.capture.timeline import Stamp


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a second decoder of the same stream is made with."""

    codec: str
    extradata: bytes | None
    width: int
    height: int

    @classmethod
    def of(cls, stream: VideoStream) -> Recipe:
        decoder = stream.codec_context
        return cls(decoder.codec.name, decoder.extradata, decoder.width, decoder.height)

    def decoder(self) -> VideoCodecContext:
        context = CodecContext.create(self.codec, "r")
        assert isinstance(context, VideoCodecContext)
        context.extradata = self.extradata
        context.width, context.height = self.width, self.height
        context.thread_count = 1
        context.copy_opaque = True
        return context


def picture_at(recipe: Recipe, entries: Sequence[Entry], monotonic: float) -> VideoFrame | None:
    """The picture whose packet came nearest to that moment. `entries` begin at a key frame.

    A decoder gives pictures in another order than packets: all that could follow are decoded, then the nearest taken.
    """
    decoder = recipe.decoder()
    best: VideoFrame | None = None
    distance = float("inf")
    needed: list[Packet[VideoStream] | None] = [e.packet for e in entries if e.stamp.monotonic <= monotonic]
    for packet in [*(needed or [entries[0].packet] if entries else []), None]:
        try:
            frames = decoder.decode(packet)
        except (av.error.InvalidDataError, av.error.EOFError):
            continue
        for frame in frames:
            stamp = frame.opaque
            if isinstance(stamp, Stamp) and abs(stamp.monotonic - monotonic) <= distance:
                best, distance = frame, abs(stamp.monotonic - monotonic)
    return best
