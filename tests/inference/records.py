"""Event records for tests."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from events.records import EventRecord

CAMERA = UUID(int=7)


def make_record(number: int = 0, **values: Any) -> EventRecord:
    """The opening of event `number`."""
    defaults: dict[str, Any] = {
        "event_id": UUID(int=number + 1),
        "camera_id": CAMERA,
        "epoch": 1,
        "number": 0,
        "kind": "opened",
        "database_time": 1000.0 + number,
        "at": 1000.0 + number,
        "box": (0.1, 0.2, 0.3, 0.4),
        "reasons": (("speed", 2.5, "moves faster than ever"),),
    }
    return EventRecord(**(defaults | values))
