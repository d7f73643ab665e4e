"""What a worker writes down about a segment of a recording, and where it keeps it. Free of Django.

The name of the file says all that its row does: a file whose row could not be written, because the database was away
or the worker was killed, is given one later.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID, uuid5

FOLDER = "recordings"
_NAME = re.compile(
    rf"{FOLDER}/([0-9a-f-]{{36}})/\d{{4}}-\d\d-\d\d/(\d{{1,15}})-(\d{{1,15}})-(\d{{1,18}})-([a-z0-9_]{{1,24}})-([px])([ms])\.mp4"
)


@dataclass(frozen=True, slots=True)
class Segment:
    """Some seconds of a camera, in a file of the media storage."""

    camera_id: UUID
    epoch: int
    """The fencing token of the lease under which it was recorded."""
    started: int
    """Milliseconds since 1970, as `ended`."""
    ended: int
    codec: str
    playable: bool
    """Whether browsers show it."""
    moved: bool
    """Whether anything moved in it, as far as anybody looked."""

    @property
    def segment_id(self) -> UUID:
        """The id of its row: derived, so that writing it twice is writing it once."""
        return uuid5(self.camera_id, f"{self.epoch}/{self.started}")

    @property
    def name(self) -> str:
        """Where in the media storage it lies."""
        day = datetime.fromtimestamp(self.started / 1000, UTC).date()
        marks = ("p" if self.playable else "x") + ("m" if self.moved else "s")
        stem = f"{self.started}-{self.ended}-{self.epoch}-{self.codec}-{marks}"
        return f"{FOLDER}/{self.camera_id}/{day}/{stem}.mp4"

    @classmethod
    def of(cls, name: str) -> Segment | None:
        """What the name of a file says; None where it is none of these."""
        match = _NAME.fullmatch(name)
        if match is None:
            return None
        camera, started, ended, epoch, codec, shown, moved = match.groups()
        try:
            segment = cls(UUID(camera), int(epoch), int(started), int(ended), codec, shown == "p", moved == "m")
            return segment if segment.name == name else None
        except (ValueError, OverflowError, OSError):
            return None
