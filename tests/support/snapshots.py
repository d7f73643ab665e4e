"""Whether what the sockets are told is enough to keep a list up to date: the rule that every action has to obey."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from events.broadcast import encode

Event = Mapping[str, Any]


def applied(events: Iterable[Event], told: Iterable[Mapping[str, Any]]) -> dict[str, Event]:
    """The list after a client has put each told event in place of what it had under that id."""
    shown = {event["id"]: event for event in events}
    for message in told:
        known = shown.get(message["event"]["id"])
        if known is None or known["sequence"] <= message["event"]["sequence"]:
            shown[message["event"]["id"]] = message["event"]
    return shown


def verify_action(fetch: Callable[[], list[Event]], told: list[Mapping[str, Any]], act: Callable[[], object]) -> None:
    """Fetches the list, acts, applies what was told, and compares with the list fetched anew.

    `told` grows while acting: the arguments of `events.broadcast.event_changed`.
    """
    stale = fetch()
    before = len(told)
    act()
    news = [_as_it_arrives(message) for message in told[before:]]
    assert news, "the sockets were told nothing"
    assert applied(stale, news) == {event["id"]: event for event in fetch()}


def _as_it_arrives(told: Mapping[str, Any]) -> Mapping[str, Any]:
    text = encode(
        {"type": "event.changed", "site": told["site_id"], "sequence": told["sequence"], "event": told["event"]}
    )
    message: Mapping[str, Any] = json.loads(text)
    return message
