"""An SMTP server for tests that keeps what it is handed."""

from __future__ import annotations

import email
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import default
from typing import Any, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword

from tests.support.certificates import Certificate
from tests.support.processes import free_port


@dataclass
class MailSink:
    """A mail server on 127.0.0.1; `rcpt`, `data` and `farewell` are what it answers."""

    port: int = field(default_factory=free_port)
    rcpt: str = "250 OK"
    data: str = "250 OK"
    farewell: str = "221 Bye"
    envelopes: list[Envelope] = field(default_factory=list)
    logins: list[tuple[str, str]] = field(default_factory=list)
    password: str = ""
    """Where there is one, nothing is taken without it."""

    @property
    def mails(self) -> list[EmailMessage]:
        """What it was handed, parsed."""
        contents = [cast(bytes, envelope.content) for envelope in self.envelopes]
        return [email.message_from_bytes(content, policy=default) for content in contents]

    async def handle_RCPT(self, server: Any, session: Any, envelope: Envelope, address: str, _: Any) -> str:
        """aiosmtpd's hook."""
        if self.rcpt.startswith("2"):
            envelope.rcpt_tos.append(address)
        return self.rcpt

    async def handle_DATA(self, server: Any, session: Any, envelope: Envelope) -> str:
        """aiosmtpd's hook."""
        if self.data.startswith("2"):
            self.envelopes.append(envelope)
        return self.data

    async def handle_QUIT(self, server: Any, session: Any, envelope: Envelope) -> str:
        """aiosmtpd's hook."""
        return self.farewell

    def authenticate(self, server: Any, session: Any, envelope: Any, mechanism: str, given: Any) -> AuthResult:
        """aiosmtpd's hook."""
        assert isinstance(given, LoginPassword)
        self.logins.append((given.login.decode(), given.password.decode()))
        return AuthResult(success=given.password.decode() == self.password, handled=False)


@contextmanager
def mail_sink(*, tls: Certificate | None = None, password: str = "") -> Iterator[MailSink]:
    """One that runs for as long as the block lasts; with `tls` it offers STARTTLS and wants it."""
    sink = MailSink(password=password)
    options: dict[str, Any] = {"tls_context": tls.server_context(), "require_starttls": True} if tls else {}
    if password:
        options |= {"authenticator": sink.authenticate, "auth_required": True, "auth_require_tls": tls is not None}
    controller = Controller(sink, hostname="127.0.0.1", port=sink.port, **options)
    controller.start()
    try:
        yield sink
    finally:
        controller.stop()
