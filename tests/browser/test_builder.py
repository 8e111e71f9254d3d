"""A member builds an estimate with the keyboard alone: rows come, go and move, nothing is lost."""

from collections.abc import Callable

from playwright.sync_api import Browser, Locator, Page, Route, expect

from onboarding.database import end_reads, read
from onboarding.estimates.models import Estimate
from tests.browser.chromium import desktop
from tests.browser.job import Job, roof_job
from tests.browser.live import Live
from tests.browser.people import SHOWN_WITHIN_MS, Office

SHEET = "Decking\t12\tsheets\t48.50\nRidge vent\t40\tft\t14\nExtras\t\t\t\nSkylight\t1\t\t900"
PASTE = """(text) => {
  const data = new DataTransfer();
  data.setData('text/plain', text);
  const how = { clipboardData: data, bubbles: true, cancelable: true };
  document.activeElement.dispatchEvent(new ClipboardEvent('paste', how));
}"""


def kept(job: Job) -> Estimate:
    end_reads()
    return read(job.company.id).get_one(Estimate, job.estimate_id)


def names(job: Job) -> list[str]:
    return [line.name for line in kept(job).lines]


def opened(page: Page, live: Live, job: Job) -> None:
    Office(page, live).signs_in(job.member.email)
    page.goto(f"{live.url}/crm/estimates/{job.estimate_id}/draft")
    page.wait_for_load_state("networkidle")


def typed_names(page: Page) -> list[str]:
    fields = page.locator(".item:not(.item-heading) .item-name input")
    return [field.input_value() for field in fields.all()]


def is_saved(page: Page) -> None:
    expect(page.locator(".builder-state")).to_have_text("All saved", timeout=SHOWN_WITHIN_MS)


def first_name(page: Page) -> Locator:
    return page.locator(".item-name input").first


def test_a_whole_estimate_with_the_keyboard_alone(browser: Browser, live: Live):
    job = roof_job(live)
    with desktop(browser) as page:
        opened(page, live, job)
        before = len(typed_names(page))
        keys = page.keyboard
        page.locator(".item-name input").last.focus()
        keys.press("Enter")
        keys.type("Ridge cap")
        for word in ("28.5", "ft", "12"):
            keys.press("Tab")
            keys.press("ControlOrMeta+a")
            keys.type(word)
        is_saved(page)
        expect(page.locator(".item").last.locator("output.money")).to_have_text("$342.00")
        assert names(job)[-1] == "Ridge cap"
        keys.press("Alt+ArrowUp")
        is_saved(page)
        assert names(job)[-2] == "Ridge cap"
        expect(page.locator("[name$='-unit_price']").nth(before - 1)).to_be_focused()
        keys.press("Enter")
        page.evaluate(PASTE, SHEET)
        expect(page.locator(".item")).to_have_count(before + 5)
        is_saved(page)
        assert names(job)[before : before + 3] == ["Decking", "Ridge vent", "Skylight"]
        assert [name for _key, name in kept(job).sections] == ["Extras"]
        expect(page.locator(".item-name input").nth(before)).to_be_focused()
        expect(page.locator(".item-heading output")).to_contain_text("$900.00")


def test_what_is_typed_while_rows_are_on_their_way_is_never_lost(browser: Browser, live: Live):
    job = roof_job(live)
    with desktop(browser) as page:
        opened(page, live, job)
        count = len(typed_names(page))
        waiting = held(page)
        first = first_name(page)
        first.focus()
        page.evaluate(PASTE, "Decking\t12\tsheets\t48.50")
        release = waiting()
        page.keyboard.press("ControlOrMeta+a")
        page.keyboard.type("Typed meanwhile")
        page.keyboard.press("Enter")
        page.keyboard.type("Added meanwhile")
        release()
        expect(page.locator(".item")).to_have_count(count + 2)
        page.keyboard.type(", and on")
        expect(first).to_have_value("Typed meanwhile")
        is_saved(page)
        assert {"Typed meanwhile", "Added meanwhile, and on", "Decking"} <= set(names(job))
        assert typed_names(page) == names(job)


def test_a_row_taken_out_or_moved_meanwhile_stays_so(browser: Browser, live: Live):
    job = roof_job(live)
    with desktop(browser) as page:
        opened(page, live, job)
        is_there = typed_names(page)
        waiting = held(page)
        first_name(page).focus()
        page.evaluate(PASTE, "Decking\t12\tsheets\t48.50")
        release = waiting()
        page.locator("[value^='remove:']").first.press("Enter")
        release()
        expect(page.locator(".item")).to_have_count(len(is_there))
        is_saved(page)
        assert names(job) == ["Decking", *is_there[1:]]


def test_two_tabs_are_told_apart_and_neither_writes_over_the_other(browser: Browser, live: Live):
    job = roof_job(live)
    with desktop(browser) as page:
        opened(page, live, job)
        other = page.context.new_page()
        other.goto(page.url)
        other.wait_for_load_state("networkidle")
        first_name(page).fill("From the first tab")
        is_saved(page)
        first_name(other).fill("From the second tab")
        expect(other.get_by_text("You saved this draft in another tab")).to_be_visible()
        expect(first_name(other)).to_have_value("From the second tab")
        assert names(job)[0] == "From the first tab"
        other.get_by_role("button", name="Keep what stands here").press("Enter")
        is_saved(other)
        assert names(job)[0] == "From the second tab"
        other.close()


def test_a_line_is_dragged_to_its_place(browser: Browser, live: Live):
    job = roof_job(live)
    with desktop(browser) as page:
        opened(page, live, job)
        before = typed_names(page)
        grips = page.locator(".item-grip")
        page.locator(".item").last.scroll_into_view_if_needed()
        grips.last.drag_to(page.locator(".item").first, target_position={"x": 40, "y": 2})
        is_saved(page)
        assert names(job) == [before[-1], *before[:-1]] == typed_names(page)


def held(page: Page) -> Callable[[], Callable[[], None]]:
    """The next saves wait until they are let go on. The first answer waits for one to be there."""
    stopped: list[Route] = []

    def stop(route: Route) -> None:
        if route.request.method == "POST" and not stopped:
            stopped.append(route)
        else:
            route.fallback()

    page.route("**/draft", stop)

    def until_there() -> Callable[[], None]:
        while not stopped:
            page.wait_for_timeout(20)
        return lambda: stopped[0].continue_()

    return until_there
