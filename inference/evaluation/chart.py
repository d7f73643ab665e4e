"""A chart of a test clip: the score over time beside its threshold, what is labelled, and the events."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from inference.evaluation.canvas import ACCENT, ALARM, BOLD, FAINT, INK, RULE, SHADE, Canvas
from inference.evaluation.labelled import JudgedClip
from inference.evaluation.metrics import auc

WIDTH, HEIGHT = 1200, 440
LEFT, TOP, RIGHT, BOTTOM = 70, 84, WIDTH - 28, HEIGHT - 84
EVENT_ROW = (BOTTOM + 4, BOTTOM + 14)
"""Top and bottom of the row of events under the axis, pixels."""


@dataclass(frozen=True, slots=True)
class _Scale:
    """From seconds and surprise to pixels."""

    seconds: float
    highest: float

    def x(self, seconds: float) -> float:
        return LEFT + (RIGHT - LEFT) * min(max(seconds / self.seconds, 0.0), 1.0)

    def y(self, surprise: float) -> float:
        return BOTTOM - (BOTTOM - TOP) * min(surprise / self.highest, 1.0)


def draw_clip(path: Path, clip: JudgedClip, fps: float, title: str) -> None:
    """Writes the chart as a PNG; `fps` of the clip. Raises OSError."""
    thresholds = [frame.threshold for frame in clip.frames if np.isfinite(frame.threshold)]
    scale = _Scale(clip.clip.frames / fps, 1.15 * max([1.0, *clip.scores, *thresholds]))
    canvas = Canvas(WIDTH, HEIGHT)
    for first, end in clip.clip.anomalous:
        canvas.area(scale.x(first / fps), TOP, scale.x(end / fps), BOTTOM, SHADE)
    _draw_axes(canvas, scale)
    _draw_curves(canvas, scale, clip, fps)
    for alarm in clip.alarms:
        left = scale.x(alarm.started)
        canvas.area(left, EVENT_ROW[0], max(scale.x(alarm.ended), left + 3), EVENT_ROW[1], ALARM)
    _draw_heading(canvas, clip, title)
    _draw_key(canvas)
    canvas.save(path)


def _draw_axes(canvas: Canvas, scale: _Scale) -> None:
    for tick in _ticks(scale.highest, most=6):
        y = scale.y(tick)
        canvas.line([(LEFT, y), (RIGHT, y)], FAINT if tick == 0 else RULE)
        canvas.text(f"{tick:g}", LEFT - 12, y + 5, size=13, colour=FAINT, align="right")
    for tick in _ticks(scale.seconds, most=14):
        canvas.text(f"{tick:g} s", scale.x(tick), BOTTOM + 36, size=13, colour=FAINT, align="middle")


def _draw_curves(canvas: Canvas, scale: _Scale, clip: JudgedClip, fps: float) -> None:
    scores = [(scale.x(frame.number / fps), scale.y(frame.score)) for frame in clip.frames]
    known = [frame for frame in clip.frames if np.isfinite(frame.threshold)]
    limits = [(scale.x(frame.number / fps), scale.y(frame.threshold)) for frame in known]
    canvas.line(scores, ACCENT, thickness=2)
    canvas.dashed(limits, ALARM)


def _draw_heading(canvas: Canvas, clip: JudgedClip, title: str) -> None:
    area, matched = auc(clip.scores, clip.labels), clip.matched
    told = [
        f"AUC {area:.3f}" if area is not None else "no AUC: all its frames have the same label",
        f"{matched.found} of {matched.intervals} labelled intervals found",
        f"false alarms: {matched.false_alarms}",
    ]
    canvas.text(title, LEFT, 36, size=21, weight=BOLD)
    canvas.text("   ·   ".join(told), LEFT, 62, size=15, colour=FAINT)


def _draw_key(canvas: Canvas) -> None:
    """What the colours mean, in a row at the bottom."""
    y, x = HEIGHT - 18.0, float(LEFT)
    for name, colour in (("surprise", ACCENT), ("threshold", ALARM), ("labelled anomalous", SHADE), ("event", ALARM)):
        if name == "surprise":
            canvas.line([(x, y - 5), (x + 24, y - 5)], colour, thickness=2)
        elif name == "threshold":
            canvas.dashed([(x, y - 5), (x + 24, y - 5)], colour)
        else:
            canvas.area(x, y - 11, x + 24, y + 1, colour)
        x += 58 + canvas.text(name, x + 32, y, size=14, colour=INK)


def _ticks(highest: float, *, most: int) -> list[float]:
    """Round numbers from 0 to `highest`, at most so many, and one more."""
    rough = highest / most
    power = 10.0 ** np.floor(np.log10(rough))
    step = next(float(factor * power) for factor in (1, 2, 5, 10) if factor * power >= rough)
    return [round(number * step, 6) for number in range(int(highest / step + 1e-9) + 1)]
