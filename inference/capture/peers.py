"""Whom this process is connected to: FFmpeg looks names up anew and follows redirects, and says nothing of either."""

from __future__ import annotations

import os
import socket
from contextlib import suppress
from pathlib import Path

_OPEN_FILES = Path("/proc/self/fd")


def sockets() -> dict[str, int]:
    """The open ones of this process: their lasting name in the kernel -> file descriptor."""
    found = {}
    for entry in _OPEN_FILES.iterdir():
        with suppress(OSError):  # closed meanwhile, as the one that lists them is
            name = str(entry.readlink())
            if name.startswith("socket:"):
                found[name] = int(entry.name)
    return found


def peers_since(before: dict[str, int]) -> set[str]:
    """IP addresses at the other ends of the sockets that are open now and were not then."""
    addresses = set()
    for name, descriptor in sockets().items():
        if name in before:
            continue
        with suppress(OSError), socket.socket(fileno=os.dup(descriptor)) as opened:
            if opened.family in (socket.AF_INET, socket.AF_INET6):
                addresses.add(str(opened.getpeername()[0]))
    return addresses
