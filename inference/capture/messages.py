"""What the camera loop tells a capture process and hears from it. Frozen values; free of PyAV and of Django."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from inference.types import Frame, Polygon


@dataclass(frozen=True, slots=True)
class CaptureSettings:
    """What a capture process is started with; it travels to the child through its stdin."""

    source: str
    """URL of the picture source, or a file below `footage_dir`. Holds secrets: never log it."""
    footage_dir: Path
    """The only folder below which a source may be a file."""
    scratch_dir: Path
    """Where finished clips are put for the parent to take; made if absent."""
    analysis_source: str = ""
    """A sub-stream to analyse instead; empty: the same as `source`."""
    analysis_fps: float = 5.0
    masks: tuple[Polygon, ...] = ()
    """Privacy masks, 0..1: black in everything that leaves the child."""
    width: int = 320
    """Of analysed frames, pixels; a smaller source is not enlarged."""
    live_width: int = 1280
    """Of live pictures at most, pixels."""
    pre_roll: float = 5.0
    post_roll: float = 10.0
    longest_clip: float = 60.0
    """Seconds, pre-roll and post-roll included."""
    ring_bytes: int = 64 << 20
    """Compressed packets kept for the pre-roll, at most."""
    segments_dir: Path | None = None
    """Where everything is recorded in segments for the parent to take; None: nothing is."""
    segment_seconds: float = 30.0
    """Of a segment at least: it ends with the next key frame."""
    allowed_networks: tuple[str, ...] = ("127.0.0.0/8", "::1/128")
    """Loopback and link-local networks (CIDR) in which a camera may be all the same."""


@dataclass(frozen=True, slots=True)
class Opened:
    """The source delivers: said after each (re)start and each change of the picture's size or codec."""

    codec: str
    width: int
    height: int
    fps: float
    """As the source declares it; 0 where it does not."""


@dataclass(frozen=True, slots=True)
class Analysed:
    """A picture to judge. When the parent is late only the newest is kept."""

    frame: Frame
    dropped: int = 0
    """Analysed frames of this Capture so far that were replaced by a newer one before anybody took them."""


@dataclass(frozen=True, slots=True)
class Live:
    """A picture to show, masked; made only while somebody watches. The newest replaces an older one."""

    sequence: int
    """Of the analysed frame that was the newest when this picture was made."""
    at: float
    monotonic: float
    jpeg: bytes


@dataclass(frozen=True, slots=True)
class SnapshotDone:
    """A picture of full resolution, masked. `jpeg` is empty where no picture could be made."""

    token: str
    jpeg: bytes
    at: float


@dataclass(frozen=True, slots=True)
class ClipDone:
    """A finished clip: H.264 in MP4, synced to the disk. The parent owns the file from here on."""

    token: str
    path: Path
    seconds: float
    transcoded: bool
    started_at: float = 0.0
    """Wall clock of the clip's first picture."""


@dataclass(frozen=True, slots=True)
class ClipFailed:
    """No clip will come for this token."""

    token: str
    reason: str


@dataclass(frozen=True, slots=True)
class Lost:
    """No picture comes. Capture tries again by itself after `retry_in` seconds; `Opened` says that it worked."""

    state: Literal["stalled", "offline", "failed"]
    """stalled: it delivered and fell silent; offline: it cannot be reached; failed: a person must change something."""
    detail: str
    """Plain English without secrets: 'The camera refused the password (401).'"""
    retry_in: float


@dataclass(frozen=True, slots=True)
class RecordingLost:
    """Some seconds were not recorded; it is tried again."""

    reason: str
    """Plain English, the rest of a sentence: 'the disk is full'."""


@dataclass(frozen=True, slots=True)
class Rate:
    """How much the source sends, said every few seconds."""

    bytes_per_second: float
    """Compressed, mean over the last minutes."""


Message = Opened | Analysed | Live | SnapshotDone | ClipDone | ClipFailed | Lost | RecordingLost | Rate


class CapturePort(Protocol):
    """What a camera loop needs of a Capture; tests give it a scripted one. Used by one thread."""

    @property
    def running(self) -> int | None:
        """The process id of the child, None while there is none."""

    def receive(self, timeout: float) -> Message | None:
        """The next message, or None after `timeout` seconds. Also runs watchdog, back-off and restarts."""

    def want_live(self, fps: float) -> None:
        """Make live pictures at this rate; 0: nobody watches, none is made."""

    def snapshot(self, token: str, sequence: int) -> None:
        """Ask for a picture of full resolution of that analysed frame, or the newest where it is gone."""

    def begin_clip(self, token: str, started_at: float) -> None:
        """Begin a clip `pre_roll` seconds before `started_at` (on the clock of `Frame.at`)."""

    def end_clip(self, token: str, ended_at: float) -> None:
        """Let the clip end `post_roll` seconds after `ended_at`, never longer than `longest_clip` in all."""

    def close(self) -> None:
        """End the child; it is reaped within a second. Clips that are being written are finished first if ready."""
