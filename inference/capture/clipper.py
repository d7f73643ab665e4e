"""A process that writes one clip: an order and packets come through stdin, an MP4 that browsers play goes to disk.

It outlives the capture child, so that the clip of the moment in which a camera was cut is kept.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, Protocol

import av
from av.container import InputContainer, OutputContainer
from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from inference.capture.clip import ClipOrder
from inference.capture.limits import confine
from inference.capture.messages import ClipDone, ClipFailed
from inference.capture.outbox import write_all
from inference.capture.pictures import Pictures, fitting
from inference.capture.segment_files import SegmentFile
from inference.capture.timeline import TIME_BASE, Beat
from inference.capture.wire import packed
from inference.files import name_durably

WIDEST = 1280
FASTEST = 15.0
"""Pictures a second of a transcoded clip, at most."""
FRAGMENTS = {"movflags": "+empty_moov+default_base_moof", "frag_duration": "1000000", "flush_packets": "1"}
"""Of a segment: whole every second. Key frames are 16 seconds apart; one every two would take 7 to 38 % more room."""
ENCODER = {"preset": "superfast", "crf": "25", "threads": "1"}


class Writer(Protocol):
    """Puts packets into an MP4, one way or the other."""

    def take(self, packet: Packet[VideoStream]) -> None: ...

    def finish(self) -> tuple[float, float]:
        """(seconds after the first packet at which the clip begins, its length in seconds)."""


class Copy:
    """Packets as they are."""

    def __init__(self, output: OutputContainer, stream: VideoStream) -> None:
        self._output = output
        self._stream = output.add_stream_from_template(stream, opaque=True)
        self._first: int | None = None
        self._last = 0

    def take(self, packet: Packet[VideoStream]) -> None:
        if packet.pts is None:
            return
        self._first = packet.pts if self._first is None else min(self._first, packet.pts)
        self._last = max(self._last, packet.pts + (packet.duration or 0))
        packet.stream = self._stream
        self._output.mux_one(packet)

    def finish(self) -> tuple[float, float]:
        if self._first is None:
            raise ValueError("no picture")
        return 0.0, float((self._last - self._first) * TIME_BASE)


class Transcode:
    """Pictures decoded, masked, scaled and encoded anew."""

    def __init__(self, output: OutputContainer, stream: VideoStream, order: ClipOrder) -> None:
        self._output = output
        self._decoder = stream.codec_context
        self._decoder.thread_count = 1
        self._skip = order.skip
        self._pictures = Pictures(order.masks)
        self._beat = Beat(FASTEST)
        self._encoded: VideoStream | None = None
        self._first = self._last = 0.0

    def take(self, packet: Packet[VideoStream] | None) -> None:
        try:
            frames = self._decoder.decode(packet)
        except (av.error.InvalidDataError, av.error.EOFError):
            return  # a damaged packet costs its picture, not the clip
        for frame in frames:
            seconds = self._last if frame.pts is None else float(frame.pts * TIME_BASE)
            if seconds >= self._skip - 0.001 and self._beat.takes(seconds):
                self._encode(frame, seconds)

    def _encode(self, frame: VideoFrame, seconds: float) -> None:
        if self._encoded is None:
            width, height = fitting(frame.width, frame.height, WIDEST)
            self._encoded = self._output.add_stream("libx264", rate=round(FASTEST), options=ENCODER)
            self._encoded.width, self._encoded.height, self._encoded.pix_fmt = width, height, "yuv420p"
            self._encoded.codec_context.time_base = TIME_BASE
            self._first = self._last = seconds
        elif seconds <= self._last:
            return
        picture = self._pictures.planar(frame, self._encoded.width, self._encoded.height)
        picture.pts, picture.time_base = round((seconds - self._first) / TIME_BASE), TIME_BASE
        picture.pict_type = 0
        self._last = seconds
        self._output.mux(self._encoded.encode(picture))

    def finish(self) -> tuple[float, float]:
        self.take(None)
        if self._encoded is None:
            raise ValueError("no picture")
        self._output.mux(self._encoded.encode(None))
        return self._first, self._last - self._first + 1 / FASTEST


def write(order: ClipOrder, packets: BinaryIO) -> ClipDone:
    """Write the clip and sync it to the disk. Raises ValueError, OSError or av.error.FFmpegError.

    Of a segment that fails the part stays: whoever hears of it keeps what is whole.
    """
    final = Path(order.path)
    part = final if order.segment else final.with_suffix(".part")
    try:
        with av.open(packets, "r", format="nut") as source, _mp4(part, in_fragments=order.segment) as output:
            stream = source.streams.video[0]
            stream.codec_context.copy_opaque = True
            writer: Writer = Copy(output, stream) if order.copy else Transcode(output, stream, order)
            for packet in _until_cut_off(source, stream):
                writer.take(packet)
            skipped, seconds = writer.finish()
        if order.segment:
            final = _finished(part, order.begins_at + skipped + seconds)
        else:
            name_durably(part, final)
    finally:
        if not order.segment:
            part.unlink(missing_ok=True)
    return ClipDone(order.token, final, round(seconds, 3), not order.copy, order.begins_at + skipped)


def _mp4(path: Path, *, in_fragments: bool) -> OutputContainer:
    return av.open(str(path), "w", format="mp4", options=FRAGMENTS if in_fragments else {"movflags": "+faststart"})


def _finished(part: Path, ended_at: float) -> Path:
    file = SegmentFile.of(part)
    if file is None:
        raise ValueError("no name of a segment")
    return file.finish(part.parent, ended_at).path(part.parent)


def _until_cut_off(source: InputContainer, stream: VideoStream) -> Iterator[Packet[VideoStream]]:
    """What there is, where the child was killed in the middle of a packet."""
    with suppress(av.error.FFmpegError):
        for packet in source.demux(stream):
            if packet.size:
                yield packet


def main() -> None:
    """Read an order, write the clip, say so."""
    confine()
    av.logging.set_level(None)
    order = ClipOrder(**json.loads(sys.stdin.buffer.readline()))
    if not order.copy:
        os.nice(10)  # watching goes before encoding
    message: ClipDone | ClipFailed
    try:
        message = write(order, sys.stdin.buffer)
    except (ValueError, OSError, MemoryError, av.error.FFmpegError) as error:
        message = ClipFailed(order.token, f"The clip could not be written ({type(error).__name__}).")
    if order.segment:
        sys.exit(isinstance(message, ClipFailed))
    # At most PIPE_BUF bytes in one go: several clips of a camera share the pipe.
    write_all(order.report, b"".join(packed(message)))


if __name__ == "__main__":
    main()
