"""Passwords in the administration: one's own is changed elsewhere, another's with what is recorded of it."""

from __future__ import annotations

from typing import Any, ClassVar

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.db import DatabaseError, connection
from django.test import Client

from project.accounts.models import User
from project.audit import trail
from project.audit.models import AuditEntry
from tests.accounts.browser import PASSWORD

NEW = "canary staple battery"
ADD = "/admin/accounts/user/add/"
FORM = {"password1": NEW, "password2": NEW, "usable_password": "true"}


class Watched(MD5PasswordHasher):
    """Notes whether others wait for the database while it hashes."""

    algorithm = "watched"
    in_transaction: ClassVar[list[bool]] = []

    def encode(self, *given: Any, **named: Any) -> str:
        """The hash."""
        self.in_transaction.append(connection.in_atomic_block)
        return super().encode(*given, **named)


@pytest.fixture
def client(superuser: User) -> Client:
    client = Client()
    client.force_login(superuser)
    return client


def page(user: User) -> str:
    return f"/admin/accounts/user/{user.pk}/password/"


def test_the_own_password_is_changed_in_the_ui(client: Client, superuser: User) -> None:
    values = {"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW}
    for answer in (client.get("/admin/password_change/"), client.post("/admin/password_change/", values)):
        assert (answer.status_code, answer["Location"]) == (302, "/account")
    superuser.refresh_from_db()
    assert superuser.check_password(PASSWORD)


def test_that_of_somebody_else_is_set_and_recorded(client: Client, viewer: User) -> None:
    other = Client()
    other.force_login(viewer)
    assert client.post(page(viewer), FORM).status_code == 302
    viewer.refresh_from_db()
    assert viewer.check_password(NEW)
    entry = AuditEntry.objects.latest("number")
    assert (entry.action, entry.target_name, entry.user_name) == ("user.changed", "vera", "root")
    assert other.get("/api/v1/auth/session").status_code == 401


def test_the_own_session_goes_on_after_setting_ones_own(client: Client, superuser: User) -> None:
    assert client.post(page(superuser), FORM).status_code == 302
    assert client.get("/admin/").status_code == 200


def test_what_cannot_be_recorded_is_not_done(client: Client, viewer: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> None:
        raise DatabaseError("read-only")

    monkeypatch.setattr(trail, "_append", fail)
    with pytest.raises(DatabaseError):
        client.post(page(viewer), FORM)
    viewer.refresh_from_db()
    assert viewer.check_password(PASSWORD)


@pytest.mark.django_db(transaction=True)
def test_nobody_waits_for_the_slow_hash(client: Client, viewer: User, settings: Any) -> None:
    settings.PASSWORD_HASHERS = [f"{__name__}.Watched", *settings.PASSWORD_HASHERS]
    Watched.in_transaction.clear()
    assert client.post(page(viewer), FORM).status_code == 302
    assert client.post(ADD, FORM | {"username": "nora"}).status_code == 302
    assert Watched.in_transaction == [False, False]


@pytest.mark.parametrize("usable", ["true", "false"])
def test_who_is_added_has_the_password_that_was_typed_or_none(usable: str, client: Client) -> None:
    assert client.post(ADD, FORM | {"username": "nora", "usable_password": usable}).status_code == 302
    nora = User.objects.get(username="nora")
    assert (nora.check_password(NEW), nora.has_usable_password()) == ((usable == "true"),) * 2


def test_a_password_that_may_not_be_is_refused_in_the_form(client: Client) -> None:
    answer = client.post(ADD, {"username": "nora", "password1": "short", "password2": "short"})
    assert answer.status_code == 200
    assert "errorlist" in answer.text
    assert not User.objects.filter(username="nora").exists()
