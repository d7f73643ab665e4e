"""The figures of a judged dataset."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from inference.evaluation.labelled import Judged
from inference.evaluation.metrics import auc, equal_error_rate, macro_auc, micro_interval


@dataclass(frozen=True, slots=True)
class Result:
    """What `--json` prints. An AUC or rate is None where the labels do not define it."""

    dataset: str
    eye: str
    device: str
    """`cpu` or `cuda:0`, where the eye computed."""
    micro_auc: float | None
    """Over all analysed test frames."""
    micro_auc_interval: tuple[float, float] | None
    """95 %, by bootstrap over clips."""
    macro_auc: float | None
    """Mean over the clips that have both kinds of frames."""
    pixel_auc: float | None
    """Over all pixels of all analysed test frames."""
    coverage_auc: float | None
    """Over frames, where 40 % of an anomaly's pixels must be found."""
    equal_error_rate: float | None
    baseline_micro_auc: float | None
    """Of the frame difference."""
    baseline_macro_auc: float | None
    fps: float
    """Frames a second of processor time, with decoding."""
    fps_without_decoding: float
    frames: int
    """Analysed test frames."""
    clips: int
    clip_aucs: tuple[float | None, ...]
    """In the order of `test`; None where all its frames have the same label."""
    analysis_fps: float
    alarm_budget: float
    event_recall: float | None
    """Share of labelled intervals during which an event was open."""
    intervals: int
    intervals_found: int
    false_alarms: int
    """Events that were open during no labelled interval."""
    false_alarms_per_hour: float | None
    """Per hour of footage that is labelled normal: while something is going on a false alarm cannot be told."""
    normal_seconds: float
    learned_seconds: float
    learning_progress: float
    threshold_provisional: bool


def result_of(judged: Judged, *, eye: str, device: str, analysis_fps: float, alarm_budget: float) -> Result:
    """All figures; the same on every run but for the two speeds."""
    clips, fps = judged.clips, judged.dataset.fps
    scores, labels, floor = ([getattr(clip, part) for clip in clips] for part in ("scores", "labels", "floor"))
    every, truth = np.concatenate(scores), np.concatenate(labels)
    decoding = sum(clip.decoding_seconds for clip in clips)
    judging = sum(clip.judging_seconds for clip in clips)
    found = sum(clip.matched.found for clip in clips)
    intervals = sum(clip.matched.intervals for clip in clips)
    false = sum(clip.matched.false_alarms for clip in clips)
    normal_seconds = sum(float((~clip.clip.labels).sum()) for clip in clips) / fps
    return Result(
        dataset=judged.dataset.name,
        eye=eye,
        device=device,
        micro_auc=auc(every, truth),
        micro_auc_interval=micro_interval(scores, labels),
        macro_auc=macro_auc(scores, labels),
        pixel_auc=judged.heat.pixel_auc() if judged.heat else None,
        coverage_auc=judged.heat.coverage_auc() if judged.heat else None,
        equal_error_rate=equal_error_rate(every, truth),
        baseline_micro_auc=auc(np.concatenate(floor), truth),
        baseline_macro_auc=macro_auc(floor, labels),
        fps=len(every) / max(decoding + judging, 1e-9),
        fps_without_decoding=len(every) / max(judging, 1e-9),
        frames=len(every),
        clips=len(clips),
        clip_aucs=tuple(auc(*pair) for pair in zip(scores, labels, strict=True)),
        analysis_fps=min(analysis_fps, fps),
        alarm_budget=alarm_budget,
        event_recall=found / intervals if intervals else None,
        intervals=intervals,
        intervals_found=found,
        false_alarms=false,
        false_alarms_per_hour=false / normal_seconds * 3600 if normal_seconds else None,
        normal_seconds=normal_seconds,
        learned_seconds=judged.learned_seconds,
        learning_progress=judged.progress,
        threshold_provisional=any(frame.provisional for clip in clips for frame in clip.frames[-1:]),
    )
