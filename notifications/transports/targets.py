"""What all transports ask of a target before it is stored."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import NoReturn

from notifications.transports.protocol import Target
from project.errors import Invalid
from project.outgoing.policy import NotAllowed

MAX_LENGTH = 2000


def fields_of(
    target: Target, *, required: tuple[str, ...], optional: Mapping[str, str] | None = None
) -> dict[str, str]:
    """The target's values without space around them, and what is optional with its default.

    Raises Invalid for what is missing, unknown, too long or holds control characters.
    """
    optional = optional or {}
    for name, value in target.items():
        if name not in required and name not in optional:
            refuse(name, "This channel has no such setting.")
        if len(value) > MAX_LENGTH:
            refuse(name, f"It may have at most {MAX_LENGTH} characters.")
        if any(not character.isprintable() for character in value):
            refuse(name, "It may not hold line breaks or control characters.")
    given = {name: value.strip() for name, value in target.items()}
    for name in required:
        if not given.get(name):
            refuse(name, "This is needed.")
    return {name: given.get(name) or optional.get(name, "") for name in (*required, *optional)}


def port_of(text: str) -> int:
    """The number in the field `port`. Raises Invalid."""
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 65536:
        refuse("port", "The port must be a number from 1 to 65535.")
    return int(text)


def refuse(field: str, sentence: str) -> NoReturn:
    """Raises Invalid for one field of the target; the sentence holds no value of it."""
    raise Invalid(sentence, fields={field: [sentence]})


@contextmanager
def allowed(field: str) -> Iterator[None]:
    """Within, what the policy for outgoing connections refuses is Invalid for that field."""
    try:
        yield
    except NotAllowed as refusal:
        refuse(field, str(refusal))
