"""htmx comes with the first hand on a customer's page: what that hand does is not lost."""

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.chromium import complaints, phone
from tests.browser.job import roof_job
from tests.browser.people import Customer, link_in_mail

SWAPPER = "**/assets/htmx-*.js"


@pytest.fixture
def page(live, browser):
    """The estimate, come in anew, with no hand on it yet."""
    job = roof_job(live)
    job.send()
    with phone(browser) as page:
        customer = Customer(page, live)
        customer.starts(link_in_mail(live, job.contact.email))
        customer.creates_account_by_the_link()
        customer.saves_profile()
        page.reload()
        yield page


def test_a_question_opens_in_place_however_early_it_is_asked(page: Page):
    held: list[Route] = []
    page.route(SWAPPER, lambda route: held.append(route))
    page.reload()
    address = page.url
    assert not page.evaluate("'htmx' in window")
    page.get_by_role("link", name="Ask a question").first.tap()
    page.wait_for_timeout(100)
    assert held, "the first hand brings it"
    held[0].continue_()
    expect(page.get_by_label("Your question")).to_be_focused()
    assert page.url == address


def test_a_switch_of_the_first_tap_moves_the_total(page: Page):
    held: list[Route] = []
    page.route(SWAPPER, lambda route: held.append(route))
    page.reload()
    total = page.locator("#total")
    before = total.inner_text()
    page.locator(".switch-input").first.click()
    assert total.inner_text() == before
    held[0].continue_()
    expect(total).not_to_have_text(before)


def test_where_it_never_comes_the_page_goes_the_plain_way(page: Page):
    page.route(SWAPPER, lambda route: route.abort())
    page.reload()
    page.get_by_role("link", name="Ask a question").first.tap()
    expect(page.get_by_label("Your question")).to_be_visible()
    assert "question" in page.url
    complaints(page).clear()  # Chromium notes what did not come
