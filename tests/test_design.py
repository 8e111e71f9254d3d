"""The page of components: by day and night, in both languages, read from either side."""

import pytest

from tests.browser.chromium import page_in
from tests.screens.showing import answered_by
from tests.screens.test_screens import JUTTING

LOOKS = [
    f"/design{side}?scheme={scheme}&language={language}&direction={direction}"
    for side in ("", "/crm")
    for scheme, language in (("day", "en"), ("night", "es"))
    for direction in ("ltr", "rtl")
]


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
