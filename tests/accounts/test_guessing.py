"""Somebody who guesses passwords is stopped, and cannot stop the owner."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings as django_settings
from django.core import signing
from django.test import RequestFactory
from django.utils import timezone

from project.accounts.attempts import begin, guess_at, make_guess, note_attempt, wait_for
from project.accounts.devices import Device, device_of
from project.accounts.models import KnownAddress, LogInAttempt, User
from tests.accounts.browser import Browser, log_in_script
from tests.factories import make_user

HOME, ELSEWHERE = "203.0.113.5", "203.0.113.99"


def attack(times: int = 150) -> None:
    """Guesses at vera's password from many addresses."""
    for number in range(times):
        note_attempt(username="vera", address=f"198.51.100.{number}")


def device_cookie(browser: Browser) -> Any:
    return browser.client.cookies[django_settings.VIGIL_DEVICE_COOKIE_NAME]


@pytest.fixture
def known(viewer: User) -> Browser:
    """A browser that vera has logged in with."""
    browser = Browser(HOME)
    browser.log_in("vera")
    browser.send("delete", "session")
    return browser


def test_the_owners_browser_gets_in_from_anywhere_while_strangers_guess(known: Browser) -> None:
    attack()
    known.client.defaults["REMOTE_ADDR"] = ELSEWHERE
    assert known.log_in("vera").status_code == 200


def test_a_place_that_the_owner_uses_stays_open_without_the_cookie(known: Browser) -> None:
    attack()
    assert Browser(HOME).log_in("vera").status_code == 200
    assert log_in_script("vera", REMOTE_ADDR=HOME).status_code == 429, "a header is no address"


def test_others_are_stopped_meanwhile(known: Browser) -> None:
    attack()
    refused = Browser(ELSEWHERE).log_in("vera")
    assert refused.status_code == 429
    assert 0 < int(refused["Retry-After"]) <= 900


def test_a_flood_from_the_owners_own_address_does_not_stop_the_owners_browser(known: Browser) -> None:
    guesser = Browser(HOME)
    assert [guesser.log_in("vera", "wrong").status_code for _ in range(11)] == [401] * 10 + [429]
    for number in range(60):
        note_attempt(username=f"user{number}", address=HOME)
    assert known.log_in("vera").status_code == 200


def test_the_owners_browser_may_guess_no_more_than_others(known: Browser) -> None:
    assert [known.log_in("vera", "wrong").status_code for _ in range(11)] == [401] * 10 + [429]


def test_the_cookie_of_one_account_helps_with_no_other(known: Browser, operator: User) -> None:
    for number in range(100):
        note_attempt(username="omar", address=f"198.51.100.{number}")
    known.client.defaults["REMOTE_ADDR"] = ELSEWHERE
    assert known.log_in("omar").status_code == 429


def test_a_browser_remembers_all_its_accounts(known: Browser, operator: User) -> None:
    known.log_in("omar")
    attack()
    known.client.defaults["REMOTE_ADDR"] = ELSEWHERE
    assert known.log_in("vera").status_code == 200


def test_a_made_up_cookie_counts_for_nothing(viewer: User) -> None:
    browser = Browser(ELSEWHERE)
    attack()
    for value in ("", "x", signing.dumps(["x"], key="of somebody else", salt="vigil.device")):
        browser.client.cookies[django_settings.VIGIL_DEVICE_COOKIE_NAME] = value
        assert browser.log_in("vera").status_code == 429


def test_the_cookie_is_closed_to_scripts_and_opens_nothing(known: Browser) -> None:
    cookie = device_cookie(known)
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    assert "vera" not in cookie.value
    assert not known.is_logged_in


def test_a_wrong_password_gives_no_cookie(viewer: User) -> None:
    browser = Browser()
    browser.log_in("vera", "wrong")
    assert django_settings.VIGIL_DEVICE_COOKIE_NAME not in browser.client.cookies


