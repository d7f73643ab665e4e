"""A stamp holds the digest of what something was made from: it is made again only when that changed."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path


def digest(paths: Iterable[Path], *extra: str) -> str:
    """Of the content and names of files, and of folders with all below them; what does not exist counts as empty."""
    total = hashlib.sha256("\0".join(extra).encode())
    for path in paths:
        files = sorted(below for below in path.rglob("*") if below.is_file()) if path.is_dir() else [path]
        for file in files:
            total.update(str(file.relative_to(path.parent)).encode())
            total.update(file.read_bytes() if file.exists() else b"")
    return total.hexdigest()


def matches(stamp: Path, value: str) -> bool:
    """Whether the stamp holds this digest."""
    return stamp.is_file() and stamp.read_text().strip() == value


@contextlib.contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Lets one launcher at a time work on a folder; the others wait."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
