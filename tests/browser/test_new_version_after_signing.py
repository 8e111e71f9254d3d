"""A new estimate after the contract was signed: what was signed stays until the new one is
approved, and account and card stay in any case."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, expect

from tests.browser.chromium import phone
from tests.browser.job import enters, standing
from tests.browser.live import Live
from tests.browser.people import Customer
from tests.deal import Deal, deal


@contextmanager
def complete(live: Live, browser: Browser) -> Iterator[tuple[Customer, Deal]]:
    """Dana, who has signed version 1 and added a card."""
    job = deal(live.house)
    job.signed()
    with phone(browser) as page:
        customer = Customer(page, live)
        enters(page, live, job)
        page.goto(f"{live.url}/portal/next")
        customer.adds_card()
        customer.sees("That’s everything, Dana")
        yield customer, job


def test_rejecting_it_changes_nothing_that_was_signed(live: Live, browser: Browser) -> None:
    with complete(live, browser) as (customer, job):
        page = customer.page
        job.revise()
        assert standing(job) == ("Onboarding Complete", "New estimate sent")
        page.goto(f"{live.url}/portal")
        customer.reads("A new estimate for Roof replacement is waiting for you.")
        page.goto(f"{live.url}/portal/done")
        customer.sees("Roof replacement")
        customer.reads("This would replace what you signed")
        customer.reads("What changed")
        customer.tap("Reject")
        customer.reads("What you signed for version 1 stays as it is.")
        assert standing(job)[0] == "Onboarding Complete"
        page.goto(f"{live.url}/portal/next")
        customer.sees("That’s everything, Dana")
        page.goto(f"{live.url}/portal")
        customer.reads("You rejected version 2 of Roof replacement.")
        customer.tap("Estimate, version 2", "link")
        expect(page.locator("#approve")).to_be_enabled()


def test_approving_it_asks_for_a_signature_and_keeps_account_and_card(
    live: Live, browser: Browser
) -> None:
    with complete(live, browser) as (customer, job):
        page = customer.page
        job.revise()
        page.goto(f"{live.url}/portal/next")
        customer.approves()
        assert standing(job) == ("Estimate Approved",)
        page.goto(f"{live.url}/portal/payment-methods")
        customer.reads("4242")
        takes_the_approval_back(customer, job)
        customer.approves()
        customer.consents()
        customer.tap("Type it instead")
        page.get_by_label("Type your").fill("Dana Whitfield")
        customer.tap("Sign contract")
        customer.sees("That’s everything, Dana")
        assert standing(job) == ("Onboarding Complete",)
        expect(page.get_by_text("Signed contract", exact=True)).to_have_count(2)


def takes_the_approval_back(customer: Customer, job: Deal) -> None:
    customer.page.goto(f"{customer.live.url}/portal/estimate")
    customer.tap("Take the approval back")
    customer.reads("Your signed contract of version 1 is in force, as before.")
    assert standing(job)[0] == "Onboarding Complete"
