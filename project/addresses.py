"""What an address of the network is, however it is spelled: for what comes in and what goes out. Free of Django."""

from __future__ import annotations

import ipaddress
import re
import socket

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

METADATA = frozenset(
    ipaddress.ip_address(text)
    for text in (
        "169.254.169.254",  # AWS, Azure, Google, OpenStack
        "169.254.170.2",  # AWS containers
        "168.63.129.16",  # Azure
        "100.100.100.200",  # Alibaba
        "192.0.0.192",  # Oracle
        "fd00:ec2::254",  # AWS over IPv6
    )
)
"""Where clouds hand out credentials: refused whatever the settings say."""
METADATA_NAMES = frozenset({"metadata", "metadata.google.internal", "instance-data"})

_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_HOST_NAME = re.compile(r"[A-Za-z0-9_]([A-Za-z0-9_.-]{0,251}[A-Za-z0-9_])?\.?")
_GLOBAL_IPV6 = ipaddress.ip_network("2000::/3")
_NOT_PUBLIC = tuple(
    ipaddress.ip_network(text)
    for text in (
        "100.64.0.0/10",  # carriers' NAT
        "192.0.0.0/24",
        "192.88.99.0/24",  # relays of 6to4
        "198.18.0.0/15",
        "224.0.0.0/3",  # groups and reserved
        "2001::/23",  # Teredo among others
        "3fff::/20",
    )
)
"""What `is_global` of some Python among 3.11 to 3.13 takes for public, and is not."""


def is_host_name(host: str) -> bool:
    """Whether `host` is written as names in the DNS are (ASCII)."""
    return _HOST_NAME.fullmatch(host) is not None


def literal_address(host: str, *, bracketed: bool = False) -> IPAddress | None:
    """The address that a program would read in `host`, in any of its spellings (decimal, hex, short); None for a name.

    `bracketed`: it stood in [] and must be an IPv6 address. Raises ValueError where it is none.
    """
    if bracketed:
        return ipaddress.ip_address(host.partition("%")[0])
    try:
        return ipaddress.ip_address(socket.inet_aton(host.rstrip(".")))
    except (OSError, UnicodeEncodeError):
        return None


def embedded(address: IPAddress) -> IPAddress:
    """The IPv4 address inside an IPv6 one that leads to it (mapped, 6to4, NAT64)."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address


def is_public(address: IPAddress) -> bool:
    """Whether it is one machine somewhere in the internet: not private, not this machine, not a group, not reserved."""
    if address.version == 6 and address not in _GLOBAL_IPV6:
        return False
    return address.is_global and not any(address in network for network in _NOT_PUBLIC)
