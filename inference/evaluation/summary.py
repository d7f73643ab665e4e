"""What `--json` prints about footage without labels."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

from inference.evaluation.alarms import Alarm
from inference.evaluation.footage import FootageJudged, JudgedVideo
from inference.evaluation.moments import Moment
from inference.evaluation.wording import attribute_shares


def footage_report(judged: FootageJudged, *, eye: str, sheet: Path) -> dict[str, Any]:
    """One JSON object."""
    return {
        "eye": eye,
        "videos": [_video(video) for video in judged.videos],
        "moments": [_moment(moment) for moment in judged.most_unusual()],
        "left_out": list(judged.left_out),
        "sheet": str(sheet),
    }


def _video(video: JudgedVideo) -> dict[str, Any]:
    return {
        "video": str(video.video),
        "learned_seconds": video.learned_seconds,
        "learning_progress": video.progress,
        "judged_from": video.judged_from,
        "judged_seconds": video.judged_seconds,
        "learning_until": video.learning_until,
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
        "reasons": [asdict(reason) for reason in event.reasons],
    }


def _moment(moment: Moment) -> dict[str, Any]:
    return {
        "video": str(moment.video),
        "seconds": moment.seconds,
        "score": moment.score,
        "threshold": moment.threshold,
        "box": moment.box,
        "reasons": [asdict(reason) for reason in moment.reasons],
    }
