"""Changing a password, and what it must be."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import ValidationError

from project.accounts.models import Site, User
from project.accounts.password_rules import CommonRule, ContextRule, LengthRule
from project.accounts.tokens import issue_api_key
from tests.accounts.browser import PASSWORD, Browser, log_in_script, script

NEW = "four plain words here"
WHO = "/api/v1/auth/session"


@pytest.fixture
def browser(viewer: User) -> Browser:
    browser = Browser()
    browser.log_in("vera")
    return browser


def change(browser: Browser, old: str = PASSWORD, new: str = NEW) -> Any:
    return browser.post("password", {"old_password": old, "new_password": new})


def test_the_session_goes_on_under_another_key_and_all_else_ends(browser: Browser, viewer: User) -> None:
    other, pair = Browser(), log_in_script("vera").json()
    other.log_in("vera")
    _, key = issue_api_key(user=viewer, name="export")
    before = {morsel.value for name, morsel in browser.client.cookies.items() if "session" in name}
    assert change(browser).status_code == 204
    after = {morsel.value for name, morsel in browser.client.cookies.items() if "session" in name}
    assert not before & after
    assert (browser.is_logged_in, other.is_logged_in) == (True, False)
    assert [script(secret).get(WHO).status_code for secret in (pair["access"], key)] == [401, 401]
    refreshed = script("").post("/api/v1/auth/refresh", {"refresh": pair["refresh"]}, format="json")
    assert refreshed.status_code == 401
    assert [row["current"] for row in browser.get("sessions").json()["results"]] == [True]
    assert Browser().log_in("vera", NEW).status_code == 200


def test_the_old_password_is_needed(browser: Browser) -> None:
    answer = change(browser, old="wrong")
    assert answer.status_code == 400
    assert answer.json()["fields"] == {"old_password": ["The password is wrong."]}


def test_guessing_the_old_password_is_stopped(browser: Browser) -> None:
    assert [change(browser, old="wrong").status_code for _ in range(10)] == [400] * 10
    answer = change(browser)
    assert (answer.status_code, answer.json()["code"]) == (429, "throttled")
    assert 0 < int(answer["Retry-After"]) <= 900


def test_a_weak_one_is_refused_with_its_reason(browser: Browser) -> None:
    answer = change(browser, new="short")
    assert answer.json()["fields"] == {"new_password": ["The password must have at least 12 characters."]}
    assert browser.is_logged_in


def test_the_owner_is_told_by_mail(browser: Browser, viewer: User) -> None:
    User.objects.filter(pk=viewer.pk).update(email="vera@example.org", language="ko")
    change(browser)
    assert [message.to for message in mail.outbox] == [["vera@example.org"]]
    assert "vera" in mail.outbox[0].body
    assert "변경" in mail.outbox[0].subject


def test_a_script_with_a_password_changes_it_and_is_logged_out(viewer: User) -> None:
    access = log_in_script("vera").json()["access"]
    values = {"old_password": PASSWORD, "new_password": NEW}
    assert script(access).post("/api/v1/auth/password", values, format="json").status_code == 204
    assert script(access).get(WHO).status_code == 401


@pytest.mark.parametrize("password", ["elevenchars", "x" * 257])
def test_the_length_has_two_ends(password: str) -> None:
    with pytest.raises(ValidationError):
        LengthRule().validate(password)


@pytest.mark.parametrize(
    "password", ["x" * 256, "all small letters", "  spaces at the ends  ", "비밀번호를잊지마세요정말로"]
)
def test_any_characters_will_do(password: str, db: None) -> None:
    LengthRule().validate(password)
    ContextRule().validate(password)


@pytest.mark.parametrize("password", ["sunshine2026!", "Password12345678", "!!qwertyuiop!!"])
def test_common_ones_are_refused_with_what_is_put_around_them(password: str) -> None:
    with pytest.raises(ValidationError):
        CommonRule().validate(password)


@pytest.mark.parametrize("password", ["vigil-harbour-26", "VeraVeraVera", "vera@example.org", "harbourharbour1"])
def test_names_alone_are_refused(password: str, site: Site) -> None:
    user = User(username="vera", email="vera@example.org")
    with pytest.raises(ValidationError):
        ContextRule().validate(password, user)


def test_a_name_among_other_words_is_fine(site: Site) -> None:
    ContextRule().validate("harbour seals sing at night", User(username="vera"))
