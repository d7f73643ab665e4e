"""One mail to one address over a connection under the policy for what goes out."""

from __future__ import annotations

import smtplib
import socket
import ssl
from contextlib import suppress
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from notifications.transports.failures import as_transport_errors
from notifications.transports.protocol import TransportError
from project.addresses import literal_address
from project.outgoing.deadline import Deadline
from project.outgoing.policy import SMTP_PORTS, Policy

SECONDS = 10.0
MAX_ANSWERS = 64 * 1024
"""Bytes that a server may say in all."""
NO_SUCH_ADDRESS = frozenset({550, 551, 553})
"""RFC 5321: unavailable, not here, not allowed. The others are about the server, the session or the sender."""
POLICY = b"5.7."
"""RFC 3463: how the answer goes on where it is about what Vigil may do, such as "5.7.1 Relaying denied"."""


@dataclass(frozen=True, slots=True)
class Server:
    """Where mail is handed in. `security` is tls (from the first byte), starttls or none."""

    host: str
    port: int
    security: str
    username: str
    password: str
    sender: str
    policy: Policy
    is_ours: bool
    """The instance's own: what it holds against Vigil is no fault of the recipient's channel."""


def hand_in(mail: EmailMessage, *, to: str, server: Server) -> None:
    """Deliver it to the server. Raises TransportError: 5xx is permanent, if it is about this channel."""
    with as_transport_errors(), Deadline(SECONDS) as deadline:
        try:
            client = _Client(server, deadline)
            try:
                if server.security == "starttls":
                    client.starttls(context=ssl.create_default_context())
                if server.username:
                    client.login(server.username, server.password)
                client.sendmail(server.sender, [to], mail.as_bytes())
            finally:
                client.leave()
        except smtplib.SMTPRecipientsRefused as refusal:
            code, words = next(iter(refusal.recipients.values()))
            permanent = code in NO_SUCH_ADDRESS and not (server.is_ours and words.startswith(POLICY))
            raise TransportError(f"The mail server refused the address ({code}).", permanent=permanent) from None
        except smtplib.SMTPResponseException as refusal:
            what = "the user name or password" if isinstance(refusal, smtplib.SMTPAuthenticationError) else "the mail"
            permanent = 500 <= refusal.smtp_code < 600 and not server.is_ours
            text = f"The mail server refused {what} ({refusal.smtp_code})."
            raise TransportError(text, permanent=permanent) from None
        except smtplib.SMTPNotSupportedError:
            text = "The mail server offers no encryption (STARTTLS) or no login, which the settings ask for."
            raise TransportError(text) from None
        except ssl.SSLCertVerificationError as error:
            raise TransportError(f"The mail server's certificate is not accepted: {error.verify_message}.") from None
        except (OSError, ValueError):
            raise TransportError(deadline.reason or "The connection to the mail server broke.") from None


class _Client(smtplib.SMTP):
    def __init__(self, server: Server, deadline: Deadline) -> None:
        self._server, self._deadline = server, deadline
        self._left = MAX_ANSWERS
        super().__init__(server.host, server.port, local_hostname=_own_name())

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        connection = self._server.policy.connect(host, port, ports=SMTP_PORTS, deadline=self._deadline)
        if self._server.security == "tls":
            return ssl.create_default_context().wrap_socket(connection, server_hostname=host)
        return connection

    def getreply(self) -> tuple[int, bytes]:
        """Its own, counted."""
        if self.file is None:
            self.file = _Bounded(self.sock.makefile("rb"), self)  # type: ignore[union-attr]
        return super().getreply()

    def leave(self) -> None:
        """Never raises: what the server took it has, whatever it says to a farewell."""
        with suppress(OSError, ValueError):
            self.quit()
        self.close()

    def spend(self, size: int) -> None:
        """Raises OSError when the server has said too much."""
        self._left -= size
        if self._left < 0:
            raise OSError("the answer is too long")


def _own_name() -> str:
    """What to greet with, as RFC 5321 writes it; without one smtplib would ask the DNS."""
    host = urlsplit(settings.VIGIL_BASE_URL).hostname or "localhost"
    address = literal_address(host, bracketed=":" in host)
    return host if address is None else f"[{'IPv6:' if address.version == 6 else ''}{address}]"


class _Bounded:
    def __init__(self, file: Any, client: _Client) -> None:
        self._file, self._client = file, client

    def readline(self, limit: int = -1) -> bytes:
        line: bytes = self._file.readline(limit)
        self._client.spend(len(line))
        return line

    def close(self) -> None:
        self._file.close()
