"""Revoked at each step: the tab that is open can do nothing any more, at its next request."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser

from tests.browser.chromium import complaints, phone
from tests.browser.job import roof_job
from tests.browser.live import Live
from tests.browser.people import Customer, link_in_mail


def approves_and_ticks(customer: Customer) -> None:
    customer.approves()
    customer.opens_the_contract()
    customer.press(customer.page.get_by_role("checkbox"))


def agrees(customer: Customer) -> None:
    customer.tap("Agree and go on")
    customer.sees("Sign your contract")
    customer.draws()


def signs(customer: Customer) -> None:
    customer.tap("Sign contract")
    customer.sees("Add a card")


Walk = Callable[[Customer], None]
STEPS: tuple[tuple[str, Walk, str], ...] = (
    ("account", lambda c: None, "Continue with"),
    ("profile", Customer.creates_account_by_the_link, "Continue to the estimate"),
    ("estimate", Customer.saves_profile, "Approve"),
    ("consent", approves_and_ticks, "Agree and go on"),
    ("sign", agrees, "Sign contract"),
    ("card", signs, "Add card"),
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
        _, _, act = STEPS[last]
        job.revoke()
        customer.tap(act)
        page.wait_for_load_state()
        words = page.locator("body").inner_text()
        assert "ended" in words.lower(), words
        assert "(503) 555-0142" in words, words
        complaints(page).clear()
