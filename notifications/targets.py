"""Where a channel leads: checked by its transport, stored encrypted, shown without what is secret."""

from __future__ import annotations

import json
from collections.abc import Mapping

from notifications.models import Channel
from notifications.transports.protocol import Target
from notifications.transports.registry import transport_of
from project.errors import Invalid
from project.masking import MASK


def target_of(channel: Channel) -> Target:
    """As its transport needs it. Holds secrets: never log it."""
    target: dict[str, str] = json.loads(channel.target) if channel.target else {}
    return target


def masked_target(channel: Channel) -> Target:
    """As people are shown it."""
    hidden = transport_of(channel.kind).secrets
    return {name: MASK if name in hidden and value else value for name, value in target_of(channel).items()}


def checked_target(kind: str, given: Mapping[str, object], *, stored: Channel | None = None) -> str:
    """What to store. A secret sent back as it was shown keeps the stored one, as long as nothing else changed.

    Raises Invalid with the field: a stored secret must not follow to another address.
    """
    try:
        return _checked(kind, given, stored)
    except Invalid as error:
        fields = {"target" if name == "target" else f"target.{name}": said for name, said in error.fields.items()}
        raise Invalid(error.message, code=error.reason, fields=fields) from None


def _checked(kind: str, given: Mapping[str, object], stored: Channel | None) -> str:
    if len(given) > 30 or not all(isinstance(value, str) and len(value) <= 4000 for value in given.values()):
        raise Invalid("The target must be texts by name.", fields={"target": ["Give texts by name."]})
    wanted = {name: str(value) for name, value in given.items()}
    echoed = [name for name, value in wanted.items() if value == MASK]
    if echoed:
        known = target_of(stored) if stored is not None and stored.kind == kind else {}
        moved = [name for name, value in wanted.items() if name not in echoed and value != known.get(name)]
        if moved or any(name not in known for name in echoed):
            sentence = f"Type the whole value: {MASK} only stands for what is hidden."
            raise Invalid("A secret is masked.", fields={name: [sentence] for name in echoed})
        wanted |= {name: known[name] for name in echoed}
    return json.dumps(dict(transport_of(kind).check(wanted)), sort_keys=True)
