"""A contact sheet: the most unusual moments at a glance, each with its place, time, score and reason."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from inference.evaluation.canvas import ALARM, BOLD, FAINT, INK, RULE, Canvas, Colour
from inference.evaluation.moments import Moment
from inference.evaluation.recording import picture_at
from inference.evaluation.wording import clock, why
from inference.types import Box, Pixels

EXPLAINED = (
    "The number is the surprise: 1.0 is as unusual as the most unusual 1 in 1,000 moments of normal footage. "
    "Red is over the alarm threshold, orange is not, or came while learning; grey is within what is normal."
)
COLUMNS = 5
PICTURE = (400, 225)
GAP, MARGIN = 20, 32
CAPTION, HEADING = 92, 96
"""Heights, pixels."""
WHOLE = Box(0.0, 0.0, 1.0, 1.0)
UNDER: Colour = (0, 150, 240)
"""Orange: unusual, but under the threshold."""


def draw_sheet(path: Path, moments: Sequence[Moment], title: str) -> None:
    """Writes the sheet as a JPEG or PNG. Raises OSError."""
    columns = min(COLUMNS, max(3, len(moments)))
    rows = max(1, -(-len(moments) // columns))
    width = 2 * MARGIN + columns * PICTURE[0] + (columns - 1) * GAP
    canvas = Canvas(width, HEADING + rows * (PICTURE[1] + CAPTION + GAP) + MARGIN - GAP)
    canvas.text(title, MARGIN, 46, size=26, weight=BOLD)
    canvas.text(EXPLAINED, MARGIN, 74, size=16, colour=FAINT)
    if not moments:
        canvas.text("Nothing was unusual.", MARGIN, HEADING + 40, size=20)
    for number, moment in enumerate(moments):
        row, column = divmod(number, columns)
        left, top = MARGIN + column * (PICTURE[0] + GAP), HEADING + row * (PICTURE[1] + CAPTION + GAP)
        _draw_moment(canvas, moment, number + 1, left, top)
    canvas.save(path)


def _draw_moment(canvas: Canvas, moment: Moment, number: int, left: int, top: int) -> None:
    colour = _colour(moment)
    width, height = PICTURE
    canvas.area(left, top, left + width, top + height, RULE)
    pixels = _pixels(moment)
    if pixels is None:
        canvas.text("This picture cannot be decoded again.", left + width / 2, top + height / 2, align="middle")
    else:
        place = canvas.picture(pixels, left, top, width, height)
        canvas.box(moment.box or WHOLE, place, colour)
    line = top + height + 26
    score, where = f"{moment.score:.{1 if moment.score >= 1.0 else 2}f}", f"  {clock(moment.seconds)}"
    canvas.text(score, left + width, line, size=18, weight=BOLD, colour=colour, align="right")
    x = left + canvas.text(f"{number}", left, line, size=18, weight=BOLD) + 10
    room = left + width - x - canvas.width_of(score, size=18, weight=BOLD) - canvas.width_of(where, size=15) - 16
    canvas.text(canvas.fitted(moment.video.name, room, size=15) + where, x, line, size=15, colour=FAINT)
    reason = why(moment.reasons)
    for row, text in enumerate(canvas.wrapped(reason[:1].upper() + reason[1:], width, size=16, lines=2)):
        canvas.text(text, left, line + 26 + 21 * row, size=16, colour=INK)


def _colour(moment: Moment) -> Colour:
    if moment.score < 1.0:
        return FAINT
    return ALARM if moment.score >= moment.threshold and not moment.learning else UNDER


def _pixels(moment: Moment) -> Pixels | None:
    picture = picture_at(moment.video, moment.seconds)
    return None if picture is None else np.asarray(picture.to_ndarray(format="bgr24"), np.uint8)
