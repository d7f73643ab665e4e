"""API keys: made, listed, revoked."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from project.accounts.models import Site, Token, User
from tests.accounts.browser import Browser, script

WHO = "/api/v1/auth/session"


@pytest.fixture
def browser(manager: User) -> Browser:
    browser = Browser()
    browser.log_in("mina")
    return browser


def make(browser: Browser, **values: Any) -> Any:
    return browser.post("keys", {"name": "export", "role": "viewer"} | values)


def test_the_secret_is_shown_once(browser: Browser) -> None:
    answer = make(browser)
    assert answer.status_code == 201
    secret = answer.json()["secret"]
    assert secret.startswith("vgk_")
    assert script(secret).get(WHO).json()["username"] == "mina"
    [row] = browser.get("keys").json()["results"]
    assert (row["name"], row["role"], row["site"]) == ("export", "viewer", None)
    assert row["last_used_at"] is not None
    assert secret not in str(row)


def test_it_acts_in_its_role_and_its_site_at_most(browser: Browser, site: Site) -> None:
    secret = make(browser, site=site.pk).json()["secret"]
    assert script(secret).get("/api/v1/sites/").json()["results"][0]["role"] == "viewer"


def test_it_is_not_for_a_site_that_its_owner_does_not_see(browser: Browser, other_site: Site) -> None:
    foreign, missing = make(browser, site=other_site.pk), make(browser, site=999_999)
    assert foreign.status_code == missing.status_code == 400
    text = foreign.json()["fields"]["site"][0].replace(str(other_site.pk), "N")
    assert text == missing.json()["fields"]["site"][0].replace("999999", "N")


def test_a_revoked_one_works_no_more(browser: Browser) -> None:
    key = make(browser).json()
    assert browser.send("delete", f"keys/{key['id']}/").status_code == 204
    assert script(key["secret"]).get(WHO).status_code == 401
    assert browser.get("keys").json()["results"] == []


def test_it_ends_when_it_was_said_to(browser: Browser) -> None:
    secret = make(browser, expires_at=(timezone.now() + timedelta(hours=1)).isoformat()).json()["secret"]
    assert script(secret).get(WHO).status_code == 200
    with time_machine.travel(timezone.now() + timedelta(hours=1, seconds=1)):
        assert script(secret).get(WHO).status_code == 401


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"expires_at": "2020-01-01T00:00:00Z"}, "expires_at"),
        ({"role": "owner"}, "role"),
        ({"name": ""}, "name"),
        ({"name": "x" * 81}, "name"),
    ],
)
def test_what_cannot_be_is_named(browser: Browser, values: dict[str, str], field: str) -> None:
    assert list(make(browser, **values).json()["fields"]) == [field]


def test_nobody_sees_or_revokes_those_of_others(browser: Browser, viewer: User) -> None:
    key = make(browser).json()
    other = Browser()
    other.log_in("vera")
    assert other.get("keys").json()["results"] == []
    assert other.send("delete", f"keys/{key['id']}/").status_code == 404
    assert Token.objects.get(pk=key["id"]).revoked_at is None
