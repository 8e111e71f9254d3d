"""Revoked at each step: the tab that is open can do nothing any more, at its next request."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser

from tests.browser.chromium import complaints, phone
from tests.browser.job import roof_job
from tests.browser.live import Live
from tests.browser.people import Customer, link_in_mail

Walk = Callable[[Customer], None]
STEPS: tuple[tuple[str, Walk, str], ...] = (
    ("account", lambda c: None, "Continue with"),
    ("profile", Customer.creates_account_by_the_link, "Continue to the estimate"),
    ("estimate", Customer.saves_profile, "Approve"),
    ("consent", Customer.approves, "Open the PDF"),
    ("sign", Customer.consents, "Sign contract"),
    ("card", Customer.signs_by_finger, "Add card"),
)


@pytest.mark.parametrize("last", range(len(STEPS)), ids=[step[0] for step in STEPS])
def test_nothing_can_be_done_once_revoked(live: Live, browser: Browser, last: int) -> None:
    job = roof_job(live)
    job.send()
    link = link_in_mail(live, job.contact.email)
    with phone(browser) as page:
        customer = Customer(page, live)
        customer.starts(link)
        for _, walk, _ in STEPS[: last + 1]:
            walk(customer)
        name, _, act = STEPS[last]
        if name == "sign":
            customer.draws()
        job.revoke()
        customer.tap(act)
        page.wait_for_load_state()
        open_page = page.context.pages[-1]
        words = open_page.locator("body").inner_text()
        assert "ended" in words.lower(), words
        assert "(503) 555-0142" in words or name == "consent", words
        complaints(page).clear()
