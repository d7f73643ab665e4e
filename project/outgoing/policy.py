"""Where connections may go. Free of Django: processes without it keep to the same policy.

A name is resolved once, every address it has is checked, and the connection goes to a checked address: what the name
resolves to a moment later does not matter.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from functools import partial

from project.addresses import METADATA, METADATA_NAMES, IPAddress, embedded, is_host_name, is_public, literal_address
from project.outgoing.deadline import Deadline

HTTP_PORTS = frozenset({80, 443, 8080, 8443})
SMTP_PORTS = frozenset({25, 465, 587, 2525})
MQTT_PORTS = frozenset({1883, 8883})


class NotAllowed(Exception):
    """The policy refuses it. The text is for people and holds nothing of the address but an IP address."""

    def __init__(self, message: str, *, by_name: bool = False) -> None:
        super().__init__(message)
        self.by_name = by_name
        """What the name resolves to was refused: that may change, where the address as it is written cannot."""


class Unreachable(Exception):
    """Nobody answered there, or not as they should have. The text is for people and holds no secret."""


def system_resolve(host: str) -> list[str]:
    """The addresses of a name, as this machine sees them. Raises OSError."""
    return [str(entry[4][0]) for entry in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)]


@dataclass(frozen=True, slots=True)
class Policy:
    """Public addresses, and those in `allowed_networks` (CIDR), where any port is allowed too."""

    allowed_networks: tuple[str, ...] = ()
    tls_only: bool = True
    resolve: Callable[[str], Iterable[str]] = system_resolve

    def check_host(self, host: str, port: int, *, ports: Collection[int], bracketed: bool = False) -> None:
        """Refuses what can be refused without resolving a name. Raises NotAllowed."""
        try:
            address = literal_address(host, bracketed=bracketed or ":" in host)
        except ValueError:
            raise NotAllowed("The IPv6 address cannot be read.") from None
        if not 0 < port < 65536:
            raise NotAllowed("The port must be between 1 and 65535.")
        if address is not None:
            self.check_address(address, port, ports=ports)
            return
        name = host.rstrip(".").lower()
        if not is_host_name(host):
            raise NotAllowed("The host is neither a name (in ASCII) nor an address.")
        if name in METADATA_NAMES:
            raise NotAllowed("This is the address of a cloud's metadata service.")
        if name == "localhost" or name.endswith(".localhost"):
            self.check_address(ipaddress.ip_address("127.0.0.1"), port, ports=ports)
        if not self.allowed_networks:  # else the name may lead into one of them
            _check_port(port, ports)

    def check_address(self, address: IPAddress, port: int, *, ports: Collection[int]) -> None:
        """Raises NotAllowed unless a connection may go there."""
        address = embedded(address)
        if address in METADATA:
            raise NotAllowed("This is the address of a cloud's metadata service.")
        if address.is_unspecified or address.is_multicast or address == _BROADCAST:
            raise NotAllowed(f"{address} is not one machine.")
        if any(address in ipaddress.ip_network(network) for network in self.allowed_networks):
            return
        if not is_public(address):
            raise NotAllowed(
                f"{address} is not a public address; where that is meant, an administrator names its network "
                "in VIGIL_ALLOWED_TARGET_NETWORKS."
            )
        _check_port(port, ports)

    def addresses(self, host: str, port: int, *, ports: Collection[int], deadline: Deadline) -> list[IPAddress]:
        """All addresses of the host, each of them allowed. Raises NotAllowed and Unreachable."""
        self.check_host(host, port, ports=ports)
        literal = literal_address(host, bracketed=":" in host)
        if literal is not None:
            return [literal]
        try:
            found = deadline.run(partial(self.resolve, host))
        except OSError:
            raise Unreachable("The host's name cannot be resolved.") from None
        addresses = [ipaddress.ip_address(text.partition("%")[0]) for text in found]
        for address in addresses:
            try:
                self.check_address(address, port, ports=ports)
            except NotAllowed as refusal:
                raise NotAllowed(f"The host's name leads where it may not: {refusal}", by_name=True) from None
        return addresses

    def connect(self, host: str, port: int, *, ports: Collection[int], deadline: Deadline) -> socket.socket:
        """A connection to a checked address of the host, cut when the deadline is over.

        Raises NotAllowed and Unreachable.
        """
        for address in self.addresses(host, port, ports=ports, deadline=deadline):
            try:
                connection = socket.create_connection((str(address), port), min(deadline.remaining(), _SECONDS_EACH))
            except OSError:
                continue
            connection.settimeout(deadline.remaining())
            deadline.watch(connection)
            return connection
        raise Unreachable(deadline.reason or "Nobody answers at this address and port.")


def _check_port(port: int, ports: Collection[int]) -> None:
    if port not in ports:
        raise NotAllowed(f"The port must be one of {', '.join(map(str, sorted(ports)))}.")


_SECONDS_EACH = 4.0
"""For one of a host's addresses: the next one is to have its turn too."""
_BROADCAST = ipaddress.ip_address("255.255.255.255")
