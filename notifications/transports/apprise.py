"""Any service that Apprise knows, such as Telegram, Slack, Discord, ntfy or Pushover."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
from tempfile import gettempdir

from django.conf import settings

from notifications.message import Message
from notifications.transports.protocol import Target, TransportError
from notifications.transports.targets import fields_of, refuse
from project.outgoing.settings import policy

SECONDS = 10.0
_COMMAND = (sys.executable, "-m", "notifications.transports.apprise_process")
_PASSED_ON = ("PATH", "LANG", "LC_ALL", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE")


class Apprise:
    """Field: `url`, as Apprise writes it. Apprise runs in a process of its own that may do nothing but send."""

    secrets = frozenset({"url"})

    def check(self, target: Target) -> Target:
        """As in the protocol."""
        fields = fields_of(target, required=("url",))
        try:
            answer = _run({"url": fields["url"]})
        except TransportError:
            refuse("url", "This address could not be checked within 10 seconds.")
        if answer["refused"] or answer["failed"]:
            refuse("url", answer["refused"] or answer["failed"])
        return fields

    def send(self, message: Message, target: Target) -> None:
        """As in the protocol."""
        answer = _run(
            {
                "url": target["url"],
                "title": message.title,
                "body": f"{message.body}\n{message.link}".strip(),
                "severity": message.severity,
                "picture": base64.b64encode(message.picture or b"").decode(),
            }
        )
        if answer["refused"]:
            raise TransportError(answer["refused"], permanent=True)
        if answer["failed"]:
            raise TransportError(answer["failed"])


def _run(job: dict[str, str]) -> dict[str, str]:
    allowed = policy()
    order = {**job, "allowed_networks": list(allowed.allowed_networks), "tls_only": allowed.tls_only}
    environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    try:
        done = subprocess.run(
            _COMMAND,
            input=json.dumps(order).encode(),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=SECONDS,
            cwd=settings.BASE_DIR,
            env={**environment, "HOME": gettempdir(), "PYTHONDONTWRITEBYTECODE": "1"},
            check=True,
        )
        answer: dict[str, str] = json.loads(done.stdout)
    except subprocess.TimeoutExpired:
        raise TransportError(f"It took longer than {SECONDS:g} s.") from None
    except (subprocess.CalledProcessError, ValueError):
        raise TransportError("The service could not be spoken to.") from None
    return answer
