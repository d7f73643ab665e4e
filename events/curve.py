"""The score curve around an event, as it is shown and exported."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from events.band import read_band
from events.models import Event
from events.scores import read_scores

AROUND = timedelta(seconds=60)
"""What the curve shows before and after an event."""
LONGEST_CURVE = timedelta(hours=2)


def curve_of(event: Event) -> dict[str, Any]:
    """What ScoresSerializer shows: from a minute before the event to a minute after it, two hours at most."""
    start = event.started_at - AROUND
    end = min((event.ended_at or timezone.now()) + AROUND, start + LONGEST_CURVE)
    curve = read_scores(event.camera_id, start, max(start, end))
    first = datetime.fromtimestamp(curve.start, tz=start.tzinfo)
    band = read_band(event.camera_id, event.started_at)
    return {"from": first, "step": 1, "scores": curve.scores, "thresholds": curve.thresholds, "band": band}
