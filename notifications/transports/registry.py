"""The transports by the kind of their channels. Loaded when first used: some bring large libraries along."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import cast

from notifications.transports.protocol import Transport

PLACES = {
    "email": "notifications.transports.email:Email",
    "webhook": "notifications.transports.webhook:Webhook",
    "web_push": "notifications.transports.web_push:WebPush",
    "mqtt": "notifications.transports.mqtt:Mqtt",
    "apprise": "notifications.transports.apprise:Apprise",
}


@cache
def transport_of(kind: str) -> Transport:
    """The transport of this kind. Raises KeyError where there is none."""
    module, _, name = PLACES[kind].partition(":")
    return cast(Transport, getattr(import_module(module), name)())
