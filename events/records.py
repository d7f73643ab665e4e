"""What a camera loop writes down about an event: the unit of the spool and of the batch writer. Free of Django.

One record is one change of one event. Its id is derived, not drawn, so that writing it twice is writing it once.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from math import isfinite
from typing import Any, Literal
from uuid import UUID, uuid5

RecordKind = Literal["opened", "peaked", "closed", "snapshot", "clip", "evidence"]
HEAT = "heat"
"""The evidence that shows where in the snapshot it was how surprising."""
USUAL = ("usual-1", "usual-2", "usual-3")
"""The evidence that shows what the camera usually looks like, most similar first."""
FEATURES = "features"
"""The evidence that it was scored from: for workers, nobody else is offered it."""
MEMORY = "memory"
"""The evidence that holds what the camera knew when it opened: for workers too, to score it again."""
EVIDENCE = (HEAT, FEATURES, MEMORY, *USUAL)
SEVERITIES = ("low", "medium", "high", "critical")
"""In rising order."""


def media_name(event_id: UUID, epoch: int, file: str) -> str:
    """Where in the media storage a worker keeps a file of an event, such as `heat.jpg`; a record says which counts.

    With its epoch in it: whoever was superseded and does not know it yet writes over no file of its successor.
    """
    stem, _, suffix = file.partition(".")
    return f"events/{event_id}/{stem}-{epoch}.{suffix}"


def features_name(event_id: UUID) -> str:
    """Where a worker kept what it scored the event from when no record said so yet."""
    return f"events/{event_id}/{FEATURES}.npz"


@dataclass(frozen=True, slots=True)
class EventRecord:
    """A change of an event, as durable and as small as it can be."""

    event_id: UUID
    camera_id: UUID
    epoch: int
    """The fencing token of the lease under which the record was made."""
    number: int
    """Counts the records of this event under this epoch, from 0."""
    kind: RecordKind
    database_time: float
    """When it was made, on the database's clock: that of the last lease renewal plus the time elapsed since."""
    at: float
    """When the picture it speaks of was captured, seconds since 1970."""
    category: str = "unusual"
    severity: str = "medium"
    score: float = 0.0
    threshold: float = 0.0
    box: tuple[float, float, float, float] | None = None
    reasons: tuple[tuple[str, float, str], ...] = ()
    """(attribute, surprise, text), most surprising first."""
    provisional: bool = False
    path: str = ""
    """For `snapshot`, `clip` and `evidence`: the name in the media storage, written before this record."""
    name: str = ""
    """For `evidence`: what the file holds, one of EVIDENCE; a later file of that name replaces it."""
    trace: str = ""
    """Correlation id from the frame to the alert."""

    @property
    def problem(self) -> str:
        """Why no database would take this record, in plain English; empty where nothing is wrong with it.

        One bad record must not hold up the good ones behind it for ever.
        """
        numbers = [self.score, self.threshold, self.at, self.database_time, *(self.box or ())]
        texts = [self.category, self.severity, self.path, self.name, self.trace]
        texts += [text for reason in self.reasons for text in (reason[0], reason[2])]
        if not all(isfinite(number) for number in [*numbers, *(surprise for _, surprise, _ in self.reasons)]):
            return "a number in it is not finite"
        if self.severity not in SEVERITIES:
            return f"its severity is {self.severity!r}"
        if any("\0" in text for text in texts):
            return "a text in it contains a null character"
        if len(self.category) > 40 or len(self.path) > 300 or len(self.trace) > 64:
            return "a text in it is too long"
        if self.kind in ("snapshot", "clip", "evidence") and not self.path:
            return "it names no file"
        if self.kind == "evidence" and self.name not in EVIDENCE:
            return f"its evidence is {self.name!r}"
        return ""

    @property
    def record_id(self) -> UUID:
        """The id of the transition row that this record becomes."""
        return uuid5(self.event_id, f"{self.epoch}/{self.number}/{self.kind}")

    def to_bytes(self) -> bytes:
        """One line of JSON without its newline."""
        values = asdict(self) | {"event_id": str(self.event_id), "camera_id": str(self.camera_id)}
        return json.dumps(values, separators=(",", ":")).encode()

    @classmethod
    def from_bytes(cls, line: bytes) -> EventRecord:
        """The record that `to_bytes` wrote.

        Raises ValueError, KeyError or TypeError where the line is not one.
        """
        values: dict[str, Any] = json.loads(line)
        box = values.get("box")
        return cls(
            **values
            | {
                "event_id": UUID(values["event_id"]),
                "camera_id": UUID(values["camera_id"]),
                "box": tuple(box) if box else None,
                "reasons": tuple((str(a), float(s), str(t)) for a, s, t in values.get("reasons", ())),
            }
        )
