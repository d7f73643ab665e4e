"""One POST under the policy: no redirect is followed, no proxy of the environment used. Free of Django.

Of the answer only the status and the headers are read: a body has nothing to say to us, could be without end, and must
not be shown to who might learn from it what stands inside.
"""

from __future__ import annotations

import http.client
import re
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import Message as Headers
from urllib.parse import SplitResult, urlsplit

from project.outgoing.deadline import Deadline
from project.outgoing.policy import HTTP_PORTS, NotAllowed, Policy, Unreachable

SECONDS = 10.0

_URL = re.compile(r"[!-\[\]-~]{1,2000}")


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, whatever its status."""

    status: int
    headers: Headers


def check_url(url: str, *, policy: Policy) -> SplitResult:
    """The parts of the address, if the policy allows it as far as can be said without resolving its name.

    Raises NotAllowed.
    """
    if not _URL.fullmatch(url):
        raise NotAllowed(
            "The address must be of printable ASCII without spaces and backslashes, up to 2000 characters."
        )
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise NotAllowed("The host or port of the address cannot be read.") from None
    if parts.scheme not in ("http", "https") or not host:
        raise NotAllowed("The address must begin with https:// and name a host.")
    if parts.scheme == "http" and policy.tls_only:
        raise NotAllowed("The address must begin with https://.")
    if "@" in parts.netloc:
        raise NotAllowed("The address must not hold a user or password.")
    if "#" in url:
        raise NotAllowed("The address must not hold a #.")
    policy.check_host(host, _port(parts) if port is None else port, ports=HTTP_PORTS, bracketed="[" in parts.netloc)
    return parts


def post(url: str, body: bytes, *, headers: Mapping[str, str], policy: Policy, seconds: float = SECONDS) -> Answer:
    """What the server answered. Raises NotAllowed and Unreachable, neither of which repeats the address."""
    parts = check_url(url, policy=policy)
    host, port = parts.hostname or "", _port(parts)
    with Deadline(seconds) as deadline:
        connection = policy.connect(host, port, ports=HTTP_PORTS, deadline=deadline)
        try:
            if parts.scheme == "https":
                connection = ssl.create_default_context().wrap_socket(connection, server_hostname=host.rstrip("."))
            answer = _exchange(connection, parts, body, headers)
            if deadline.reason:  # what was cut off looks like an answer that ended
                raise Unreachable(deadline.reason)
            return answer
        except ssl.SSLCertVerificationError as error:
            why = error.verify_message.partition(",")[0]  # a mismatch goes on with the name, which may be a secret
            raise Unreachable(f"The server's certificate is not accepted: {why}.") from None
        except (OSError, http.client.HTTPException, ValueError):
            raise Unreachable(deadline.reason or "The connection broke, or the answer is not HTTP.") from None
        finally:
            connection.close()


def _exchange(connection: socket.socket, parts: SplitResult, body: bytes, headers: Mapping[str, str]) -> Answer:
    client = http.client.HTTPConnection(parts.hostname or "")
    client.auto_open = 0  # it has its connection, and is to make no other
    client.sock = connection
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    client.putrequest("POST", path, skip_host=True, skip_accept_encoding=True)
    sent = {"Host": parts.netloc, "User-Agent": "Vigil", "Connection": "close", "Content-Length": str(len(body))}
    for name, value in {**sent, **headers}.items():
        client.putheader(name, value)
    client.endheaders(body)
    with client.getresponse() as response:
        return Answer(status=response.status, headers=response.headers)


def _port(parts: SplitResult) -> int:
    return parts.port or (443 if parts.scheme == "https" else 80)
