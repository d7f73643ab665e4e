"""Drawing on a picture: text, lines and areas. The font comes with OpenCV."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import cv2
import numpy as np

from inference.types import Box, Pixels

Colour = tuple[int, int, int]
"""Blue, green, red; 0..255."""
PAPER: Colour = (255, 255, 255)
INK: Colour = (51, 41, 31)
FAINT: Colour = (139, 125, 112)
RULE: Colour = (233, 229, 225)
ACCENT: Colour = (168, 84, 22)
ALARM: Colour = (48, 48, 211)
SHADE: Colour = (220, 222, 252)
REGULAR, BOLD = 400, 700
_SHIFT = 4
"""Bits of a fraction of a pixel: curves are smoother."""


class Canvas:
    """A picture to draw on. Places are in pixels from the top left."""

    def __init__(self, width: int, height: int, paper: Colour = PAPER) -> None:
        self.pixels: Pixels = np.full((height, width, 3), paper, np.uint8)
        self._font = cv2.FontFace("sans")

    def text(
        self,
        text: str,
        x: float,
        y: float,
        *,
        size: int = 15,
        colour: Colour = INK,
        weight: int = REGULAR,
        align: Literal["left", "middle", "right"] = "left",
    ) -> float:
        """Write on the baseline `y`; returns the width."""
        width = self.width_of(text, size=size, weight=weight)
        left = x - {"left": 0.0, "middle": width / 2, "right": width}[align]
        cv2.putText(self.pixels, text, (round(left), round(y)), colour, self._font, size, weight)
        return width

    def width_of(self, text: str, *, size: int, weight: int = REGULAR) -> float:
        """Pixels that the text takes."""
        _, _, width, _ = cv2.getTextSize((0, 0), text, (0, 0), self._font, size, weight)
        return float(width)

    def fitted(self, text: str, width: float, *, size: int) -> str:
        """The text, without its middle where it is wider than `width`."""
        kept = len(text)
        while kept > 2 and self.width_of(text, size=size) > width:
            kept -= 1
            text = f"{text[: kept // 2]}…{text[-(kept // 2) :]}"
        return text

    def wrapped(self, text: str, width: float, *, size: int, lines: int) -> list[str]:
        """The text in at most so many lines of that width; what is too long ends in an ellipsis."""
        rows: list[str] = [""]
        for word in text.split():
            longer = f"{rows[-1]} {word}".strip()
            if not rows[-1] or self.width_of(longer, size=size) <= width:
                rows[-1] = longer
            else:
                rows.append(word)
        return rows if len(rows) <= lines else [*rows[: lines - 1], f"{rows[lines - 1]} …"]

    def area(self, left: float, top: float, right: float, bottom: float, colour: Colour) -> None:
        """Fill a rectangle."""
        cv2.rectangle(self.pixels, (round(left), round(top)), (round(right) - 1, round(bottom) - 1), colour, cv2.FILLED)

    def line(self, points: Sequence[tuple[float, float]], colour: Colour, *, thickness: int = 1) -> None:
        """Draw through the points."""
        scaled = np.round(np.array(points, np.float64) * (1 << _SHIFT)).astype(np.int32)
        cv2.polylines(self.pixels, [scaled], False, colour, thickness, cv2.LINE_AA, _SHIFT)

    def dashed(self, points: Sequence[tuple[float, float]], colour: Colour, *, dash: int = 6) -> None:
        """Draw a dashed line through the points, which are in the order of x."""
        if len(points) < 2:
            return
        xs, ys = (np.array(part) for part in zip(*points, strict=True))
        for left in np.arange(xs[0], xs[-1], 2 * dash):
            across = np.minimum(np.linspace(left, left + dash, dash + 1), xs[-1])
            self.line(list(zip(across, np.interp(across, xs, ys), strict=True)), colour)

    def picture(self, pixels: Pixels, left: int, top: int, width: int, height: int) -> tuple[int, int, int, int]:
        """Show a picture as large as it fits, in the middle; returns left, top, width and height of it."""
        scale = min(width / pixels.shape[1], height / pixels.shape[0])
        across, down = max(1, round(pixels.shape[1] * scale)), max(1, round(pixels.shape[0] * scale))
        x, y = left + (width - across) // 2, top + (height - down) // 2
        how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
        self.pixels[y : y + down, x : x + across] = cv2.resize(pixels, (across, down), interpolation=how)
        return x, y, across, down

    def box(self, box: Box, place: tuple[int, int, int, int], colour: Colour) -> None:
        """Mark a region of a picture that was shown at `place`, with a white edge so that it shows on anything."""
        x, y, width, height = place
        corner = x + round(box.left * width), y + round(box.top * height)
        opposite = x + round(box.right * width) - 1, y + round(box.bottom * height) - 1
        cv2.rectangle(self.pixels, corner, opposite, PAPER, 4, cv2.LINE_AA)
        cv2.rectangle(self.pixels, corner, opposite, colour, 2, cv2.LINE_AA)

    def save(self, path: Path) -> None:
        """PNG or JPEG, as the suffix says. Raises OSError."""
        done, content = cv2.imencode(path.suffix, self.pixels)
        if not done:
            raise ValueError(f"{path.name} cannot be encoded")
        path.write_bytes(content.tobytes())
