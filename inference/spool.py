"""Spool: where an event record is safe before the database has it.

A folder of segments, each a file of fixed size made in advance: `length, CRC-32, payload` one after another, zeros
after the last. The segment after the one in use is made already, so that a full disk does not stop events at once: it
is the reserve. A record torn by a crash can only be the last one of its segment, and nobody was told that it counts.

Replay costs nothing (records are written by id), so no position is kept on the disk: what is in the folder at the
start is written again.
"""

from __future__ import annotations

import errno
import logging
import struct
import threading
import zlib
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from events.records import EventRecord
from inference.files import DRAFT, Files, OsFiles

log = logging.getLogger(__name__)

HEADER = struct.Struct("<II")
"""Length of the payload and its CRC-32."""
SEGMENT_BYTES = 1 << 20
"""About 2,000 records."""
SUFFIX = ".segment"


class SpoolFull(OSError):
    """There is no room on the disk, and the reserve is used up."""


@dataclass(slots=True)
class Segment:
    """One file, and how far it was written by us and by the database."""

    path: Path
    end: int = 0
    """Bytes of whole records."""
    committed: int = 0
    """Bytes whose records the database has."""


@dataclass(frozen=True, slots=True)
class Spooled:
    """A record and where it ends."""

    record: EventRecord
    segment: Path
    end: int


@dataclass(slots=True)
class Counters:
    """What went wrong, since the worker began."""

    torn: int = 0
    """Segments whose last record was not whole."""
    full: int = 0
    """Records for which there was no room on the disk."""
    unreadable: int = 0
    """Whole records that no longer say anything: of another version of Vigil."""


class Spool:
    """One worker's records on their way to the database. Safe to use from any thread."""

    def __init__(
        self, folder: Path, files: Files | None = None, *, segment_bytes: int = SEGMENT_BYTES, reserve: bool = True
    ) -> None:
        """`reserve`: make room for what will be appended; false to read what another worker left."""
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.counters = Counters()
        self._files = files or OsFiles()
        self._segment_bytes = segment_bytes
        self._lock = threading.RLock()
        self._segments: deque[Segment] = deque()
        self._active: Segment | None = None
        """The last of `_segments`, if it is one that is written to."""
        self._reserve: Path | None = None
        self._number = 0
        self._recover()
        if reserve:
            self._make_reserve()

    def append(self, record: EventRecord) -> None:
        """Return when the record survives a power cut. Raises SpoolFull, and OSError where the disk fails."""
        payload = record.to_bytes()
        entry = HEADER.pack(len(payload), zlib.crc32(payload)) + payload
        with self._lock:
            segment = self._segment_for(len(entry))
            self._files.write(segment.path, segment.end, entry)
            self._files.sync(segment.path)
            segment.end += len(entry)  # only now: a failed append is overwritten by the next

    def unwritten(self, limit: int = 500) -> list[Spooled]:
        """The oldest records that the database does not have yet."""
        found: list[Spooled] = []
        with self._lock:
            for segment in self._segments:
                if segment.committed < segment.end:
                    found += self._read(segment, limit - len(found))
                if len(found) >= limit:
                    break
        return found

    def pending(self) -> bool:
        """Whether the database lacks any record."""
        with self._lock:
            return any(segment.committed < segment.end for segment in self._segments)

    def commit(self, last: Spooled) -> None:
        """The database has this record and all before it."""
        with self._lock:
            for segment in self._segments:
                segment.committed = last.end if segment.path == last.segment else segment.end
                if segment.path == last.segment:
                    return

    def seal(self, *, all_of_it: bool = False) -> list[Path]:
        """Segments whose records the database has all; none of them is written to any more.

        They may be retired once what the database has is durable. The segment in use is among them when a good part of
        it is used, or when `all_of_it` is asked for.
        """
        with self._lock:
            active = self._active
            if active and active.end == active.committed and (all_of_it or active.end > self._segment_bytes // 4):
                self._active = None
            return [each.path for each in self._segments if each.committed == each.end and each is not self._active]

    def retire(self, sealed: list[Path]) -> None:
        """Remove these segments, given by `seal` before the database made its records durable."""
        with self._lock:
            for segment in [each for each in self._segments if each.path in sealed]:
                self._files.remove(segment.path)
                self._segments.remove(segment)
            if self._active:
                self._make_reserve()  # there may be room for it again

    def close(self) -> None:
        """Remove what was made in advance. What is not retired stays."""
        with self._lock:
            if self._reserve:
                self._files.remove(self._reserve)
                self._reserve = None

    def _recover(self) -> None:
        """Find what an earlier life of this worker left."""
        for path in self._files.list(self.folder):
            if path.suffix == DRAFT:
                self._files.remove(path)
            if path.suffix != SUFFIX:
                continue
            self._number = max(self._number, int(path.stem))
            segment = Segment(path)
            segment.end = self._whole(segment)
            if segment.end:
                self._segments.append(segment)
            else:
                self._files.remove(path)

    def _whole(self, segment: Segment) -> int:
        """Bytes of whole records in a segment."""
        content = self._files.read(segment.path)
        end = 0
        for end, _ in _entries(content, 0):  # noqa: B007  the last one is wanted
            pass
        if any(content[end : end + HEADER.size]):
            self.counters.torn += 1
            log.warning("The last record of %s is torn: it was being written when the worker ended.", segment.path)
        return end

    def _segment_for(self, size: int) -> Segment:
        if size > self._segment_bytes:
            raise ValueError(f"a record of {size} bytes does not fit a segment of {self._segment_bytes}")
        if self._active is None or self._active.end + size > self._segment_bytes:
            self._active = Segment(self._take_reserve())
            self._segments.append(self._active)
            self._make_reserve()
        return self._active

    def _take_reserve(self) -> Path:
        """The path of a segment that is made. Raises SpoolFull."""
        if self._reserve is None:
            self._make_reserve()
        if self._reserve is None:
            self.counters.full += 1
            raise SpoolFull(errno.ENOSPC, "there is no room for another segment of the spool", str(self.folder))
        path, self._reserve = self._reserve, None
        return path

    def _make_reserve(self) -> None:
        """Make the next segment; a full disk is no error as long as there is one in use."""
        if self._reserve is not None:
            return
        path = self.folder / f"{self._number + 1:012d}{SUFFIX}"
        try:
            self._files.make(path, self._segment_bytes)
        except OSError as error:
            log.error("No room for a reserve of the spool in %s: %s", self.folder, error)
            return
        self._number += 1
        self._reserve = path

    def _read(self, segment: Segment, limit: int) -> list[Spooled]:
        content = self._files.read(segment.path)[: segment.end]
        found = []
        for end, payload in _entries(content, segment.committed):
            try:
                found.append(Spooled(EventRecord.from_bytes(payload), segment.path, end))
            except (ValueError, KeyError, TypeError) as error:
                self.counters.unreadable += 1
                if not found:
                    segment.committed = end  # else the commit of what follows passes over it
                log.error("A record in %s cannot be read: %s", segment.path, error)
            if len(found) >= limit:
                break
        return found


def _entries(content: bytes, start: int) -> Iterator[tuple[int, bytes]]:
    """(where it ends, payload) of the whole records from `start` on."""
    while start + HEADER.size <= len(content):
        length, checksum = HEADER.unpack_from(content, start)
        payload = content[start + HEADER.size : start + HEADER.size + length]
        if not length or len(payload) < length or zlib.crc32(payload) != checksum:
            return
        start += HEADER.size + length
        yield start, payload
