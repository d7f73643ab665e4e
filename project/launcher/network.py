"""Ports, and asking a web server of this machine how it is."""

from __future__ import annotations

import errno
import http.client
import ipaddress
import socket
import ssl
from dataclasses import dataclass
from urllib.parse import urlsplit

from project.launcher.errors import Refusal


@dataclass(frozen=True, slots=True)
class Answer:
    """What an address answered; status 0: nothing."""

    status: int
    body: str


def ask(url: str, *, timeout: float = 2.0) -> Answer:
    """GET without proxies or redirects. A certificate is not checked: it names the host that others use."""
    parts = urlsplit(url)
    host, port = parts.hostname or "127.0.0.1", parts.port
    connection: http.client.HTTPConnection
    if parts.scheme == "https":
        unchecked = ssl._create_unverified_context()
        connection = http.client.HTTPSConnection(host, port, timeout=timeout, context=unchecked)
    else:
        connection = http.client.HTTPConnection(host, port, timeout=timeout)
    try:
        connection.request("GET", parts.path)
        answer = connection.getresponse()
        return Answer(answer.status, answer.read(1 << 20).decode(errors="replace"))
    except (OSError, http.client.HTTPException):
        return Answer(0, "")
    finally:
        connection.close()


def free_port() -> int:
    """A port of the loopback interface that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def demand_port(host: str, port: int) -> None:
    """Raises Refusal where nothing of ours could listen at this address."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except socket.gaierror:
            raise Refusal(f"--host {host}: this machine knows no such address.") from None
        except OverflowError:
            raise Refusal(f"--port {port}: a port is a number from 1 to 65535.") from None
        except OSError as error:
            raise Refusal(_why_not(error, host, port)) from None


def _why_not(error: OSError, host: str, port: int) -> str:
    match error.errno:
        case errno.EADDRINUSE:
            return f"Port {port} is in use by another program. Choose another: ./vigil up --port {port + 1}"
        case errno.EACCES:
            return f"Port {port} needs administrator rights. Choose one above 1023: ./vigil up --port 8000"
        case errno.EADDRNOTAVAIL:
            return f"--host {host}: that is no address of this machine. 0.0.0.0 means all of them."
    return f"Vigil cannot listen at {host}, port {port}: {error.strerror}."


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach the host."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def own_names() -> list[str]:
    """What others may call this machine by: its name and its address in the local network."""
    names = {socket.gethostname(), socket.getfqdn()}
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # sends nothing; picks the interface that leads outside
            names.add(probe.getsockname()[0])
        except OSError:
            pass
    return sorted(name for name in names if name)
