"""Every screen there is, in every state, by day and by night: axe, and the Nu HTML checker."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page

from quality.lines import Goal, Line
from tests.browser.chromium import complaints, page_in
from tests.house import empty_database
from tests.html.checker import html_problems
from tests.screens.axe import violations
from tests.screens.catalogue import Screen, screens
from tests.screens.showing import shown
from tests.town import Town, built

NONE = Goal(0)
PHONE = {"width": 390, "height": 844}


def measured(browser: Browser) -> Iterator[Line]:
    """One line a screen and tool; each page is opened twice, and read each time."""
    with _town() as town, page_in(browser, viewport=PHONE) as page:
        for screen in screens():
            by_day, read_by_day = _looked_at(page, town, screen, "light")
            by_night, read_by_night = _looked_at(page, town, screen, "dark")
            yield Line(
                screen.name,
                "axe",
                {"light": len(by_day), "dark": len(by_night)},
                {"light": NONE, "dark": NONE},
                tuple(dict.fromkeys([*by_day, *by_night])),
            )
            read = dict.fromkeys([*read_by_day, *read_by_night])
            yield Line(
                screen.name,
                "nu",
                {"errors-and-warnings": len(read)},
                {"errors-and-warnings": NONE},
                tuple(read),
            )


def _looked_at(page: Page, town: Town, screen: Screen, light: str) -> tuple[list[str], list[str]]:
    """What axe finds, and what the checker finds in the page as it came."""
    page.emulate_media(color_scheme=light)
    with (
        page.expect_response(lambda one: one.request.is_navigation_request()) as came,
        shown(page, town, screen),
    ):
        found = violations(page)
        text = came.value.text()
    complaints(page).clear()
    town.put_back()
    return found, html_problems(text)


@contextmanager
def _town() -> Iterator[Town]:
    with tempfile.TemporaryDirectory() as folder:
        blank = empty_database(Path(folder) / "blank.db")
        with built(Path(folder), blank) as town:
            town.enter()
            yield town
