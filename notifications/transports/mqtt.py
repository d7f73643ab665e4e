"""An MQTT broker, such as Home Assistant's."""

from __future__ import annotations

import re

from django.conf import settings

from notifications.message import Message
from notifications.transports.content import as_json
from notifications.transports.mqtt_session import VERSIONS, Post, publish
from notifications.transports.protocol import Target
from notifications.transports.targets import allowed, fields_of, port_of, refuse
from project.outgoing.policy import MQTT_PORTS
from project.outgoing.settings import policy

OPTIONAL = {
    **{"port": "", "tls": "yes", "username": "", "password": "", "version": "5"},
    **{"prefix": "vigil", "discovery": "homeassistant"},
}
OFF = "off"
_TOPIC = re.compile(r"[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)*")


class Mqtt:
    """Fields: `host`, `port`, `tls` (yes or no), `username`, `password`, `version` (5 or 3.1.1), `prefix` of all
    topics, `discovery` (Home Assistant's prefix, or off).
    """

    secrets = frozenset({"password"})

    def check(self, target: Target) -> Target:
        """As in the protocol."""
        fields = fields_of(target, required=("host",), optional=OPTIONAL)
        if fields["tls"] not in ("yes", "no"):
            refuse("tls", "It must be yes or no.")
        if fields["tls"] == "no" and settings.PRODUCTION:
            refuse("tls", "The broker must be reached encrypted: give its TLS port, often 8883.")
        if fields["version"] not in VERSIONS:
            refuse("version", "It must be 5 or 3.1.1.")
        if fields["password"] and not fields["username"]:
            refuse("username", "A password needs a user name.")
        for name in ("prefix", "discovery"):
            if len(fields[name]) > 100 or not _TOPIC.fullmatch(fields[name]):
                refuse(name, "It may hold letters, digits, _ and -, with / between its levels.")
        fields["port"] = fields["port"] or ("8883" if fields["tls"] == "yes" else "1883")
        with allowed("host"):
            policy().check_host(fields["host"], port_of(fields["port"]), ports=MQTT_PORTS)
        return fields

    def send(self, message: Message, target: Target) -> None:
        """As in the protocol. What tells that a camera is away or back also sets its availability."""
        facts = message.facts
        topic = camera_topic(target, facts.get("site"), facts.get("camera"))
        posts = [Post(f"{topic}/event", as_json(message))]
        if message.picture is not None:
            posts.append(Post(f"{topic}/snapshot", message.picture))
        if facts.get("camera") and facts.get("kind") in ("offline", "back"):
            posts.append(Post(f"{topic}/availability", availability(facts["kind"] == "back"), retain=True))
        publish(posts, target)


def camera_topic(target: Target, site: object, camera: object) -> str:
    """Below which all of a camera's topics are; what is about no camera is below `vigil`."""
    return f"{target['prefix']}/{_level(site or 'all')}/{_level(camera or 'vigil')}"


def availability(online: bool) -> bytes:
    """As Home Assistant reads it."""
    return b"online" if online else b"offline"


def _level(value: object) -> str:
    return re.sub(r"[^A-Za-z0-9_-]", "_", str(value))
