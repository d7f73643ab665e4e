"""How full the disk of the media storage is, and what there is still room for: recordings end first, then clips.

What is reserved below that is for the events themselves: their rows, their spool, their pictures.
"""

from __future__ import annotations

import errno
import os
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.files.storage import default_storage

RECORDING_RESERVE, CLIP_RESERVE = 2 << 30, 512 << 20
"""Bytes; of a small disk, the half and the quarter of what its high watermark leaves free."""


@dataclass(frozen=True, slots=True)
class Disk:
    """In bytes."""

    total: int
    free: int

    @property
    def excess(self) -> int:
        """What must go so that it is at its low watermark, where it is above its high one; else 0."""
        return self.above_low if self.above_high else 0

    @property
    def above_low(self) -> int:
        """What must go so that it is at its low watermark."""
        high, low = settings.VIGIL_DISK_HIGH.free(self.total), settings.VIGIL_DISK_LOW.free(self.total)
        return max(0, int(max(high, low)) - self.free)

    @property
    def above_high(self) -> int:
        """What must go so that it is not above its high watermark."""
        return max(0, int(settings.VIGIL_DISK_HIGH.free(self.total)) - self.free)

    @property
    def room(self) -> int:
        """What may still be recorded."""
        return max(0, self.free - int(settings.VIGIL_DISK_HIGH.free(self.total)))

    def has_room(self, reserve: int, part: float) -> bool:
        """Whether more is free than `reserve`, or that part of what the high watermark leaves free."""
        return self.free > min(reserve, part * settings.VIGIL_DISK_HIGH.free(self.total))


def media_disk() -> Disk | None:
    """As it is now; None where the media are not on a disk of this host."""
    try:
        folder = Path(default_storage.path(""))
    except NotImplementedError:
        return None
    while not folder.exists():
        folder = folder.parent
    found = os.statvfs(folder)
    return Disk(found.f_blocks * found.f_frsize, found.f_bavail * found.f_frsize)


def recording_problem() -> str:
    """Why no recording can be stored, the rest of a sentence; empty where one can."""
    try:
        disk = media_disk()
    except OSError:  # a share that went away, say: whoever asks has more to do than to record
        return "the disk cannot be reached"
    return "" if disk is None or disk.has_room(RECORDING_RESERVE, 0.5) else "the disk is full"


def refuse_clips_when_full() -> None:
    """Raises OSError where what is free is reserved for events."""
    disk = media_disk()
    if disk is not None and not disk.has_room(CLIP_RESERVE, 0.25):
        raise OSError(errno.ENOSPC, "what is free on the disk is reserved for events")
