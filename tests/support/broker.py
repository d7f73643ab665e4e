"""Mosquitto for tests, with a user and a password, and a subscriber that waits for what arrives."""

from __future__ import annotations

import json
import os
import shutil
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from paho.mqtt import client as paho
from paho.mqtt.enums import CallbackAPIVersion

from tests.support.certificates import Certificate
from tests.support.processes import free_port, listens, running, wait_until

USER, PASSWORD = "vigil", "a password of the tests"
PATH = os.environ.get("PATH", "") + ":/usr/sbin"
ACL = f"user {USER}\ntopic readwrite #\ntopic deny forbidden/#\n"


@dataclass
class Broker:
    """A running Mosquitto on 127.0.0.1, and all that was published since it started (topic, payload, retained)."""

    port: int
    messages: list[tuple[str, bytes, bool]] = field(default_factory=list)

    @property
    def target(self) -> dict[str, str]:
        """For the MQTT transport's check."""
        return {"host": "127.0.0.1", "port": str(self.port), "tls": "no", "username": USER, "password": PASSWORD}

    def wait_for(self, topic: str, *, count: int = 1) -> list[bytes]:
        """The payloads of that topic, once there are so many."""
        wait_until(lambda: len(self._of(topic)) >= count, seconds=5, what=f"{count} messages in {topic}")
        return self._of(topic)

    def retained(self) -> dict[str, Any]:
        """What somebody who subscribes now is given, by topic; as JSON where it is that."""
        found: dict[str, Any] = {}
        with subscriber(self.port, lambda topic, payload, _: found.__setitem__(topic, _read(payload))) as client:
            settled = f"settled/{client._client_id!r}"  # comes after all that was kept
            client.publish(settled.replace("#", ""), b"", qos=1)
            wait_until(lambda: any(topic.startswith("settled/") for topic in found), seconds=5, what="the kept ones")
        return {topic: payload for topic, payload in found.items() if not topic.startswith("settled/")}

    def _of(self, topic: str) -> list[bytes]:
        return [payload for name, payload, _ in self.messages if name == topic]


@contextmanager
def broker(tls: Certificate | None = None) -> Iterator[Broker]:
    """One that runs for as long as the block lasts."""
    with TemporaryDirectory(prefix="vigil-broker-") as name:
        folder, port = Path(name), free_port()
        (folder / "acl").write_text(ACL)
        passwords = folder / "passwords"
        tool = shutil.which("mosquitto_passwd", path=PATH) or "mosquitto_passwd"
        subprocess.run([tool, "-b", "-c", str(passwords), USER, PASSWORD], check=True, capture_output=True)
        lines = [f"listener {port} 127.0.0.1", "allow_anonymous false", f"password_file {passwords}"]
        lines += [f"acl_file {folder / 'acl'}", "persistence false", "user root", "log_type all"]
        if tls is not None:
            lines += [f"certfile {tls.chain}", f"keyfile {tls.key}"]
        (folder / "mosquitto.conf").write_text("\n".join(lines) + "\n")
        command = [shutil.which("mosquitto", path=PATH) or "mosquitto", "-c", str(folder / "mosquitto.conf")]
        with running(command, log=folder / "mosquitto.log"):
            wait_until(lambda: listens(port), seconds=10, what="mosquitto to listen")
            it = Broker(port)
            with subscriber(
                port, lambda *message: it.messages.append(message), authority=tls.authority if tls else None
            ):
                yield it


@contextmanager
def subscriber(port: int, take: Any, *, authority: Path | None = None) -> Iterator[paho.Client]:
    """Gives `take` each message (topic, payload, retained) of all topics, from when the block begins."""
    subscribed: list[int] = []
    client = paho.Client(CallbackAPIVersion.VERSION2)
    client.username_pw_set(USER, PASSWORD)
    if authority is not None:
        context = ssl.create_default_context(cafile=str(authority))
        context.check_hostname = False
        client.tls_set_context(context)
    client.on_message = lambda _, __, message: take(message.topic, message.payload, message.retain)
    client.on_subscribe = lambda _, __, mid, *___: subscribed.append(mid)
    client.connect("127.0.0.1", port)
    client.loop_start()
    client.subscribe("#", qos=1)
    try:
        wait_until(lambda: bool(subscribed), seconds=5, what="the subscription")
        yield client
    finally:
        client.disconnect()
        client.loop_stop()


def _read(payload: bytes) -> Any:
    try:
        return json.loads(payload)
    except ValueError:
        return payload
