"""Which addresses a camera may have, and how they are shown without their secrets. Free of Django.

An allowlist, not a blocklist: FFmpeg opens `concat:`, `subfile,,:`, `async:file:`, 2130706433 and `[::ffff:127.0.0.1]`
as happily as an honest camera. What a name resolves to, and where a camera redirects to, only the process that opens
it can see: it calls `check_addresses` before, and whitelists FFmpeg's protocols and formats.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Callable, Iterable
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

from project.addresses import METADATA, METADATA_NAMES, IPAddress, embedded, is_host_name, literal_address
from project.masking import masked

__all__ = ["ALLOWED", "SourceNotAllowed", "check_addresses", "check_peers", "check_source", "masked"]

SCHEMES = ("rtsp", "rtsps", "http", "https")
SUFFIXES = frozenset(
    {
        *(".3gp", ".asf", ".avi", ".flv", ".m2ts", ".m4v", ".mkv", ".mov", ".mp4"),
        *(".mpeg", ".mpg", ".ogv", ".ts", ".webm", ".wmv"),
        *(".h264", ".h265", ".hevc", ".mjpeg", ".mjpg"),
    }
)
"""Of recordings. A playlist is none: it could name any other file."""
ALLOWED = (
    "Allowed are rtsp://, rtsps://, http:// and https:// addresses, and video files below the footage folder "
    "(file:///... or a path)."
)
LOOPBACK = ("127.0.0.0/8", "::1/128")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\\]")
_ENCODE_HINT = "Write these characters of a password as codes: @ as %40, : as %3A, / as %2F, ? as %3F, # as %23."


class SourceNotAllowed(ValueError):
    """An address that no camera may have; the text says why and what is allowed, and holds no secret."""


def check_source(source: str, *, footage_dir: Path, allowed_networks: Iterable[str] = LOOPBACK) -> str:
    """What FFmpeg may be given for `source`: the address as it is, or the absolute path of the recording it names.

    `allowed_networks` (CIDR) lets in loopback and link-local addresses, which are refused elsewhere.
    Raises SourceNotAllowed.
    """
    if not source.strip():
        raise SourceNotAllowed(f"The source is empty. {ALLOWED}")
    if len(source) > 2000 or _UNPRINTABLE.search(source):
        raise SourceNotAllowed(
            "The source holds a control character or a backslash, or is longer than 2000 characters."
        )
    scheme, mark, _ = source.partition("://")
    if mark and scheme.lower() in SCHEMES:
        _check_url(source, allowed_networks)
        return source
    return str(_recording(source, footage_dir))


def check_addresses(
    source: str,
    *,
    allowed_networks: Iterable[str] = LOOPBACK,
    resolve: Callable[[str], Iterable[str]] | None = None,
) -> None:
    """Refuses a camera whose name resolves to an address it may not have; for the process about to open it.

    A name that cannot be resolved passes: opening it will say so. Raises SourceNotAllowed.
    """
    host = urlsplit(source).hostname if "://" in source and not source.lower().startswith("file:") else None
    if host is None:
        return
    try:
        addresses = list((resolve or _resolve)(host))
    except OSError:
        return
    for address in addresses:
        _check_address(ipaddress.ip_address(address.partition("%")[0]), allowed_networks)


def check_peers(addresses: Iterable[str], *, allowed_networks: Iterable[str] = LOOPBACK) -> None:
    """Refuses a camera that was opened and turned out to be elsewhere. Raises SourceNotAllowed."""
    for address in addresses:
        try:
            _check_address(ipaddress.ip_address(address.partition("%")[0]), allowed_networks)
        except SourceNotAllowed as refusal:
            raise SourceNotAllowed(f"The camera leads elsewhere. {refusal}") from None


def _check_url(source: str, allowed_networks: Iterable[str]) -> None:
    if any(character.isspace() for character in source):
        raise SourceNotAllowed("The source holds a space: write it as %20.")
    if "@" in source.partition("://")[2].partition("@")[2]:
        raise SourceNotAllowed(f"The source has more than one @. {_ENCODE_HINT}")
    try:
        parts = urlsplit(source)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise SourceNotAllowed(f"The host or port of the source cannot be read. {_ENCODE_HINT}") from None
    if not host or port == 0:
        raise SourceNotAllowed("The source names no host, as in rtsp://192.168.1.20:554/stream.")
    if "@" in source and "@" not in parts.netloc:
        raise SourceNotAllowed(f"The source has an @ after its host. {_ENCODE_HINT}")
    address = _literal_address(host, parts)
    if address is not None:
        _check_address(address, allowed_networks)
    elif not is_host_name(host):
        raise SourceNotAllowed("The source's host is neither a name nor an address.")
    elif host.rstrip(".") in METADATA_NAMES:
        raise SourceNotAllowed("The source is the address of a cloud's metadata service, not of a camera.")
    elif host.rstrip(".") == "localhost" or host.rstrip(".").endswith(".localhost"):
        _check_address(ipaddress.ip_address("127.0.0.1"), allowed_networks)


def _literal_address(host: str, parts: SplitResult) -> IPAddress | None:
    try:
        return literal_address(host, bracketed="[" in parts.netloc)
    except ValueError:
        raise SourceNotAllowed("The source's IPv6 address cannot be read.") from None


def _check_address(address: IPAddress, allowed_networks: Iterable[str]) -> None:
    address = embedded(address)
    if address in METADATA:
        raise SourceNotAllowed("The source is the address of a cloud's metadata service, not of a camera.")
    if any(address in ipaddress.ip_network(network) for network in allowed_networks):
        return
    if address.is_loopback or address.is_link_local or address.is_unspecified or address in _THIS_NETWORK:
        raise SourceNotAllowed(
            f"The source is on this machine or link-local ({address}); where that is meant, "
            "name the network in VIGIL_ALLOWED_NETWORKS."
        )
    if address.is_multicast or address == _BROADCAST:
        raise SourceNotAllowed(f"The source is a group of machines ({address}), not one camera.")


_THIS_NETWORK = ipaddress.ip_network("0.0.0.0/8")
_BROADCAST = ipaddress.ip_address("255.255.255.255")


def _resolve(host: str) -> list[str]:
    return [str(entry[4][0]) for entry in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)]


def _recording(source: str, footage_dir: Path) -> Path:
    if source.lower().startswith("file://"):
        host, slash, path = source[len("file://") :].partition("/")
        if host not in ("", "localhost"):
            raise SourceNotAllowed(f"A file address has three slashes: file:///... {ALLOWED}")
        name = unquote(slash + path)
    else:
        name = source
    # A colon before the first slash is how FFmpeg's own protocols begin: concat:, subfile,,start,0,,:, async:file:
    if name.startswith("-") or ":" in name.partition("/")[0] or _UNPRINTABLE.search(name):
        raise SourceNotAllowed(f"This kind of source is not allowed. {ALLOWED}")
    root = footage_dir.resolve()
    path_ = (root / name).resolve()
    if not path_.is_relative_to(root):
        raise SourceNotAllowed(f"The file is outside the footage folder. {ALLOWED}")
    if path_.suffix.lower() not in SUFFIXES:
        raise SourceNotAllowed(f"The file is no video that Vigil plays: {' '.join(sorted(SUFFIXES))}.")
    if not path_.is_file():
        raise SourceNotAllowed(f"There is no file {path_.relative_to(root)} in the footage folder.")
    return path_
