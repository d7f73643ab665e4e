"""The few file operations that durability rests on, behind a port: a test's layer forgets what was not synced."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Protocol

DRAFT = ".draft"
"""Suffix of a file that is being made; one found later was never finished."""


def name_durably(draft: Path, path: Path) -> None:
    """Give a finished draft its name once it is on the disk: the name never leads to half a file. Raises OSError."""
    with draft.open("rb") as file:
        os.fsync(file.fileno())
    draft.rename(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


class Files(Protocol):
    """What the spool needs of a file system. Every method raises OSError."""

    def make(self, path: Path, size: int) -> None:
        """Make a file of `size` zero bytes that hold their place on the disk, synced with its name."""

    def write(self, path: Path, offset: int, content: bytes) -> None:
        """Overwrite a part of a file that was made. Not yet durable."""

    def sync(self, path: Path) -> None:
        """Return when all that was written to the file survives a power cut."""

    def read(self, path: Path) -> bytes:
        """The whole file."""

    def remove(self, path: Path) -> None:
        """The file is gone; no error where it was not there."""

    def list(self, folder: Path) -> list[Path]:
        """The files of a folder, by name."""


class OsFiles:
    """The real ones. A descriptor is kept open for the file that was written last."""

    def __init__(self) -> None:
        self._open: tuple[Path, int] | None = None

    def make(self, path: Path, size: int) -> None:
        """Zeros are written, not just promised: writing over them later can not run out of space."""
        draft = path.with_suffix(DRAFT)
        draft.write_bytes(bytes(size))
        name_durably(draft, path)

    def write(self, path: Path, offset: int, content: bytes) -> None:
        written = 0
        while written < len(content):
            written += os.pwrite(self._descriptor(path), content[written:], offset + written)

    def sync(self, path: Path) -> None:
        getattr(os, "fdatasync", os.fsync)(self._descriptor(path))

    def read(self, path: Path) -> bytes:
        return path.read_bytes()

    def remove(self, path: Path) -> None:
        if self._open and self._open[0] == path:
            self.close()
        path.unlink(missing_ok=True)

    def list(self, folder: Path) -> list[Path]:
        return sorted(folder.iterdir())

    def close(self) -> None:
        """Let go of the descriptor that is kept open."""
        if self._open:
            os.close(self._open[1])
            self._open = None

    def _descriptor(self, path: Path) -> int:
        if not self._open or self._open[0] != path:
            self.close()
            self._open = (path, os.open(path, os.O_WRONLY))
        return self._open[1]
