"""Figures in words, for people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from inference.evaluation.alarms import Alarm
from inference.evaluation.footage import FootageJudged, JudgedVideo
from inference.evaluation.result import Result
from inference.types import Reason


def clock(seconds: float) -> str:
    """`1:02:03.4`, or `2:03.4` under an hour."""
    tenths = round(max(0.0, seconds) * 10)
    hours, rest = divmod(tenths, 36_000)
    minutes, rest = divmod(rest, 600)
    tail = f"{rest // 10:02d}.{rest % 10}"
    return f"{hours}:{minutes:02d}:{tail}" if hours else f"{minutes}:{tail}"


def span(seconds: float) -> str:
    """How long, roughly: `42 s`, `12 minutes`, `3.5 hours`."""
    if seconds < 100:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} minutes" if seconds < 100 * 60 else f"{seconds / 3600:.1f} hours"


def described(result: Result) -> list[str]:
    """The lines of a labelled dataset's result."""
    interval = result.micro_auc_interval
    between = f"   (95 % of resamples of the clips: {interval[0]:.3f} to {interval[1]:.3f})" if interval else ""
    lines = [
        f"{result.dataset}: {result.frames} frames of {result.clips} clips at {result.analysis_fps:g} a second, "
        f"eye {result.eye}, {span(result.learned_seconds)} learned",
        "",
        f"  micro AUC             {_figure(result.micro_auc)}{between}",
        f"  macro AUC             {_figure(result.macro_auc)}",
        f"  frame difference      {_figure(result.baseline_micro_auc)} micro, "
        f"{_figure(result.baseline_macro_auc)} macro, with nothing learned",
        f"  equal error rate      {_figure(result.equal_error_rate)}",
    ]
    if result.pixel_auc is not None:
        lines += [
            f"  pixel AUC             {_figure(result.pixel_auc)}   (all pixels; "
            f"with 40 % of each anomaly to be covered: {_figure(result.coverage_auc)})"
        ]
    lines += [
        f"  event recall          {_recall(result)}",
        f"  false alarms an hour  {_false_alarms(result)}",
        f"  speed on {_processor(result.device):<13}{result.fps:.0f} frames a second, "
        f"{result.fps_without_decoding:.0f} without decoding",
    ]
    return lines + [f"\nNote: {note}" for note in _notes(result)]


def _processor(device: str) -> str:
    return "one core" if device == "cpu" else f"{device}+core"


def _recall(result: Result) -> str:
    if result.event_recall is None:
        return "no interval is labelled"
    return f"{result.event_recall:.3f}   ({result.intervals_found} of {result.intervals} labelled intervals)"


def _false_alarms(result: Result) -> str:
    if result.false_alarms_per_hour is None:
        return "no footage is labelled normal"
    footage = f"{result.false_alarms} in {span(result.normal_seconds)} of normal footage"
    return f"{result.false_alarms_per_hour:.1f}   ({footage})"


def _notes(result: Result) -> list[str]:
    notes = []
    if result.learning_progress < 1.0:
        notes.append(
            f"the training clips are too short: learning came to {result.learning_progress:.0%}, and nothing alarms "
            "before it is complete."
        )
    elif result.threshold_provisional:
        notes.append(
            f"the threshold is provisional: {span(result.learned_seconds)} say little about a budget of "
            f"{result.alarm_budget:g} false alarms a day."
        )
    return notes


def _figure(value: float | None) -> str:
    return "not defined by these labels" if value is None else f"{value:.3f}"


def described_footage(judged: FootageJudged, budget: float) -> list[str]:
    """The lines of a summary of footage without labels."""
    lines: list[str] = []
    for video in judged.videos:
        lines += ["", f"{video.video.name}: {_watched(video)}", f"  {_threshold(video, budget)}"]
        lines += [f"  {_alarm(alarm)}" for alarm in video.alarms]
        if not video.alarms:
            lines.append("  No event would have been opened.")
        if shares := attribute_shares(video.weights):
            named = ", ".join(f"{words_for(name)} {share:.0%}" for name, share in shares.items())
            lines.append(f"  What was unusual: {named}.")
    return [*lines[1:], *(f"\nLeft out: {sentence}" for sentence in judged.left_out)]


def attribute_shares(weights: Mapping[str, float]) -> dict[str, float]:
    """Attribute -> its share of all that was unusual, 0..1, the largest first."""
    whole = sum(weights.values())
    return {name: weight / whole for name, weight in sorted(weights.items(), key=lambda item: -item[1])}


def why(reasons: Sequence[Reason]) -> str:
    """The first reason in words; one that lies within its normal range is not made more of than it is."""
    if not reasons:
        return "unusual as a whole"
    first = reasons[0]
    if first.surprise >= 1.0:
        return first.text
    return f"within what is normal here, {words_for(first.attribute)} nearest to its edge"


def words_for(attribute: str) -> str:
    """What an attribute is called in a sentence."""
    return {"view": "the picture as a whole", "change": "how much the picture changed"}.get(attribute, attribute)


def _watched(video: JudgedVideo) -> str:
    said = f"{span(video.learned_seconds)} learned, {span(video.judged_seconds)} judged ({video.frames} frames)."
    if video.learning_until is not None and video.progress >= 1.0:
        said += f" Learning went on until {clock(video.learning_until)}; before, nothing could alarm."
    return said


def _threshold(video: JudgedVideo, budget: float) -> str:
    if video.progress < 1.0:
        return (
            f"Too short to alarm: learning came to {video.progress:.0%}. Give more to learn from with --learn; "
            "what is most unusual is shown all the same."
        )
    about = "provisional: so little footage cannot promise" if video.provisional else "made for"
    return f"Alarms from a surprise of {video.threshold:.2f} on ({about} at most {budget:g} false alarms a day)."


def _alarm(alarm: Alarm) -> str:
    when = f"{clock(alarm.started)} to {clock(alarm.ended)}"
    return f"Event from {when}, {alarm.event.severity}, surprise {alarm.event.score:.1f}: {why(alarm.event.reasons)}."
