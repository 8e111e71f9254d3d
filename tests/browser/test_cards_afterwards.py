"""Cards: the ways out of Stripe's page and back, two tabs, and what is done with cards later."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Locator, expect

from tests.browser.chromium import complaints, phone
from tests.browser.job import enters, standing
from tests.browser.live import Live
from tests.browser.people import Customer
from tests.deal import Deal, deal


@contextmanager
def at_the_card(live: Live, browser: Browser) -> Iterator[tuple[Customer, Deal]]:
    """Dana, who has just signed."""
    job = deal(live.house)
    job.signed()
    with phone(browser) as page:
        enters(page, live, job)
        page.goto(f"{live.url}/portal/next")
        yield Customer(page, live), job


def test_whoever_turns_back_at_the_card_page_comes_to_the_step_again(
    live: Live, browser: Browser
) -> None:
    with at_the_card(live, browser) as (customer, job):
        page = customer.page
        customer.tap("Add card")
        customer.tap("Back", "link")
        customer.reads("No card was added yet")
        customer.adds_card("3155")
        page.goto(f"{live.url}/portal/next")  # the bank's question is left unanswered
        customer.sees("Add a card")
        customer.tap("Add card")
        customer.tap("Go on with your bank", "link")
        customer.tap("Fail authentication")
        expect(page.get_by_role("alert")).to_contain_text("unable to authenticate")
        complaints(page).clear()  # the hosted page answers with 422, which Chromium notes
        customer.pays_with("Visa")
        customer.sees("That’s everything, Dana")
        assert standing(job) == ("Onboarding Complete",)
        page.goto(f"{live.url}/portal/card")
        customer.sees("Payment methods")


def test_two_tabs_make_one_card(live: Live, browser: Browser) -> None:
    with at_the_card(live, browser) as (customer, _job):
        first, second = customer.page, customer.page.context.new_page()
        customer.tap("Add card")
        second.goto(f"{live.url}/portal/card")
        second.get_by_label("Auto-pay").first.check(force=True)
        second.get_by_role("button", name="Add card").click()
        expect(second.get_by_role("heading", level=1)).to_have_text("Save a card")
        customer.pays_with("Visa")
        expect(first.get_by_role("heading", level=1)).to_have_text("This page is closed")
        complaints(first).clear()
        Customer(second, live).pays_with("Mastercard")
        Customer(second, live).sees("That’s everything, Dana")
        customer.tap("Back", "link")
        customer.sees("Payment methods")
        expect(first.locator(".pay")).to_have_count(1)
        expect(first.locator(".pay")).to_contain_text("4444")


def test_cards_are_added_replaced_and_removed_in_the_portal(live: Live, browser: Browser) -> None:
    with at_the_card(live, browser) as (customer, job):
        page = customer.page
        page.get_by_label("Auto-pay").first.check(force=True)
        customer.adds_card("Visa")
        customer.sees("That’s everything, Dana")
        page.goto(f"{live.url}/portal/payment-methods")
        customer.tap("Add another card")
        customer.pays_with("Mastercard")
        customer.sees("Payment methods")
        customer.tap("Make default")
        expect(card(customer, "4444")).to_contain_text("Default")
        expect(card(customer, "4242")).to_contain_text("Auto-pay")
        card(customer, "4242").get_by_role("button", name="Replace").click()
        customer.pays_with("American Express")
        customer.sees("Payment methods")
        expect(page.locator(".pay")).to_have_count(2)
        removes_the_card_with_auto_pay(customer, "0005")
        turns_auto_pay_on_and_off(customer, "4444")
        opens(customer, "4444", "Remove")
        customer.tap("Remove card")
        customer.reads("No card on file")
        assert standing(job) == ("Onboarding Complete", "Card missing")


def removes_the_card_with_auto_pay(customer: Customer, last4: str) -> None:
    """It says first that auto-pay would end, and that replacing would keep it."""
    opens(customer, last4, "Remove")
    expect(card(customer, last4)).to_contain_text("to keep auto-pay, replace the card instead")
    customer.tap("Remove and end auto-pay")
    expect(card(customer, last4)).to_have_count(0)


def turns_auto_pay_on_and_off(customer: Customer, last4: str) -> None:
    opens(customer, last4, "Turn auto-pay on")
    expect(card(customer, last4)).to_contain_text("ending in 4444")
    customer.tap("Agree and turn on")
    customer.tap("Turn auto-pay off")
    expect(card(customer, last4).get_by_text("Turn auto-pay on")).to_be_visible()


def card(customer: Customer, last4: str) -> Locator:
    return customer.page.locator(".pay", has_text=last4)


def opens(customer: Customer, last4: str, words: str) -> None:
    card(customer, last4).locator("summary", has_text=words).click()
