"""A short connection to an MQTT broker under the policy for what goes out: publish, wait for all to be taken, leave."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterable
from dataclasses import dataclass

from paho.mqtt import client as paho
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode, MQTTProtocolVersion
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from notifications.transports.failures import as_transport_errors
from notifications.transports.protocol import Target, TransportError
from project.outgoing.deadline import Deadline
from project.outgoing.policy import MQTT_PORTS
from project.outgoing.settings import policy

SECONDS = 10.0
VERSIONS = {"5": MQTTProtocolVersion.MQTTv5, "3.1.1": MQTTProtocolVersion.MQTTv311}
_NOT_LET_IN = frozenset({"Bad user name or password", "Not authorized", "Banned"})


@dataclass(frozen=True, slots=True)
class Post:
    """One message for one topic; `retain`: whoever subscribes later gets it too. An empty retained one removes."""

    topic: str
    payload: bytes
    retain: bool = False


def publish(posts: Iterable[Post], target: Target) -> None:
    """Hand all of them to the broker, each acknowledged by it (QoS 1). Raises TransportError."""
    with as_transport_errors(), Deadline(SECONDS) as deadline:
        client = _Client(target, deadline)
        try:
            client.enter()
            client.hand_over(list(posts))
        except ssl.SSLCertVerificationError as error:
            raise TransportError(f"The broker's certificate is not accepted: {error.verify_message}.") from None
        except (OSError, ValueError):
            raise TransportError(deadline.reason or "The connection to the broker broke.") from None
        finally:
            client.leave()


class _Client(paho.Client):
    def __init__(self, target: Target, deadline: Deadline) -> None:
        super().__init__(CallbackAPIVersion.VERSION2, protocol=VERSIONS[target["version"]])
        self._target, self._deadline = target, deadline
        self._connection: socket.socket | None = None
        self._answer: ReasonCode | None = None
        self._waiting: set[int] = set()
        self._refused = ""
        if target["username"]:
            self.username_pw_set(target["username"], target["password"] or None)
        self.on_connect = self._connected
        self.on_publish = self._published

    def enter(self) -> None:
        """Connect and be let in. Raises TransportError, NotAllowed, Unreachable, OSError."""
        self.connect(self._target["host"], int(self._target["port"]), keepalive=30)
        while self._answer is None:
            self._turn()
        if self._answer.is_failure:
            name = self._answer.getName()
            if name in _NOT_LET_IN:
                raise TransportError("The broker refused the user name or password.", permanent=True)
            raise TransportError(f"The broker refused the connection: {name.lower()}.")

    def hand_over(self, posts: list[Post]) -> None:
        """Publish and wait. Raises TransportError, OSError."""
        for post in posts:
            self._waiting.add(self.publish(post.topic, post.payload, qos=1, retain=post.retain).mid)
        while self._waiting:
            self._turn()
        if self._refused:
            permanent = self._refused in _NOT_LET_IN
            raise TransportError(f"The broker did not take the message: {self._refused.lower()}.", permanent=permanent)

    def leave(self) -> None:
        """Never raises."""
        self.disconnect()
        if self._connection is not None:
            self._connection.close()

    def _turn(self) -> None:
        if self.loop(timeout=min(0.2, self._deadline.remaining())) != MQTTErrorCode.MQTT_ERR_SUCCESS and (
            self._answer is None or not self._answer.is_failure
        ):
            raise OSError("disconnected")
        if self._deadline.reason:
            raise OSError("too slow")

    def _create_socket_connection(self) -> socket.socket:
        host, port = self._target["host"], int(self._target["port"])
        connection = policy().connect(host, port, ports=MQTT_PORTS, deadline=self._deadline)
        if self._target["tls"] == "yes":  # here, for paho would leave a connection open whose certificate is refused
            connection = ssl.create_default_context().wrap_socket(connection, server_hostname=host)
        self._connection = connection
        return connection

    def _connected(self, _: paho.Client, __: object, ___: object, answer: ReasonCode, ____: Properties | None) -> None:
        self._answer = answer

    def _published(self, _: paho.Client, __: object, mid: int, answer: ReasonCode, ___: Properties | None) -> None:
        self._waiting.discard(mid)
        if answer.is_failure:
            self._refused = answer.getName()
