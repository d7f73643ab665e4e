"""Mail through a real SMTP server: what arrives, what a refusal means, and where mail may not be handed in."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from notifications.transports.email import Email
from notifications.transports.protocol import TransportError
from project.errors import Invalid
from tests.notifications.transports.messages import JPEG, MESSAGE, make_message
from tests.support.certificates import make_certificate
from tests.support.listeners import listener
from tests.support.mail_sink import MailSink, mail_sink

TO = {"address": "omar@example.org"}


@pytest.fixture
def instance_server(settings: Any) -> Any:
    """Makes a sink the mail server of the instance, as EMAIL_URL does."""

    def use(sink: MailSink) -> None:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
        settings.DEFAULT_FROM_EMAIL = "Vigil <vigil@example.org>"

    return use


def test_text_html_and_the_picture_arrive(instance_server: Any) -> None:
    with mail_sink() as sink:
        instance_server(sink)
        Email().send(MESSAGE, Email().check(TO))
        (mail,) = sink.mails
        assert (sink.envelopes[0].mail_from, sink.envelopes[0].rcpt_tos) == ("vigil@example.org", ["omar@example.org"])
    assert (mail["Subject"], mail["Importance"]) == (MESSAGE.title, "high")
    text, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert text is not None
    assert html is not None
    assert text.get_content().splitlines() == [*MESSAGE.body.splitlines(), "", MESSAGE.link]
    assert "정문: 사람 &lt;낯선&gt;" in html.get_content()
    assert "감지되었습니다 &amp; 확인" in html.get_content()
    assert 'src="cid:picture"' in html.get_content()
    (picture,) = [part for part in mail.walk() if part.get_content_type() == "image/jpeg"]
    assert (picture["Content-ID"], picture.get_payload(decode=True)) == ("<picture>", JPEG)


def test_what_belongs_together_is_threaded_and_a_repetition_can_be_told(instance_server: Any) -> None:
    other = {**MESSAGE.facts, "event": "other"}
    with mail_sink() as sink:
        instance_server(sink)
        for message in (MESSAGE, MESSAGE, make_message(key="7f3c:2"), make_message(key="x", facts=other)):
            Email().send(message, TO)
        first, again, update, foreign = sink.mails
    assert first["Message-ID"] == again["Message-ID"] != update["Message-ID"]
    assert first["References"] == update["References"] != foreign["References"]


def test_no_title_or_name_makes_a_header_of_its_own(instance_server: Any) -> None:
    nasty = "\u202eGate\r\n\x00Bcc: mallory@example.net\r\n\r\n<script>alert(1)</script>\n.\r\nQUIT"
    facts = {**MESSAGE.facts, "event": nasty, "camera_name": nasty}
    with mail_sink() as sink:
        instance_server(sink)
        Email().send(make_message(title=nasty, body=nasty, key=nasty, facts=facts, link=f"javascript:{nasty}"), TO)
        (mail,) = sink.mails
        assert sink.envelopes[0].rcpt_tos == ["omar@example.org"]
    assert mail["Bcc"] is None
    assert mail["Subject"].startswith("Gate Bcc: mallory")
    html = mail.get_body(("html",))
    assert html is not None
    assert "<script" not in html.get_content()
    assert "javascript:" not in html.get_content()


@pytest.mark.parametrize("address", ["a@b.org\r\nBcc: c@d.org", "a@b.org, c@d.org", "a", "", "é@b.org", "<a@b.org>"])
def test_an_address_is_one_address(address: str) -> None:
    with pytest.raises(Invalid) as caught:
        Email().check({"address": address})
    assert list(caught.value.fields) == ["address"]


@pytest.mark.parametrize(
    ("rcpt", "data", "permanent"),
    [
        ("550 no such user", "", True),
        ("553 5.1.3 no address", "", True),
        ("550 5.7.1 relaying denied", "", False),
        ("554 5.7.1 relaying denied", "", False),
        ("530 authentication required", "", False),
        ("552 mailbox full", "", False),
        ("450 later", "", False),
        ("250 OK", "554 spam", False),
        ("250 OK", "451 x", False),
    ],
)
def test_the_instances_server_ends_a_channel_only_by_refusing_its_address(
    rcpt: str, data: str, permanent: bool, instance_server: Any
) -> None:
    with mail_sink() as sink:
        instance_server(sink)
        sink.rcpt, sink.data = rcpt, data
        with pytest.raises(TransportError) as caught:
            Email().send(MESSAGE, TO)
        assert caught.value.permanent == permanent


@pytest.mark.parametrize("farewell", ["421 4.4.2 timeout", "500 what?", "550 no"])
def test_what_was_taken_is_not_sent_again_because_of_the_farewell(farewell: str, instance_server: Any) -> None:
    with mail_sink() as sink:
        instance_server(sink)
        sink.farewell = farewell
        Email().send(MESSAGE, TO)
        assert len(sink.mails) == 1


def test_without_a_server_it_says_which_setting_is_missing(settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    with pytest.raises(TransportError, match="EMAIL_URL") as caught:
        Email().send(MESSAGE, TO)
    assert not caught.value.permanent


@pytest.mark.usefixtures("local_targets")
def test_a_server_of_the_sites_own_is_spoken_to_encrypted_and_logged_in_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = make_certificate(tmp_path, "localhost")
    with mail_sink(tls=certificate, password="hunter2") as sink:
        own = {**TO, "host": "localhost", "port": str(sink.port), "username": "omar", "password": "hunter2"}
        target = Email().check({**own, "sender": "gate@example.org"})
        with pytest.raises(TransportError, match="certificate"):
            Email().send(MESSAGE, target)
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate.authority))
        Email().send(MESSAGE, target)
        assert (sink.logins, sink.envelopes[0].mail_from) == ([("omar", "hunter2")], "gate@example.org")
        with pytest.raises(TransportError, match="user name or password") as caught:
            Email().send(MESSAGE, {**target, "password": "wrong"})
        assert caught.value.permanent


@pytest.mark.usefixtures("local_targets")
def test_nothing_is_sent_in_the_clear_where_encryption_was_asked_for() -> None:
    with mail_sink() as sink:
        target = Email().check({**TO, "host": "127.0.0.1", "port": str(sink.port)})
        with pytest.raises(TransportError, match="STARTTLS"):
            Email().send(MESSAGE, target)
        assert not sink.envelopes


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("host", {"host": "127.0.0.1"}),
        ("host", {"host": "10.0.0.25"}),
        ("host", {"host": "mail.example.org", "port": "80"}),
        ("port", {"host": "mail.example.org", "port": "-1"}),
        ("security", {"host": "mail.example.org", "security": "none", "password": "hunter2"}),
        ("security", {"host": "mail.example.org", "security": "maybe"}),
        ("password", {"host": "mail.example.org", "password": "pässword"}),
        ("sender", {"host": "mail.example.org", "sender": "nobody"}),
        ("password", {"password": "hunter2"}),
    ],
)
def test_a_server_that_cannot_be_is_refused_by_field(field: str, changes: dict[str, str]) -> None:
    with pytest.raises(Invalid) as caught:
        Email().check({**TO, **changes})
    assert list(caught.value.fields) == [field]


@pytest.mark.usefixtures("local_targets")
def test_a_server_that_talks_without_end_is_cut_off() -> None:
    began = time.monotonic()
    with listener(b"220-hello\r\n" * 20_000) as server:
        target = Email().check({**TO, "host": "127.0.0.1", "port": str(server.port)})
        with pytest.raises(TransportError, match="broke"):
            Email().send(MESSAGE, target)
    assert time.monotonic() - began < 5
