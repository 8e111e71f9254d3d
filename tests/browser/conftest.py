"""Browsers for the tests of this folder; each process of the run starts its own, once."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from tests.browser.chromium import launched


@pytest.fixture(scope="session")
def driver() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def browser(driver: Playwright) -> Iterator[Browser]:
    with launched(driver) as started:
        yield started


@pytest.fixture(scope="session")
def second_browser(driver: Playwright) -> Iterator[Browser]:
    """For the contractor, where customer and contractor act at the same time."""
    with launched(driver) as started:
        yield started
