"""Opens a picture source: which protocols FFmpeg may speak for it, how long it may take, what is too much."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import suppress
from fractions import Fraction
from typing import Literal

import av
import av.error
from av.container import InputContainer
from av.packet import Packet
from av.stream import Discard
from av.video.codeccontext import VideoCodecContext
from av.video.stream import VideoStream

from cameras.sources import SourceNotAllowed, check_addresses, check_peers, check_source
from inference.capture.messages import CaptureSettings
from inference.capture.peers import peers_since, sockets
from inference.capture.wire import Fault

OPEN_SECONDS = 10.0
LARGEST_SIDE = 8192
LARGEST_PIXELS = 40_000_000
USUAL_FPS = 25.0
"""Assumed where a source does not say."""

Kind = Literal["rtsp", "http", "file"]
_LIMITS = {"max_pixels": str(LARGEST_PIXELS), "threads": "1"}
_OPTIONS: dict[Kind, dict[str, str]] = {
    "rtsp": {
        "protocol_whitelist": "rtsp,rtsps,rtp,srtp,udp,tcp,tls",
        "rtsp_transport": "tcp",
        "allowed_media_types": "video",
        # FFmpeg would watch a second of video to guess a frame rate that is used for nothing but display.
        "fpsprobesize": "0",
        **_LIMITS,
    },
    "http": {
        "protocol_whitelist": "http,https,tcp,tls",
        # No playlists: they could name any other address.
        "format_whitelist": "mpjpeg,mjpeg,jpeg_pipe,mpegts,flv,live_flv,mov,matroska,avi,mpeg,h264,hevc",
        "max_redirects": "0",
        "fpsprobesize": "0",
        **_LIMITS,
    },
    "file": {"protocol_whitelist": "file", **_LIMITS},
}
_WITHOUT_CLOCK = frozenset({"mpjpeg", "mjpeg", "jpeg_pipe", "h264", "hevc"})
"""Formats without timestamps: FFmpeg invents 25 pictures a second."""


UNANSWERED = Fault("offline", f"The camera did not answer within {OPEN_SECONDS:.0f} seconds.")


class Unfit(Exception):
    """The source answers but cannot be watched; holds the Fault."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.detail)
        self.fault = fault


def kind_of(source: str) -> Kind:
    """By the scheme alone."""
    scheme = source.partition("://")[0].lower() if "://" in source else ""
    return "rtsp" if scheme.startswith("rtsp") else "http" if scheme.startswith("http") else "file"


class Source:
    """An open source. Its packets come from one thread."""

    def __init__(self, address: str, settings: CaptureSettings) -> None:
        """Raises SourceNotAllowed, Unfit, av.error.FFmpegError."""
        self.kind = kind_of(address)
        self._place = check_source(
            address, footage_dir=settings.footage_dir, allowed_networks=settings.allowed_networks
        )
        self._allowed_networks = settings.allowed_networks
        check_addresses(address, allowed_networks=self._allowed_networks)
        self._container, self.stream = self._open()

    def _open(self) -> tuple[InputContainer, VideoStream]:
        began, before = time.monotonic(), sockets()
        try:
            container = av.open(
                self._place, options=dict(_OPTIONS[self.kind]), timeout=(OPEN_SECONDS, None), metadata_errors="replace"
            )
        except av.error.FFmpegError:
            if time.monotonic() - began >= OPEN_SECONDS:
                raise Unfit(UNANSWERED) from None  # FFmpeg gives an interrupted opening many names
            raise
        try:
            check_peers(peers_since(before), allowed_networks=self._allowed_networks)
            return container, _watchable(container)
        except (SourceNotAllowed, Unfit):
            container.close()
            raise

    @property
    def decoder(self) -> VideoCodecContext:
        return self.stream.codec_context

    @property
    def fps(self) -> float:
        """As declared; 0 where it is not."""
        rate = self.stream.average_rate
        return float(rate) if rate and 0 < rate <= 1000 else 0.0

    @property
    def has_clock(self) -> bool:
        """False where timestamps are invented and only the time of arrival says something."""
        return self._container.format.name not in _WITHOUT_CLOCK

    @property
    def time_base(self) -> Fraction:
        return self.stream.time_base or Fraction(1, 90_000)

    def packets(self) -> Iterator[Packet[VideoStream]]:
        """As they come; those of a file in real time and over and over. Ends where a live source says goodbye."""
        if self.kind == "file":
            yield from self._played()
        else:
            for packet in self._container.demux(self.stream):
                if packet.size:
                    yield packet

    def close(self) -> None:
        self._container.close()

    def _played(self) -> Iterator[Packet[VideoStream]]:
        due = time.monotonic()
        usual = 1.0 / (self.fps or USUAL_FPS)
        while True:
            before: float | None = None
            for packet in self._container.demux(self.stream):
                if not packet.size:
                    continue
                stands = packet.dts if packet.dts is not None else packet.pts
                seconds = None if stands is None else float(stands * self.time_base)
                step = usual if seconds is None or before is None else seconds - before
                before = seconds
                due += step if 0.0 < step <= 10.0 else usual
                time.sleep(max(0.0, due - time.monotonic()))
                yield packet
            if before is None:
                raise Unfit(Fault("failed", "The recording holds no pictures.", "person"))
            # The old one is not closed: another thread may be making a clip's header of its stream just now.
            self._container, self.stream = self._open()


def _watchable(container: InputContainer) -> VideoStream:
    if not container.streams.video:
        raise Unfit(Fault("failed", "The source has no video, only other data.", "person"))
    stream = container.streams.video[0]
    for other in container.streams:
        if other is not stream:
            with suppress(AttributeError, ValueError):
                other.discard = Discard.all
    decoder: VideoCodecContext | None = stream.codec_context
    if decoder is None:
        raise Unfit(Fault("failed", "The source's video is of a kind that cannot be decoded.", "person"))
    check_size(decoder.width, decoder.height)
    decoder.thread_count = 1  # a thread per core and camera would fight with the other cameras
    decoder.copy_opaque = True  # so that a picture knows the packet it came with, whatever its timestamps
    return stream


def check_size(width: int, height: int) -> None:
    """Raises Unfit where a picture is larger than anything that is watched."""
    if max(width, height) > LARGEST_SIDE or width * height > LARGEST_PIXELS:
        raise Unfit(
            Fault(
                "failed",
                f"The picture is too large ({width}x{height}); at most {LARGEST_SIDE} pixels a side "
                f"and {LARGEST_PIXELS // 1_000_000} megapixels are watched.",
                "person",
            )
        )