def test_the_admin_gives_the_cookie_too(superuser: User) -> None:
    browser = Browser()
    browser.client.handler.enforce_csrf_checks = False
    browser.client.post("/admin/login/?next=/admin/", {"username": "root", "password": "correct horse"})
    request = RequestFactory().get("/")
    request.COOKIES[django_settings.VIGIL_DEVICE_COOKIE_NAME] = device_cookie(browser).value
    assert guess_at(request, "root").known


def test_places_and_browsers_are_forgotten(known: Browser) -> None:
    with time_machine.travel(timezone.now() + timedelta(days=91)):
        assert not make_guess(username="vera", address=HOME).known
    with time_machine.travel(timezone.now() + timedelta(days=181)):
        request = RequestFactory().get("/")
        request.COOKIES[django_settings.VIGIL_DEVICE_COOKIE_NAME] = device_cookie(known).value
        assert device_of(request) == Device()


def test_addresses_of_one_customer_count_as_one(viewer: User) -> None:
    for number in range(10):
        note_attempt(username="vera", address=f"2001:db8:1:2::{number}")
    assert wait_for(make_guess(username="vera", address="2001:db8:1:2:ffff::1")) > 0
    assert wait_for(make_guess(username="vera", address="2001:db8:1:3::1")) == 0
    assert make_guess(username="vera", address="::ffff:192.0.2.1") == make_guess(username="vera", address="192.0.2.1")


def test_a_header_makes_nobody_somebody_else(viewer: User) -> None:
    browser = Browser(ELSEWHERE)
    for number in range(10):
        browser.client.defaults["HTTP_X_FORWARDED_FOR"] = f"198.51.100.{number}"
        browser.client.defaults["HTTP_X_REAL_IP"] = browser.client.defaults["HTTP_FORWARDED"] = f"192.0.2.{number}"
        assert browser.log_in("vera", "wrong").status_code == 401
    browser.client.defaults["HTTP_X_FORWARDED_FOR"] = HOME
    assert browser.log_in("vera").status_code == 429
    assert set(LogInAttempt.objects.values_list("address", flat=True)) == {ELSEWHERE}


def test_who_has_the_name_in_other_letters_is_somebody_else(viewer: User) -> None:
    make_user(username="Vera")
    other, guesser = Browser(HOME), Browser(HOME)
    assert other.log_in("Vera").status_code == 200
    assert not make_guess(username="vera", address=HOME).known
    for _ in range(10):
        guesser.log_in("vera", "wrong")
    assert Browser(HOME).log_in("Vera").status_code == 200, "which forgives only what Vera got wrong"
    assert guesser.log_in("vera").status_code == 429
    assert other.log_in("vera").status_code == 429


def test_a_try_that_may_not_be_made_does_not_count(viewer: User) -> None:
    guess = make_guess(username="vera", address=ELSEWHERE)
    assert [begin(guess) for _ in range(15)] == [True] * 10 + [False] * 5
    assert LogInAttempt.objects.count() == 10


def test_a_name_that_nobody_has_is_counted_alike(viewer: User) -> None:
    for name in ("vera", "nobody"):
        browser = Browser(ELSEWHERE)
        statuses = [browser.log_in(name, "wrong").status_code for _ in range(11)]
        assert statuses == [401] * 10 + [429], name
    assert not KnownAddress.objects.exists()


FIRST_PROCESS = """
import django
django.setup()
from django.core.management import call_command
from project.accounts.attempts import note_attempt
call_command("migrate", verbosity=0)
for _ in range(10):
    note_attempt(username="vera", address="203.0.113.99")
"""
SECOND_PROCESS = """
import django
django.setup()
from project.accounts.attempts import make_guess, wait_for
print(wait_for(make_guess(username="vera", address="203.0.113.99")))
"""


def test_a_restart_forgives_nothing(tmp_path: Path) -> None:
    """Another process, which has only the database in common with the one before, refuses as well."""
    given = {"DJANGO_SETTINGS_MODULE": "project.settings", "VIGIL_HOME": str(tmp_path)}
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"} | given

    def run(program: str) -> str:
        command = [sys.executable, "-c", program]
        return subprocess.run(command, env=environment, capture_output=True, check=True, text=True).stdout

    run(FIRST_PROCESS)
    assert 0 < float(run(SECOND_PROCESS)) <= 900
