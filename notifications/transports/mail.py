"""A message as a mail: text, HTML, the picture inside, and headers by which mail programs make threads."""

from __future__ import annotations

import hashlib
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate
from html import escape
from urllib.parse import urlsplit

from django.conf import settings

from notifications.message import Message
from notifications.transports.threads import thread_of

PICTURE = "picture"
_LINK_TEXT = {"en": "Open in Vigil", "ko": "Vigil에서 열기"}


def mail_of(message: Message, *, sender: str, to: str) -> EmailMessage:
    """The mail; the same message has the same id at every attempt, so that whoever gets it twice can tell."""
    mail = EmailMessage(policy=SMTP)
    mail["Subject"] = " ".join(message.title.split())
    mail["From"] = Address("Vigil", addr_spec=sender)
    mail["To"] = Address(addr_spec=to)
    mail["Date"] = formatdate()
    mail["Message-ID"] = _id("message", message.key, to)
    mail["References"] = mail["In-Reply-To"] = _id("thread", thread_of(message), to)
    mail["Auto-Submitted"] = "auto-generated"
    mail["Content-Language"] = message.language
    if message.severity in ("high", "critical"):
        mail["Importance"] = "high"
    mail.set_content(f"{message.body}\n\n{message.link}\n" if message.link else f"{message.body}\n")
    mail.add_alternative(_html(message), subtype="html")
    if message.picture is not None:
        html = mail.get_payload(1)
        assert isinstance(html, EmailMessage)
        html.add_related(message.picture, "image", "jpeg", cid=f"<{PICTURE}>", filename="picture.jpg")
    return mail


def _html(message: Message) -> str:
    paragraphs = "".join(f"<p>{escape(line)}</p>" for line in message.body.splitlines())
    picture = f'<p><img src="cid:{PICTURE}" alt="" style="max-width:100%"></p>' if message.picture else ""
    text = _LINK_TEXT.get(message.language, _LINK_TEXT["en"])
    link = f'<p><a href="{escape(message.link)}">{text}</a></p>' if message.link.startswith("http") else ""
    return (
        f'<!doctype html><html lang="{escape(message.language)}"><meta charset="utf-8">'
        f"<body><h2>{escape(message.title)}</h2>{paragraphs}{picture}{link}</body></html>"
    )


def _id(*parts: str) -> str:
    digest = hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]
    return f"<{digest}@{urlsplit(settings.VIGIL_BASE_URL).hostname or 'vigil.invalid'}>"
