"""The estimate on paper, in a very small window, on a desk, in forced colors, and while an answer
is slow: what is there to press, to read and to see."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.chromium import desktop, page_in, phone
from tests.browser.job import enters
from tests.browser.live import Live
from tests.browser.people import Customer
from tests.deal import Deal, deal

WHERE_IT_STANDS = "element => getComputedStyle(element).position"


def test_an_estimate_is_printed_with_its_total_and_nothing_to_press(
    live: Live, browser: Browser
) -> None:
    with phone(browser) as page:
        at_the_estimate(page, live)
        page.emulate_media(media="print")
        expect(page.locator("#total")).to_be_visible()
        expect(page.locator(".line").first).to_be_visible()
        for pressed in (".foot", ".line-ask", ".masthead-aside", ".stepbar", "#about-all"):
            expect(page.locator(pressed).first).to_be_hidden()
        last_line = page.locator(".line").last
        assert last_line.evaluate("line => getComputedStyle(line).breakAfter") == "avoid"


def test_a_slow_total_shows_that_it_is_on_its_way_and_moves_nothing(
    live: Live, browser: Browser
) -> None:
    with phone(browser) as page:
        at_the_estimate(page, live)
        held: list[Route] = []
        page.route("**/total*", lambda route: held.append(route))
        height = page.evaluate("document.documentElement.scrollHeight")
        page.locator(".switch-input").first.click()
        expect(page.locator("#total")).to_have_attribute("aria-busy", "true")
        expect(page.locator("#approve")).to_be_disabled()
        expect(page.locator("#approve .button-busy")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollHeight") == height
        held.pop().continue_()
        expect(page.locator("#approve")).to_be_enabled()
        expect(page.locator("#approve .button-busy")).to_be_hidden()
        expect(page.locator("#total")).not_to_have_attribute("aria-busy", "true")
        assert page.evaluate("document.documentElement.scrollHeight") == height


def test_at_four_hundred_percent_the_bar_covers_nothing(live: Live, browser: Browser) -> None:
    with page_in(browser, viewport={"width": 320, "height": 256}) as page:
        at_the_estimate(page, live)
        assert page.locator(".action-bar").evaluate(WHERE_IT_STANDS) == "static"
        assert page.locator(".foot").evaluate(WHERE_IT_STANDS) == "static"
        page.locator(".line-ask").last.focus()
        expect(page.locator(".line-ask").last).to_be_in_viewport(ratio=1)


def test_on_a_desk_the_sum_stands_beside_its_lines(live: Live, browser: Browser) -> None:
    with desktop(browser) as page:
        at_the_estimate(page, live)
        lines, approve = page.locator("#lines").bounding_box(), page.locator("#approve")
        beside = approve.bounding_box()
        assert lines
        assert beside
        assert beside["x"] > lines["x"] + lines["width"]
        page.mouse.wheel(0, 4000)
        expect(approve).to_be_in_viewport(ratio=1)


def test_forced_colors_keep_the_edges_of_what_is_pressed(live: Live, browser: Browser) -> None:
    with phone(browser) as page:
        at_the_estimate(page, live)
        page.emulate_media(forced_colors="active")
        for edged in ("#approve", ".action-bar", ".switch-input"):
            edge = "element => getComputedStyle(element).borderTopStyle"
            assert page.locator(edged).first.evaluate(edge) == "solid", edged


def test_a_signature_stays_on_its_line_when_the_sheet_opens(live: Live, browser: Browser) -> None:
    with at_the_pad(live, browser) as page:
        page.locator("[data-sign-canvas]").scroll_into_view_if_needed()
        box = page.locator("[data-sign-canvas]").bounding_box()
        assert box
        foot = box["y"] + box["height"] - 30
        page.mouse.move(box["x"] + 40, foot)
        page.mouse.down()
        page.mouse.move(box["x"] + 160, foot, steps=12)
        page.mouse.up()
        page.get_by_role("button", name="Larger").click()
        expect(page.locator(".sign-full")).to_be_visible()
        page.wait_for_function(f"({LOWEST_INK})() > 0")
        assert page.evaluate(LOWEST_INK) < 60


# How far above the foot of the pad the lowest ink is, in px of the page.
LOWEST_INK = """() => {
  const pad = document.querySelector('[data-sign-canvas]');
  const { width, height } = pad;
  const dots = pad.getContext('2d').getImageData(0, 0, width, height).data;
  for (let row = height - 1; row > 0; row -= 1) {
    for (let at = row * width; at < (row + 1) * width; at += 1) {
      if (dots[at * 4 + 3]) return (height - row) * pad.offsetHeight / height;
    }
  }
  return 0;
}"""


def at_the_estimate(page: Page, live: Live) -> Deal:
    job = deal(live.house)
    enters(page, live, job)
    page.goto(f"{live.url}/portal/next")
    expect(page.locator("#approve")).to_be_visible()
    page.wait_for_load_state("networkidle")
    return job


@contextmanager
def at_the_pad(live: Live, browser: Browser) -> Iterator[Page]:
    with phone(browser) as page:
        at_the_estimate(page, live)
        customer = Customer(page, live)
        customer.approves()
        customer.consents()
        customer.sees("Sign your contract")
        page.wait_for_load_state("networkidle")
        yield page
