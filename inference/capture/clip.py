"""The capture child's part of a clip: hands packets to a process of its own that writes the file.

Capture never waits for a clip: packets are wrapped as NUT (any codec, exact times) into a queue, a thread feeds the
process from it, and what is slow or breaks there, encoder, disk, decoder, is slow and breaks there alone.
"""

from __future__ import annotations

import json
import logging
import queue
import subprocess
import threading
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import av
from av.packet import Packet
from av.video.stream import VideoStream

from inference.capture.limits import ROOT, command, environment
from inference.capture.ring import Entry
from inference.capture.timeline import TICKS, TIME_BASE
from inference.types import Polygon

log = logging.getLogger(__name__)
COPYABLE = frozenset({"yuv420p", "yuvj420p"})
"""What browsers play of H.264; 4:2:2 and ten bits they do not."""


@dataclass(frozen=True, slots=True)
class ClipOrder:
    """What the writing process is told, as a line of JSON before the packets."""

    token: str
    path: str
    """Of the finished file."""
    report: int
    """File descriptor on which `ClipDone` is said, straight to the parent: the child may be dead by then."""
    copy: bool
    begins_at: float
    """Wall clock of the first packet; where pictures are skipped, counted back from the first that is shown."""
    skip: float
    """Seconds after the first packet that are not shown; a copy shows them: it begins at the key frame before."""
    masks: tuple[Polygon, ...]
    segment: bool = False
    """Whether it is one of a recording: `path` is its part then, named as in `segment_files`, and nothing is said."""


def may_copy(stream: VideoStream, masks: Sequence[Polygon]) -> bool:
    """Whether the packets can go into the clip as they are: H.264 that browsers play, and nothing to hide."""
    decoder = stream.codec_context
    return decoder.codec.name == "h264" and decoder.pix_fmt in COPYABLE and not masks


def write_to(scratch: Path, token: str) -> Path:
    """The file of a clip. A token names a file, so that it must be one."""
    if not token or not all(character.isalnum() or character in "-_" for character in token):
        raise ValueError("a clip's token is letters, digits, - and _")
    scratch.mkdir(parents=True, exist_ok=True)
    return scratch / f"{token}.mp4"


class Clip:
    """An open clip. All methods under the recorder's lock."""

    def __init__(
        self,
        order: ClipOrder,
        template: VideoStream,
        *,
        most: int,
        ends: float,
        on_failure: Callable[[str, str], None],
    ) -> None:
        self.token = order.token
        self.ends = ends
        """Monotonic time after which no packet belongs to it."""
        self._feed = _Feed(order, most, on_failure)
        self._container = av.open(self._feed, "w", format="nut", options={"flush_packets": "1"})
        self._stream = self._container.add_stream_from_template(template, opaque=True)
        self._stream.time_base = TIME_BASE
        self._zero: int | None = None

    def take(self, entry: Entry) -> None:
        """Add a packet, the first one a key frame. Raises av.error.FFmpegError."""
        if self._zero is None:
            self._zero = entry.stamp.dts
        packet = Packet(bytes(entry.packet))
        packet.stream = self._stream
        packet.time_base = TIME_BASE
        packet.dts = entry.stamp.dts - self._zero
        packet.pts = (entry.stamp.dts if entry.stamp.pts is None else entry.stamp.pts) - self._zero
        packet.is_keyframe = entry.packet.is_keyframe
        self._container.mux_one(packet)

    def close(self) -> None:
        """No more packets; the process finishes the file in its own time."""
        try:
            self._container.close()
        finally:
            self._feed.close()

    def wait(self, seconds: float) -> None:
        """Until the process has been given everything."""
        self._feed.thread.join(seconds)


class _Feed:
    """The file that the NUT writer writes to: a bounded queue to the process's stdin."""

    def __init__(self, order: ClipOrder, most: int, on_failure: Callable[[str, str], None]) -> None:
        self._order = order
        self._on_failure = on_failure
        self._queue: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._room = most
        self._fed = threading.Lock()
        self.thread = threading.Thread(target=self._run, name="clip", daemon=True)
        self.thread.start()

    def write(self, data: bytes) -> int:
        """Queue it, or drop it once the process is hopelessly late: the clip then ends early."""
        with self._fed:
            if self._room >= len(data):
                self._room -= len(data)
                self._queue.put(bytes(data))
            else:
                self._room = -1
        return len(data)

    def close(self) -> None:
        self._queue.put(None)

    def _run(self) -> None:
        process = subprocess.Popen(
            command("inference.capture.clipper"),
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            cwd=ROOT,
            env=environment(),
            pass_fds=[self._order.report],
        )
        assert process.stdin is not None
        try:
            process.stdin.write(json.dumps(asdict(self._order)).encode() + b"\n")
            while (data := self._queue.get()) is not None:
                process.stdin.write(data)
                process.stdin.flush()
                with self._fed:
                    if self._room >= 0:
                        self._room += len(data)
            process.stdin.close()
        except OSError:
            pass  # it ended before its time: its return code says so
        if process.wait() != 0:
            self._on_failure(self._order.token, "The clip could not be written.")


def beginning(entries: Sequence[Entry], then: float, *, copy: bool) -> tuple[float, float]:
    """(seconds after the first packet, wall clock) of the first picture to show, so that all since `then` is covered.

    That is the last one at or before that monotonic moment: the one after it would be up to a picture's distance late.
    """
    first = entries[0].stamp
    if copy:
        return 0.0, first.at
    shown = max(0, bisect_right(entries, then, key=lambda entry: entry.stamp.monotonic) - 1)
    earliest = min(entry.stamp.seconds for entry in entries[shown:])  # B-frames come after what they are shown before
    return earliest - first.dts / TICKS, entries[shown].stamp.at
