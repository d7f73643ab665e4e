"""A forgotten password, reset by who reads the user's mail."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
import redis
import time_machine
from celery import current_app
from django.conf import settings as django_settings
from django.core import mail
from django.utils import timezone
from django.utils.http import urlsafe_base64_encode
from rest_framework.test import APIClient

from project.accounts import tasks
from project.accounts.models import User
from project.accounts.passwords import send_reset_link
from tests.accounts.browser import Browser, give_second_factor, log_in_script, script
from tests.support.valkey import ValkeyServer

ASK, CONFIRM = "/api/v1/auth/password-reset", "/api/v1/auth/password-reset/confirm"
NEW = "four plain words here"
Ordered = list[tuple[str, list[Any]]]


@pytest.fixture
def ordered(monkeypatch: pytest.MonkeyPatch) -> Ordered:
    """What the workers were asked to do."""
    orders: Ordered = []
    monkeypatch.setattr("project.accounts.tasks.knock", lambda: None)
    monkeypatch.setattr(current_app, "send_task", lambda name, args, **_: orders.append((name, list(args))))
    return orders


@pytest.fixture
def vera(viewer: User) -> User:
    User.objects.filter(pk=viewer.pk).update(email="vera@example.org")
    viewer.refresh_from_db()
    return viewer


@pytest.fixture
def link(vera: User) -> str:
    """The secret in the mail."""
    send_reset_link(user_id=vera.pk)
    found = re.search(r"/reset-password#(\S+)", str(mail.outbox[-1].body))
    assert found
    return found[1]


def ask(who: str) -> Any:
    return APIClient().post(ASK, {"who": who}, format="json")


def confirm(secret: str, password: str = NEW, address: str = "127.0.0.1") -> Any:
    values = {"secret": secret, "new_password": password}
    return APIClient(REMOTE_ADDR=address).post(CONFIRM, values, format="json")


@pytest.mark.parametrize("who", ["vera", "vera@example.org", "VERA@Example.org", "nobody", "omar", "?"])
def test_the_answer_does_not_tell_who_exists(who: str, vera: User, operator: User, ordered: Ordered) -> None:
    answer = ask(who)
    assert (answer.status_code, answer.content) == (202, b"")
    assert ordered == [(tasks.RESET, [vera.pk if "vera" in who.lower() else 0])], "as much is done for one as another"


def test_an_address_of_two_accounts_resets_neither(vera: User, operator: User, ordered: Ordered) -> None:
    User.objects.filter(pk=operator.pk).update(email="vera@example.org")
    ask("vera@example.org")
    assert ordered == [(tasks.RESET, [0])]


def test_nothing_secret_goes_through_the_broker(vera: User, valkey: ValkeyServer, settings: Any) -> None:
    settings.REDIS_URL = valkey.url
    with current_app.connection_for_write(valkey.url) as connection:
        current_app.send_task(tasks.RESET, args=[vera.pk], queue="control", connection=connection)
    with redis.Redis.from_url(valkey.url) as client:
        raw = client.lrange("control", 0, -1)
    assert raw
    assert "password" not in str(raw)
    assert "vera" not in str(raw)


def test_asking_often_is_stopped(vera: User, ordered: Ordered) -> None:
    assert [ask(who).status_code for who in ("vera", "Vera") * 5] == [202] * 10
    refused = ask("VERA")
    assert refused.status_code == 429
    assert int(refused["Retry-After"]) > 0
    assert log_in_script("vera").status_code == 200, "that locks nobody out"


def test_the_link_sets_a_password_once_and_ends_what_was(link: str, vera: User) -> None:
    browser, access = Browser(), log_in_script("vera").json()["access"]
    browser.log_in("vera")
    send_reset_link(user_id=vera.pk)
    fresh = mail.outbox[-1].body.split("#")[1].split()[0]
    assert confirm(fresh).status_code == 204
    assert not browser.is_logged_in
    assert script(access).get("/api/v1/auth/session").status_code == 401
    assert confirm(fresh, "another four plain words").json()["code"] == "link_refused"
    assert log_in_script("vera", NEW).status_code == 200


def test_a_log_in_ends_a_link_that_nobody_needed(link: str, vera: User) -> None:
    Browser().log_in("vera")
    assert confirm(link).json()["code"] == "link_refused"


def test_the_link_ends_after_an_hour(link: str) -> None:
    with time_machine.travel(timezone.now() + timedelta(seconds=django_settings.PASSWORD_RESET_TIMEOUT + 2)):
        assert confirm(link).status_code == 400


def test_a_weak_password_does_not_use_the_link_up(link: str) -> None:
    assert confirm(link, "short").json()["fields"]["new_password"]
    assert confirm(link).status_code == 204


@pytest.mark.parametrize("secret", [".", "", "x.y", "ünï.x", "MQ", "////.x"])
def test_what_is_no_link_is_refused(secret: str, db: None) -> None:
    assert confirm(secret).status_code == 400


def test_the_link_of_one_account_opens_no_other(link: str, superuser: User) -> None:
    other = urlsafe_base64_encode(str(superuser.pk).encode())
    assert confirm(f"{other}.{link.partition('.')[2]}").json()["code"] == "link_refused"
    assert confirm(link[:-1]).json()["code"] == "link_refused"


def test_strangers_who_guess_links_close_nobody_elses(link: str) -> None:
    assert [confirm("MQ.x", address=f"198.51.100.{number}").status_code for number in range(21)] == [400] * 20 + [429]
    assert confirm(link, address="198.51.100.99").status_code == 204


def test_one_address_tries_only_so_many_links(link: str) -> None:
    assert [confirm(f"MQ.x{number}").status_code for number in range(51)] == [400] * 50 + [429]


def test_who_was_switched_off_gets_no_link_and_can_use_none(link: str, vera: User) -> None:
    User.objects.filter(pk=vera.pk).update(is_active=False)
    send_reset_link(user_id=vera.pk)
    assert len(mail.outbox) == 1
    assert confirm(link).json()["code"] == "link_refused"


def test_the_second_factor_is_asked_for_afterwards(link: str, vera: User) -> None:
    give_second_factor(vera)
    confirm(link)
    assert log_in_script("vera", NEW).json()["code"] == "second_factor_needed"


def test_the_secret_is_behind_the_hash_and_never_in_an_address(link: str) -> None:
    assert f"{django_settings.VIGIL_BASE_URL}/reset-password#{link}" in mail.outbox[-1].body
    assert script("").get(f"{CONFIRM}?secret={link}").status_code == 405


def test_without_a_mail_server_mail_is_for_the_owner_of_the_instance(vera: User, settings: Any, tmp_path: Any) -> None:
    settings.EMAIL_BACKEND = "project.accounts.mail_folder.MailFolder"
    settings.EMAIL_FILE_PATH = tmp_path / "mail"
    send_reset_link(user_id=vera.pk)
    assert (tmp_path / "mail").stat().st_mode & 0o777 == 0o700
    [file] = (tmp_path / "mail").iterdir()
    assert "reset-password#" in file.read_text()


def test_who_reads_the_mail_gets_no_further_tries_at_the_second_factor(vera: User) -> None:
    give_second_factor(vera)
    looked_at = 0
    for number in range(3):
        send_reset_link(user_id=vera.pk)
        secret, password = str(mail.outbox[-1].body).partition("#")[2].split()[0], f"{NEW} {number}"
        thief = Browser(address="203.0.113.9")
        assert thief.post("password-reset/confirm", {"secret": secret, "new_password": password}).status_code == 204
        looked_at += [thief.log_in("vera", password, code="000000").status_code for _ in range(6)].count(401)
    assert looked_at == 10, "a new password made each browser of the thief one of the owner's"
