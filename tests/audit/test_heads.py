"""The end of the trail, as it is told outside."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from project.audit import trail
from project.audit.heads import post_newest, send
from project.audit.models import AuditHead
from project.audit.verification import verify

GOOD = b"HTTP/1.1 204 No Content\r\n\r\n"


@contextmanager
def receiver(*answers: bytes) -> Iterator[tuple[str, list[bytes]]]:
    """Where it listens, and what it has heard: it answers each request with the next of these."""
    heard: list[bytes] = []

    def listen() -> None:
        for answer in answers:
            connection, _ = server.accept()
            with connection:
                heard.append(connection.recv(65_536))
                connection.sendall(answer)

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=listen, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/", heard


@pytest.mark.parametrize("answer", [b"220 mail.example ESMTP\r\n", b"HTTP/1.1 500 Oh\r\n\r\n", b""])
def test_a_webhook_that_does_not_say_that_it_heard_is_told_again(db: None, settings: Any, answer: bytes) -> None:
    trail.record("first")
    with receiver(answer, GOOD) as (address, heard):
        settings.VIGIL_AUDIT_WEBHOOK = address
        assert not post_newest()
        assert AuditHead.objects.get().told == 0
        assert post_newest()
    assert len(heard) == 2
    assert AuditHead.objects.get().told == 1


def test_a_webhook_that_heard_is_told_nothing_twice(db: None, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    trail.record("first")
    with receiver(GOOD) as (address, _):
        settings.VIGIL_AUDIT_WEBHOOK = address
        assert post_newest()

    def ask(*_: object, **__: object) -> None:
        raise AssertionError("it knows")

    monkeypatch.setattr("project.audit.heads.urllib.request.urlopen", ask)
    assert not post_newest()


def test_an_address_that_cannot_be_is_no_failure_of_the_task_and_stays_out_of_the_log(
    db: None, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    trail.record("first")
    settings.VIGIL_AUDIT_WEBHOOK = "https://user:canary-pass@example.invalid:port/"
    assert not post_newest()
    assert "canary" not in caplog.text


def test_a_line_for_which_there_was_no_room_is_told_of_and_costs_no_other(
    db: None, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A disk that is full takes the beginning of a line, and says no more of it than its length."""
    settings.VIGIL_AUDIT_FILE = str(tmp_path / "heads.jsonl")
    write = os.write
    with monkeypatch.context() as full:
        full.setattr("project.audit.heads.os.write", lambda file, data: write(file, data[: len(data) // 2]))
        send(1, "a" * 64)
    assert "audit head not written to its file" in caplog.text
    for number in (2, 3):
        send(number, "b" * 64)
    lines = (tmp_path / "heads.jsonl").read_text().splitlines()
    assert [finding.number for finding in verify(lines)] == [2, 3]
