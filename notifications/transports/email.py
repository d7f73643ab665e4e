"""Mail, through the instance's server or one of the site's own."""

from __future__ import annotations

from email.utils import parseaddr

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from notifications.message import Message
from notifications.transports.mail import mail_of
from notifications.transports.protocol import Target, TransportError
from notifications.transports.smtp import Server, hand_in
from notifications.transports.targets import allowed, fields_of, port_of, refuse
from project.outgoing.policy import SMTP_PORTS
from project.outgoing.settings import policy, trusted_policy

PORTS = {"starttls": "587", "tls": "465", "none": "25"}
OWN_SERVER = {"host": "", "port": "", "security": "starttls", "username": "", "password": "", "sender": ""}


class Email:
    """Fields: `address`; for a server of the site's own also `host`, `sender`, `port`, `security`, `username`,
    `password`.
    """

    secrets = frozenset({"password"})

    def check(self, target: Target) -> Target:
        """As in the protocol."""
        fields = fields_of(target, required=("address",), optional=OWN_SERVER)
        _check_address("address", fields["address"])
        if not fields["host"]:
            for name in ("port", "username", "password", "sender"):
                if fields[name]:
                    refuse(name, "This is for a mail server of your own: name its host too.")
            return {"address": fields["address"]}
        if fields["security"] not in PORTS:
            refuse("security", "It must be starttls, tls or none.")
        if fields["security"] == "none" and (settings.PRODUCTION or fields["password"]):
            refuse("security", "Mail must be handed in encrypted: choose starttls or tls.")
        if not (fields["username"] + fields["password"]).isascii():
            refuse("password", "The user name and password of a mail server must be ASCII.")
        fields["port"] = fields["port"] or PORTS[fields["security"]]
        with allowed("host"):
            policy().check_host(fields["host"], port_of(fields["port"]), ports=SMTP_PORTS)
        _check_address("sender", fields["sender"] or fields["address"])
        return fields

    def send(self, message: Message, target: Target) -> None:
        """As in the protocol."""
        server = _own_server(target) if target.get("host") else _instance_server()
        hand_in(mail_of(message, sender=server.sender, to=target["address"]), to=target["address"], server=server)


def _own_server(target: Target) -> Server:
    return Server(
        host=target["host"],
        port=int(target["port"]),
        security=target["security"],
        username=target["username"],
        password=target["password"],
        sender=target["sender"] or target["address"],
        policy=policy(),
        is_ours=False,
    )


def _instance_server() -> Server:
    if not settings.EMAIL_BACKEND.endswith("smtp.EmailBackend"):
        raise TransportError("This Vigil has no mail server: an administrator names one in EMAIL_URL.")
    return Server(
        host=settings.EMAIL_HOST,
        port=settings.EMAIL_PORT,
        security="tls" if settings.EMAIL_USE_SSL else "starttls" if settings.EMAIL_USE_TLS else "none",
        username=settings.EMAIL_HOST_USER or "",
        password=settings.EMAIL_HOST_PASSWORD or "",
        sender=parseaddr(settings.DEFAULT_FROM_EMAIL)[1],
        policy=trusted_policy(),
        is_ours=True,
    )


def _check_address(field: str, address: str) -> None:
    try:
        validate_email(address)
    except ValidationError:
        refuse(field, "This is no mail address.")
    if not address.isascii():
        refuse(field, "A mail address must be ASCII; write its domain as xn--….")
