"""CSV that a spreadsheet opens safely: RFC 4180, UTF-8 with a mark at its beginning, and no cell that is a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

MARK = "\ufeff".encode()
"""What a table begins with: without it Excel garbles Korean."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def to_csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """The whole table."""
    return MARK + lines_of([header, *rows])


def lines_of(rows: Iterable[Sequence[object]]) -> bytes:
    """Some of its rows, each cell safe."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows([safe(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8", "backslashreplace")


def safe(cell: object) -> object:
    """A text that a spreadsheet would take for a formula with an apostrophe before it; all else as it is."""
    if isinstance(cell, str) and cell.lstrip(" ").startswith(_FORMULA):
        return f"'{cell}"
    return cell
