"""Browsers for the tests of this folder; each process of the run starts its own, once."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from tests.browser.chromium import launched
from tests.browser.live import Live, running


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


@pytest.fixture
def live(tmp_path: Path, blank_database: Path) -> Iterator[Live]:
    with running(tmp_path, blank_database) as served:
        yield served
