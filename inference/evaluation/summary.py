"""What `--json` prints about footage without labels."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from inference.evaluation.alarms import Alarm
from inference.evaluation.footage import MOMENTS, JudgedVideo
from inference.evaluation.moments import Moment
from inference.evaluation.wording import attribute_shares


def most_unusual(judged: Sequence[JudgedVideo]) -> list[Moment]:
    """Of all videos together, the most unusual first."""
    moments = [moment for video in judged for moment in video.moments]
    return sorted(moments, key=lambda moment: -moment.score)[:MOMENTS]


def footage_report(
    judged: Sequence[JudgedVideo], moments: Sequence[Moment], *, eye: str, sheet: Path
) -> dict[str, object]:
    """One JSON object."""
    return {
        "eye": eye,
        "videos": [_video(video) for video in judged],
        "moments": [_moment(moment) for moment in moments],
        "sheet": str(sheet),
    }


def _video(video: JudgedVideo) -> dict[str, Any]:
    return {
        "video": str(video.video),
        "learned_seconds": video.learned_seconds,
        "learning_progress": video.progress,
        "judged_seconds": video.judged_seconds,
        "frames": video.frames,
        "threshold": video.threshold,
        "threshold_provisional": video.provisional,
        "events": [_event(alarm) for alarm in video.alarms],
        "unusual_attributes": attribute_shares(video.weights),
    }


def _event(alarm: Alarm) -> dict[str, Any]:
    event = alarm.event
    return {
        "started": alarm.started,
        "ended": alarm.ended,
        "category": event.category,
        "severity": event.severity,
        "score": event.score,
        "threshold": event.threshold,
        "reasons": [reason.text for reason in event.reasons],
    }


def _moment(moment: Moment) -> dict[str, Any]:
    return {
        "video": str(moment.video),
        "seconds": moment.seconds,
        "score": moment.score,
        "threshold": moment.threshold,
        "box": moment.box,
        "reasons": [reason.text for reason in moment.reasons],
    }
