"""Somebody secures the account in the browser: a second factor, a log-in with it, and another session ended."""

from __future__ import annotations

from base64 import b32decode
from collections.abc import Iterator
from time import sleep, time

import pytest
from django_otp.oath import totp
from playwright.sync_api import Browser, Page, expect

from tests.support.browser import log_in
from tests.support.instance import PASSWORD, Instance, running_vigil

STEP = 30


@pytest.fixture(scope="module")
def vigil(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instance]:
    """A Vigil without cameras."""
    with running_vigil(tmp_path_factory.mktemp("account") / "data") as vigil:
        yield vigil


def set_up(page: Page) -> str:
    """Sets the second factor up in the page of the account; returns its secret."""
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Set it up").click()
    expect(page.get_by_role("img", name="QR code for the app")).to_be_visible()
    secret = page.locator("form code").inner_text().replace(" ", "")
    page.get_by_label("The six digits that the app shows now").fill(code_of(secret))
    page.get_by_role("button", name="Switch it on").click()
    page.get_by_role("button", name="I have kept it").click()
    expect(page.get_by_text("10 recovery codes left")).to_be_visible()
    return secret


def code_of(secret: str) -> str:
    """What the app shows now."""
    return f"{totp(b32decode(secret)):06d}"


def test_an_account_is_secured_in_the_browser(vigil: Instance, browser: Browser) -> None:
    first = log_in(browser, vigil, path="/account")
    secret = set_up(first)
    used = int(time()) // STEP

    second = log_in(browser, vigil, path="/account")
    code = second.get_by_label("Code", exact=True)
    expect(code).to_be_visible()
    while int(time()) // STEP == used:  # a code works once: the next one comes with the next step
        sleep(0.5)
    code.fill(code_of(secret))
    second.get_by_role("button", name="Log in").click()

    places = second.get_by_role("list", name="Where I am logged in")
    expect(places.get_by_role("listitem")).to_have_count(2)
    places.get_by_role("button", name="Log out").click()
    second.get_by_role("dialog").get_by_role("button", name="Log out").click()
    expect(places.get_by_role("listitem")).to_have_count(1)
    first.reload()
    expect(first.get_by_label("User name")).to_be_visible()
