"""The API's documentation in a real browser: offline, under the Content Security Policy, good for trying things."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.web import WebServer

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]


@pytest.fixture
def complaints() -> list[str]:
    """What the page said of itself, and whom it asked beside this server."""
    return []


@pytest.fixture
def page(browser: Browser, web: WebServer, complaints: list[str]) -> Iterator[Page]:
    """The page, loaded."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.set_default_timeout(60_000)
    ours = urlsplit(web.url).netloc
    page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "request",
        lambda asked: (
            complaints.append(asked.url) if urlsplit(asked.url).netloc not in (ours, "") else None  # data: has none
        ),
    )
    page.goto(f"{web.url}/api/docs/")
    expect(page.locator(".opblock").first).to_be_visible(timeout=60_000)
    yield page
    page.close()


def test_it_loads_without_the_internet_and_without_a_complaint(page: Page, complaints: list[str]) -> None:
    expect(page.get_by_role("heading", name="Vigil").first).to_be_visible()
    assert page.locator(".opblock").count() > 30
    assert complaints == []


def test_with_a_token_one_can_try_what_it_describes(page: Page, web: WebServer, complaints: list[str]) -> None:
    page.locator(".auth-wrapper .authorize").first.click()
    bearer = page.locator(".modal-ux .auth-container").filter(has_text="bearer")
    bearer.locator("input").fill(web.log_in("viewer"))
    bearer.get_by_role("button", name="Apply credentials").click()
    page.locator(".modal-ux .close-modal").click()
    listed = page.locator(".opblock").filter(has=page.locator('[data-path="/api/v1/sites/"]'))
    listed.locator(".opblock-summary").click()
    listed.get_by_role("button", name="Try it out").click()
    listed.get_by_role("button", name="Execute").click()
    answer = listed.locator(".live-responses-table")
    expect(answer.locator(".response-col_status").last).to_contain_text("200")
    expect(answer).to_contain_text("Harbour")
    assert complaints == []
