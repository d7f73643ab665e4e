"""A file system that forgets, at a simulated power cut, all that was not synced: the worst that a real one may do."""

from __future__ import annotations

import errno
from pathlib import Path


class ForgetfulFiles:
    """In memory. `crash()` leaves what was synced; `room` is how many bytes of files may be made in all."""

    def __init__(self, *, room: int = 1 << 30, honours_sync: bool = True) -> None:
        self.room = room
        self._honours_sync = honours_sync
        self._seen: dict[Path, bytearray] = {}
        self._kept: dict[Path, bytes] = {}

    def crash(self, *, torn: int = 0) -> None:
        """The power is gone; of the bytes that were not synced, the first `torn` of each file reached the disk."""
        survived = {path: bytearray(content) for path, content in self._kept.items()}
        for path, content in survived.items():
            changed = [n for n, (old, new) in enumerate(zip(content, self._seen[path], strict=True)) if old != new]
            for n in changed[:torn]:
                content[n] = self._seen[path][n]
        self._seen = survived
        self._kept = {path: bytes(content) for path, content in survived.items()}

    def make(self, path: Path, size: int) -> None:
        if size > self.room:
            raise OSError(errno.ENOSPC, "No space left on device", str(path))
        self.room -= size
        self._seen[path] = bytearray(size)
        self._kept[path] = bytes(size)

    def write(self, path: Path, offset: int, content: bytes) -> None:
        self._seen[path][offset : offset + len(content)] = content

    def sync(self, path: Path) -> None:
        if self._honours_sync:
            self._kept[path] = bytes(self._seen[path])

    def read(self, path: Path) -> bytes:
        return bytes(self._seen[path])

    def remove(self, path: Path) -> None:
        if content := self._seen.pop(path, None):
            self.room += len(content)
        self._kept.pop(path, None)

    def list(self, folder: Path) -> list[Path]:
        return sorted(path for path in self._seen if path.parent == folder)
