"""What a failed exchange means for the channel: try again, or never again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from email.utils import parsedate_to_datetime

from notifications.transports.protocol import TransportError
from project.outgoing.http import Answer
from project.outgoing.policy import NotAllowed, Unreachable

PERMANENT = frozenset({301, 308, 401, 403, 404, 405, 410})
"""The address has moved, does not exist (any more) or does not let us in. Everything else may pass."""
LONGEST_WAIT = 3600.0


@contextmanager
def as_transport_errors() -> Iterator[None]:
    """Within, what the connection's policy and the network refuse is a TransportError."""
    try:
        yield
    except NotAllowed as refusal:
        raise TransportError(str(refusal), permanent=not refusal.by_name) from None
    except Unreachable as failure:
        raise TransportError(str(failure)) from None


def check_answer(answer: Answer, *, whose: str) -> None:
    """Raises TransportError unless the status is 2xx. The server's own words are not repeated."""
    if 200 <= answer.status < 300:
        return
    if 300 <= answer.status < 400:
        text = f"{whose} answered {answer.status}: it redirects, which is not followed. Give the address it leads to."
    elif answer.status in PERMANENT:
        text = f"{whose} answered {answer.status}: the address does not exist any more, or does not let Vigil in."
    else:
        text = f"{whose} answered {answer.status}."
    wait = retry_after(answer.headers.get("Retry-After", ""))
    raise TransportError(text, permanent=answer.status in PERMANENT, retry_after=wait)


def retry_after(header: str) -> float | None:
    """Seconds, from a number or a date; None where it says nothing that can be read."""
    try:
        if header.strip().isascii() and header.strip().isdigit():
            seconds = float(header)
        else:
            seconds = (parsedate_to_datetime(header) - dt.datetime.now(dt.UTC)).total_seconds()
    except (ValueError, TypeError):
        return None
    return min(max(seconds, 0.0), LONGEST_WAIT)
