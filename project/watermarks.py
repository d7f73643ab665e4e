"""How much of a disk is to stay free: '95%' (of it used at most) or '20GB' (free at least)."""

from __future__ import annotations

import re
from dataclasses import dataclass

_TEXT = re.compile(r"\s*(\d{1,12}(?:\.\d{1,6})?)\s*(%|[KMGT]?B)\s*", re.IGNORECASE)
_UNITS = {"B": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12}


@dataclass(frozen=True, slots=True)
class Watermark:
    """A level that a disk should not rise above."""

    share: float = 0.0
    """Of the disk that is free, 0..1."""
    bytes: int = 0
    """Free beside that, at least."""

    @classmethod
    def of(cls, text: str) -> Watermark:
        """Raises ValueError where it is none."""
        match = _TEXT.fullmatch(text)
        if match is None:
            raise ValueError("say what share of the disk may be used (95%), or how much stays free (20GB)")
        number, unit = float(match[1]), match[2].upper()
        if unit != "%":
            return cls(bytes=int(number * _UNITS[unit]))
        if number > 100:
            raise ValueError("no more than 100% of a disk can be used")
        return cls(share=1.0 - number / 100)

    def free(self, total: int) -> int:
        """Bytes that stay free of a disk of that size."""
        return max(self.bytes, int(self.share * total))
