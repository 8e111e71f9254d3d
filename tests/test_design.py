"""The page of components: by day and night, in both languages, read from either side."""

import re

import pytest

from tests.browser.chromium import page_in
from tests.guards.sources import ROOT
from tests.screens.showing import JUTTING, answered_by

LOOKS = [
    f"/design{side}?scheme={scheme}&language={language}&direction={direction}"
    for side in ("", "/crm")
    for scheme, language in (("day", "en"), ("night", "es"))
    for direction in ("ltr", "rtl")
]
# Components that the gallery shows without calling them, and why.
SEEN_OTHERWISE = {
    "action_bar": "stands at the foot of the gallery, drawn by its layout",
    "csrf": "has no look",
    "keeps": "the same: two attributes of a form",
    "sandbox_ribbon": "stands above the gallery itself, as above every page of the demo",
}


@pytest.mark.parametrize("address", LOOKS)
@pytest.mark.parametrize("width", [360, 1280])
def test_components_hold_whichever_way_one_looks(browser, house, address, width):
    with page_in(browser, viewport={"width": width, "height": 800}) as page:
        answered_by(page, house.client())
        page.goto(f"http://localhost{address}")
        assert page.evaluate(JUTTING) == []
        assert page.evaluate("document.documentElement.dir || 'ltr'") in address
        assert page.evaluate("document.documentElement.lang") in address
        page.goto("about:blank")


def test_a_look_that_there_is_not_is_the_usual_one(house):
    asked = {"Accept-Language": "en"}
    page = house.client().get("/design?scheme=<x>&language=xx&direction=up", headers=asked)
    assert 'lang="en"' in page.text
    assert 'dir="' not in page.text


def test_every_component_that_a_screen_uses_stands_in_the_gallery():
    shown = set().union(*map(called_macros, (ROOT / "templates/design").glob("*.html")))
    used = set()
    for path in (ROOT / "templates").rglob("*.html"):
        if path.parent.name not in ("components", "design"):
            used |= imported_macros(path)
    assert used, "no template imports a component"
    assert sorted(used - shown - SEEN_OTHERWISE.keys()) == []


def imported_macros(path):
    """The components that a template imports, by the name of the macro."""
    lists = re.findall(r'from "components/\w+\.html" import ([^%]+?)-?%}', path.read_text())
    return {entry.split()[0] for entries in lists for entry in entries.split(",")}


def called_macros(path):
    text = path.read_text()
    return {macro for macro in imported_macros(path) if re.search(rf"\b{macro}\(", text)}
