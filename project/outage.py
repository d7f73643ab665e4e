"""Telling once that something is away, and once that it is back: not every second while it lasts. Free of Django."""

from __future__ import annotations

import logging


class Outage:
    """One thing that may be away, such as Redis, as one part of the program meets it."""

    def __init__(self, log: logging.Logger, what: str) -> None:
        self._log = log
        self._what = what
        self._lasting = False

    def met(self, error: BaseException) -> None:
        """It was away just now."""
        if not self._lasting:
            self._log.warning("%s: %s; trying again until it is back", self._what, _sentence(error))
        self._lasting = True

    def over(self) -> None:
        """It was there just now."""
        if self._lasting:
            self._log.info("%s: back", self._what)
        self._lasting = False


def _sentence(error: BaseException) -> str:
    # redis-py's connection errors print as next to nothing; what caused them says more.
    cause = f" ({error.__cause__!r})" if error.__cause__ else ""
    return f"{error!r}{cause}"
