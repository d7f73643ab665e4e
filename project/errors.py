"""What can go wrong by the rules of the house, and the one form in which the API says so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

Fields = Mapping[str, Sequence[str]]
"""Field name -> what is wrong with it."""


class DomainError(Exception):
    """A rule of the house was broken; the message is for people. Services raise it, the edges translate it."""

    code: ClassVar[str] = "refused"
    status_code: ClassVar[int] = 400

    def __init__(self, message: str, *, code: str = "", fields: Fields | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.reason = code or self.code
        """Short and stable, for programs."""
        self.fields = {name: list(messages) for name, messages in (fields or {}).items()}


class Invalid(DomainError):
    """Something that was given cannot be; `fields` names it and says how to mend it."""

    code = "invalid"


class NotFound(DomainError):
    """It does not exist, or the asker may not know that it does."""

    code = "not_found"
    status_code = 404


class Conflict(DomainError):
    """It is in a state already in which this cannot be done; somebody else may have been first."""

    code = "conflict"
    status_code = 409


class TooMany(DomainError):
    """It was tried too often; `wait` says in how many seconds it may be tried again."""

    code = "throttled"
    status_code = 429

    def __init__(self, message: str, *, wait: float) -> None:
        super().__init__(message)
        self.wait = wait
