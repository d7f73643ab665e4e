"""Where somebody is logged in, and the end of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from project.accounts.models import LogIn, Site, User
from project.accounts.tokens import issue_api_key
from project.audit.models import AuditEntry
from tests.accounts.browser import PASSWORD, Browser, log_in_script, script

WHO = "/api/v1/auth/session"


@pytest.fixture
def browser(viewer: User) -> Browser:
    browser = Browser()
    browser.log_in("vera")
    return browser


def test_the_list_says_where_and_with_what(browser: Browser) -> None:
    Browser(address="198.51.100.7", agent="curl/8").log_in("vera")
    log_in_script("vera")
    rows = browser.get("sessions").json()["results"]
    assert {(row["kind"], row["address"], row["user_agent"], row["current"]) for row in rows} == {
        ("browser", "127.0.0.1", "Firefox", True),
        ("browser", "198.51.100.7", "curl/8", False),
        ("script", "127.0.0.1", "", False),
    }


def test_nobody_sees_or_ends_the_sessions_of_others(browser: Browser, operator: User) -> None:
    other = Browser()
    other.log_in("omar")
    mine = other.get("sessions").json()["results"]
    assert [row["current"] for row in mine] == [True]
    assert browser.send("delete", f"sessions/{mine[0]['id']}/").status_code == 404
    assert other.is_logged_in


def test_a_session_is_ended_from_another(browser: Browser) -> None:
    lost = Browser(agent="Lost")
    lost.log_in("vera")
    row = next(row for row in browser.get("sessions").json()["results"] if row["user_agent"] == "Lost")
    assert browser.send("delete", f"sessions/{row['id']}/").status_code == 204
    assert (lost.is_logged_in, browser.is_logged_in) == (False, True)


def test_the_tokens_of_a_script_are_ended_from_a_session(browser: Browser) -> None:
    access = log_in_script("vera").json()["access"]
    row = next(row for row in browser.get("sessions").json()["results"] if row["kind"] == "script")
    assert browser.send("delete", f"sessions/{row['id']}/").status_code == 204
    assert script(access).get(WHO).status_code == 401
    assert [row["kind"] for row in browser.get("sessions").json()["results"]] == ["browser"]


def test_a_token_is_no_session_to_log_out_of(browser: Browser, viewer: User) -> None:
    _, key = issue_api_key(user=viewer, name="export")
    access = log_in_script("vera").json()["access"]
    ended = AuditEntry.objects.filter(action="login.ended")
    for secret in (access, key):
        assert script(secret).delete(WHO).status_code == 403
        assert script(secret).get(WHO).status_code == 200
    assert not ended.exists()
    assert browser.send("delete", "session").status_code == 204
    assert ended.count() == 1


def test_logging_out_everywhere_ends_sessions_tokens_and_keys(browser: Browser, viewer: User) -> None:
    other, access = Browser(), log_in_script("vera").json()["access"]
    other.log_in("vera")
    _, key = issue_api_key(user=viewer, name="export")
    assert browser.post("logout-everywhere").status_code == 204
    assert not browser.is_logged_in
    assert not other.is_logged_in
    assert [script(secret).get(WHO).status_code for secret in (access, key)] == [401, 401]
    assert not LogIn.objects.exists()


def test_logging_out_everywhere_leaves_others_alone(browser: Browser, operator: User) -> None:
    other = Browser()
    other.log_in("omar")
    browser.post("logout-everywhere")
    assert other.is_logged_in


def test_logging_in_gives_the_session_another_key(viewer: User) -> None:
    victim = Browser()
    planted = Client()
    planted.get("/admin/login/")
    session = planted.session
    session["planted"] = True
    session.save()
    victim.client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key or ""
    victim.log_in("vera")
    assert victim.client.cookies[settings.SESSION_COOKIE_NAME].value != session.session_key
    assert not Session.objects.filter(pk=session.session_key).exists()


def test_the_time_last_seen_is_written_once_a_minute(browser: Browser) -> None:
    row = LogIn.objects.get()
    with time_machine.travel(row.last_seen_at + timedelta(seconds=30)):
        browser.get("session")
    assert LogIn.objects.get().last_seen_at == row.last_seen_at
    later = row.last_seen_at + timedelta(seconds=90)
    with time_machine.travel(later, tick=False):
        browser.get("session")
    assert LogIn.objects.get().last_seen_at == later


def test_a_session_from_before_the_list_was_kept_is_entered(browser: Browser) -> None:
    LogIn.objects.all().delete()
    browser.get("session")
    assert LogIn.objects.get().user_agent == "Firefox"


def test_a_session_of_the_admin_is_on_the_list(superuser: User) -> None:
    Client().post("/admin/login/?next=/admin/", {"username": "root", "password": PASSWORD})
    assert LogIn.objects.get().user == superuser


def test_a_session_that_ended_is_not_on_the_list(browser: Browser) -> None:
    Browser().log_in("vera")
    Session.objects.exclude(log_in=LogIn.objects.earliest("created_at")).update(
        expire_date=timezone.now() - timedelta(seconds=1)
    )
    assert len(browser.get("sessions").json()["results"]) == 1


def test_an_api_key_manages_no_account(viewer: User, site: Site) -> None:
    _, key = issue_api_key(user=viewer, name="export")
    client = script(key)
    assert client.get(WHO).status_code == 200
    for path in ("sessions", "keys", "second-factor"):
        assert client.get(f"/api/v1/auth/{path}").status_code == 403, path
    for path in ("password", "logout-everywhere", "keys", "second-factor", "invitation/accept"):
        assert client.post(f"/api/v1/auth/{path}", {}, format="json").status_code == 403, path
    assert client.get(f"/api/v1/sites/{site.pk}/members").status_code == 403
