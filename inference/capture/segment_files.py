"""Files of a recording on their way from the capture process to the media storage: the folder is the message.

A segment that is being written is a `.part`, one that is whole has its end in its name. What a killed process leaves
is cut back to its last whole fragment and kept. Free of PyAV: whoever reads the folder opens no stranger's video.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, replace
from pathlib import Path

PART, WHOLE = ".part", ".mp4"
_NAME = re.compile(r"(\d{1,15})-(\d{1,15})-([a-z0-9_]{1,24})-([px])-(\d{1,10})(\.part|\.mp4)")


@dataclass(frozen=True, slots=True)
class SegmentFile:
    """Some seconds of a camera's stream, as its file's name tells."""

    started: int
    """Milliseconds since 1970, as `ended`, which is 0 while it is being written."""
    ended: int
    codec: str
    playable: bool
    """Whether browsers show it."""
    pid: int
    """Of the capture process."""

    def path(self, folder: Path) -> Path:
        """Where it lies."""
        shown = "p" if self.playable else "x"
        suffix = WHOLE if self.ended else PART
        return folder / f"{self.started}-{self.ended}-{self.codec}-{shown}-{self.pid}{suffix}"

    @classmethod
    def of(cls, path: Path) -> SegmentFile | None:
        """What the name of a file says, None where it is not one of ours."""
        match = _NAME.fullmatch(path.name)
        if match is None:
            return None
        started, ended, codec, shown, pid, suffix = match.groups()
        if (suffix == WHOLE) != (int(ended) > 0):
            return None
        return cls(int(started), int(ended), codec, shown == "p", int(pid))

    def finish(self, folder: Path, ended_at: float) -> SegmentFile:
        """Give the written part its name: it ended at that wall-clock time. Raises OSError."""
        whole = replace(self, ended=max(self.started + 1, round(ended_at * 1000)))
        self.path(folder).rename(whole.path(folder))
        return whole


def whole_segments(folder: Path) -> list[SegmentFile]:
    """Those that are finished, oldest first."""
    return [file for file in _segments(folder) if file.ended]


def salvage(folder: Path, *, running: int | None, older_than: float) -> None:
    """Finish what a process that is gone left behind, as far as it is whole; remove the rest.

    `running`: the process whose parts are left alone. `older_than`: wall clock; a part written to later is, too.
    """
    for part in _segments(folder):
        path = part.path(folder)
        try:
            written = path.stat().st_mtime
            if not part.ended and part.pid != running and written <= older_than:
                finish_cut(folder, part, written)
        except FileNotFoundError:
            continue  # the process that cuts out masked places finished it just now


def finish_cut(folder: Path, part: SegmentFile, ended_at: float) -> None:
    """Keep the whole fragments of a part whose writing was broken off; remove it where there is none."""
    path = part.path(folder)
    length = _whole_bytes(path)
    if length:
        os.truncate(path, length)
        part.finish(folder, ended_at)
    else:
        path.unlink(missing_ok=True)


def _segments(folder: Path) -> list[SegmentFile]:
    try:
        names = sorted(folder.iterdir())
    except FileNotFoundError:
        return []
    found = [file for path in names if (file := SegmentFile.of(path))]
    return sorted(found, key=lambda file: file.started)


def _whole_bytes(path: Path) -> int:
    """Up to the end of the last whole `mdat` box that a whole `moof` goes before; 0 where there is none."""
    size, position, whole, before = path.stat().st_size, 0, 0, b""
    with path.open("rb") as file:
        while position + 8 <= size:
            file.seek(position)
            head = file.read(16)
            length, kind = int.from_bytes(head[:4], "big"), head[4:8]
            if length == 1:
                length = int.from_bytes(head[8:16], "big")
            if length < 8 or position + length > size:
                break
            position += length
            if kind == b"mdat" and before == b"moof":
                whole = position
            before = kind
    return whole
