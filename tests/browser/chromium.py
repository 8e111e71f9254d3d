"""Debian's Chromium as people hold it: a phone for the customer, a desktop for the contractor."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Page, Playwright, expect

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
# Quiet: nothing but the pages under test is fetched, nothing asks, nothing needs a graphics card.
ARGUMENTS = [
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-gpu",
]
PHONE = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 3,
    "is_mobile": True,
    "has_touch": True,
    "user_agent": (
        "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) "
        "Chrome/156.0.0.0 Mobile Safari/537.36"
    ),
}
DESKTOP = {"viewport": {"width": 1280, "height": 800}}
# A page that does not answer in this time is broken; two cores are shared by servers and browsers.
PATIENCE_MS = 30_000
expect.set_options(timeout=PATIENCE_MS)


class NoChromium(Exception):
    """Chromium is not installed; says what to do."""


@contextmanager
def launched(driver: Playwright) -> Iterator[Browser]:
    """A Chromium, a process of its own. `driver` is sync_playwright()'s; a process can have one."""
    browser = driver.chromium.launch(executable_path=program(), args=arguments())
    try:
        yield browser
    finally:
        browser.close()


@contextmanager
def phone(browser: Browser, **options) -> Iterator[Page]:
    """A page on a phone, 390 × 844, touched. See `page_in` for the options."""
    with page_in(browser, **PHONE, **options) as page:
        yield page


@contextmanager
def desktop(browser: Browser, **options) -> Iterator[Page]:
    """A page on a desktop, 1280 × 800. See `page_in` for the options."""
    with page_in(browser, **DESKTOP, **options) as page:
        yield page


@contextmanager
def page_in(
    browser: Browser,
    *,
    javascript: bool = True,
    dark: bool = False,
    reduced_motion: bool = True,
    locale: str = "en-US",
    **context,
) -> Iterator[Page]:
    """A page in a context of its own, with its own cookies; `context` goes to new_context().

    What the page complained of, script errors and refusals of the Content-Security-Policy among
    it, fails the test when the page is left: unless the test took it by `complaints(page).clear()`.
    """
    opened = browser.new_context(
        java_script_enabled=javascript,
        color_scheme="dark" if dark else "light",
        reduced_motion="reduce" if reduced_motion else "no-preference",
        locale=locale,
        **{"timezone_id": "America/Chicago", "service_workers": "block", **context},
    )
    opened.set_default_timeout(PATIENCE_MS)
    page = opened.new_page()
    heard: list[str] = []
    _complaints[page] = heard
    page.on("pageerror", lambda error: heard.append(f"{page.url}: {error}"))
    page.on("console", lambda said: said.type == "error" and heard.append(_said(said)))
    try:
        yield page
        assert not heard, "\n".join(["The page complained:", *heard])
    finally:
        del _complaints[page]
        opened.close()


_complaints: dict[Page, list[str]] = {}


def complaints(page: Page) -> list[str]:
    """What the page has complained of so far; clear() it where that was meant to happen."""
    return _complaints[page]


def _said(message) -> str:
    return f"{message.location.get('url', '')}: {message.text}"


def program() -> str:
    """The browser to start: CHROMIUM, or the first of PROGRAMS on PATH. Raises NoChromium."""
    named = [os.environ.get("CHROMIUM", ""), *PROGRAMS]
    found = [path for name in named if name and (path := shutil.which(name))]
    if not found:
        raise NoChromium("Chromium is not installed. On Debian: apt install chromium")
    return found[0]


def arguments() -> list[str]:
    """Chromium's sandbox cannot be set up by root, and only for root does it stay off."""
    return [*ARGUMENTS, "--no-sandbox"] if os.geteuid() == 0 else ARGUMENTS
