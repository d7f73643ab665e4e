"""A policy laid over a whole process, for libraries that open their connections themselves. Free of Django.

Python's audit hooks see each `connect` with the address it goes to, after any name was resolved, and can stop it. They
bind Python code, also code that means no good by a mistake of its author; they are no wall against native code.
"""

from __future__ import annotations

import ipaddress
import os
import sys
from collections.abc import Collection

from project.outgoing.policy import NotAllowed, Policy

_READABLE = ("/etc/ssl", "/etc/pki", "/etc/mime.types", "/etc/localtime", "/usr/share/zoneinfo", "/usr/lib/ssl")
_NEVER = frozenset(
    {
        *(
            "subprocess.Popen",
            "os.system",
            "os.exec",
            "os.posix_spawn",
            "os.spawn",
            "os.fork",
            "os.forkpty",
            "pty.spawn",
        ),
        *("os.remove", "os.rename", "os.link", "os.symlink", "os.mkdir", "os.rmdir", "os.chmod", "os.chown"),
        *("os.truncate", "ctypes.dlopen", "socket.sendto", "socket.sendmsg"),
    }
)


class Confinement:
    """From `begin` on, for as long as the process lives."""

    def __init__(self, policy: Policy, *, ports: Collection[int]) -> None:
        self._policy, self._ports = policy, ports
        self._roots = tuple(
            os.path.realpath(root) for root in (sys.prefix, sys.base_prefix, *_READABLE, *_authorities())
        )
        self.refusals: list[str] = []
        """What was stopped, in plain words; what is stopped gets a PermissionError, which a library may swallow."""

    def begin(self) -> None:
        """There is no end to it."""
        sys.addaudithook(self._look)

    def _look(self, event: str, arguments: tuple[object, ...]) -> None:
        if event == "socket.connect":
            self._connect(arguments[1])
        elif event == "open":
            self._open(arguments[0], arguments[2])
        elif event in _NEVER:
            self._refuse("The service would do more than send a message.")

    def _connect(self, address: object) -> None:
        try:
            if not isinstance(address, tuple):
                raise NotAllowed("The service is on this machine.")
            self._policy.check_address(
                ipaddress.ip_address(str(address[0]).partition("%")[0]), int(address[1]), ports=self._ports
            )
        except NotAllowed as refusal:
            self._refuse(str(refusal))
        except ValueError:
            self._refuse("The service is reached by a name that nobody has resolved.")

    def _open(self, path: object, flags: object) -> None:
        if isinstance(path, int) or path == os.devnull or not isinstance(path, str | bytes | os.PathLike):
            return
        writes = isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
        real = os.path.realpath(os.fsdecode(path))
        if writes or not any(real == root or real.startswith(root + os.sep) for root in self._roots):
            self._refuse("The service would read or write a file of this machine.")

    def _refuse(self, sentence: str) -> None:
        self.refusals.append(sentence)
        raise PermissionError(sentence)


def _authorities() -> list[str]:
    names = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE")
    return [os.environ[name] for name in names if os.environ.get(name)]
