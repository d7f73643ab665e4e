"""Debian's Chromium, driven by Playwright."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Page, sync_playwright

from tests.support.instance import PASSWORD, Instance

CHROMIUM = os.environ.get("VIGIL_CHROMIUM", "/usr/bin/chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@contextmanager
def open_browser() -> Iterator[Browser]:
    """A browser, closed afterwards."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


def log_in(browser: Browser, vigil: Instance, *, path: str = "/") -> Page:
    """A page of the UI, logged in as the administrator through the form."""
    page = browser.new_page(viewport={"width": 1440, "height": 900}, locale="en-US")
    page.goto(f"{vigil.url}{path}")
    page.get_by_label("User name").fill("admin")
    page.get_by_role("textbox", name="Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    return page


def plays(page: Page, url: str, *, seconds: float = 10.0) -> tuple[int, float]:
    """Plays the video at `url` in the page: (width in pixels, how far it came in seconds)."""
    script = """async ([url, patience]) => {
        const video = document.createElement('video');
        video.muted = true;
        video.src = url;
        document.body.append(video);
        const failed = new Promise(done => video.addEventListener('error', done));
        const moved = new Promise(done => video.addEventListener('timeupdate', () => {
            if (video.currentTime > 1) done();
        }));
        await Promise.race([video.play().catch(() => undefined), failed]);
        await Promise.race([moved, failed, new Promise(done => setTimeout(done, patience * 1000))]);
        const seen = [video.videoWidth, video.currentTime];
        video.remove();
        return seen;
    }"""
    width, moved = page.evaluate(script, [url, seconds])
    return int(width), float(moved)
