"""Every screen in Chromium, as its own people see it: nothing for axe to find, nothing wider than
the window, nothing that moves by itself, nothing that the page complains of."""

from collections.abc import Iterator

import pytest
from _pytest.mark.structures import ParameterSet

from tests.browser.chromium import complaints, page_in
from tests.screens.axe import violations
from tests.screens.catalogue import Screen, screens
from tests.screens.showing import JUTTING, shown

WIDTHS = (320, 360, 390, 768, 1280, 1920)
# What moved by itself while the page came in.
MOVED = """() => new Promise((done) => {
  let moved = 0;
  new PerformanceObserver((list) => list.getEntries().forEach((one) => { moved += one.value; }))
    .observe({type: 'layout-shift', buffered: true});
  setTimeout(() => done(moved), 60);
})"""


@pytest.fixture(scope="module")
def pages(browser):
    with (
        page_in(browser, dark=False, viewport={"width": 390, "height": 844}) as light,
        page_in(browser, dark=True, locale="es-US", viewport={"width": 390, "height": 844}) as dark,
    ):
        yield {"en": light, "es": dark}


def cases() -> Iterator[ParameterSet]:
    """What customers see, both ways; the office's by turns, the rest in `make soak`."""
    for place, screen in enumerate(screens()):
        for turn, language in enumerate(("en", "es")):
            is_spare = not screen.is_customers and turn != place % 2
            marks = [pytest.mark.soak] if is_spare else []
            yield pytest.param(screen, language, id=f"{language}-{screen.name}", marks=marks)


@pytest.mark.parametrize(("screen", "language"), list(cases()))
def test_a_screen_is_for_everybody(pages, town, screen: Screen, language: str):
    """English by day, Spanish by night."""
    page = pages[language]
    page.set_viewport_size({"width": 390, "height": 844})
    with shown(page, town, screen, language) as status:
        assert status < 500
        faults = [*violations(page), *_movements(page)]
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 844})
            faults += [f"at {width} px juts out: {part}" for part in page.evaluate(JUTTING)]
        faults += _other_complaints(page)
    assert not faults, "\n".join(faults)


def _movements(page) -> list[str]:
    """A page that the machine was too busy to draw in one go is looked at once more."""
    if page.evaluate(MOVED):
        page.reload()
    moved = page.evaluate(MOVED)
    return [f"moved by {moved}"] if moved else []


def _other_complaints(page) -> list[str]:
    """Chromium reports a page's own status of 4xx as well; these are meant to have it.
    Asked for last: what is wrong with a page is told a moment after it has come in."""
    told = [each for each in complaints(page) if f"{page.url}: Failed to load" not in each]
    complaints(page).clear()
    return told
