"""Who came, who failed to, who left; and never what somebody typed who has no account."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError
from django.test import Client

from project.accounts.models import User
from project.audit import trail
from project.audit.models import AuditEntry

LOG_IN, LOG_OUT, ADMIN = "/api/v1/auth/login", "/api/v1/auth/logout", "/admin/login/"


def entries() -> list[tuple[str, str, str, str]]:
    """Action, user, target, way; oldest first."""
    rows = AuditEntry.objects.order_by("number")
    return list(rows.values_list("action", "user_name", "target_name", "way"))


def test_a_token_comes_and_goes(viewer: User, client: Client) -> None:
    answer = client.post(LOG_IN, {"username": "vera", "password": "correct horse"})
    assert answer.status_code == 200, answer.content
    headers = {"Authorization": f"Bearer {answer.json()['access']}"}
    for _ in range(2):
        assert client.post(LOG_OUT, headers=headers).status_code == 204
    assert entries() == [("login.succeeded", "vera", "vera", "token"), ("login.ended", "vera", "vera", "token")]


def test_a_session_of_the_admin_comes_and_goes(superuser: User, client: Client) -> None:
    values = {"username": "root", "password": "correct horse", "next": "/admin/"}
    assert client.post(ADMIN, values).status_code == 302
    assert client.post("/admin/logout/").status_code in (200, 302)
    assert entries() == [("login.succeeded", "root", "root", "admin"), ("login.ended", "root", "root", "admin")]


def test_a_typed_name_is_kept_only_where_it_is_an_account(viewer: User, client: Client) -> None:
    for name in ("vera", "my-secret-passphrase"):
        answer = client.post(LOG_IN, {"username": name, "password": "wrong"})
        assert answer.status_code == 401
    assert [(action, target) for action, _, target, _ in entries()] == [("login.failed", "vera"), ("login.failed", "")]
    assert "passphrase" not in str(list(AuditEntry.objects.values()))
    assert AuditEntry.objects.filter(address="127.0.0.1").count() == 2


def test_who_guesses_on_is_named_once_a_minute(viewer: User, client: Client) -> None:
    for _ in range(13):
        client.post(LOG_IN, {"username": "vera", "password": "wrong"})
    assert [action for action, *_ in entries()] == ["login.failed"] * 10 + ["login.blocked"]


def test_without_the_trail_nobody_is_let_in_and_who_fails_is_told_the_same(
    viewer: User, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> None:
        raise DatabaseError("read-only")

    monkeypatch.setattr(trail, "_append", fail)
    values = {"username": "vera", "password": "correct horse"}
    with pytest.raises(DatabaseError):
        client.post(LOG_IN, values)
    assert not viewer.tokens.exists()
    assert client.post(LOG_IN, values | {"password": "wrong"}).status_code == 401
