"""The same flow with scripting off, in the customer's browser and in the office's."""

from playwright.sync_api import Browser, expect

from tests.browser.chromium import desktop, phone
from tests.browser.job import roof_job
from tests.browser.live import Live
from tests.browser.people import Customer, Office, code_in_mail, link_in_mail
from tests.browser.test_whole_story import DANA, both_hold_the_sealed_copy, clerk_sends_invite


def test_everything_works_as_plain_forms(
    live: Live, browser: Browser, second_browser: Browser
) -> None:
    job = roof_job(live)
    with (
        desktop(second_browser, javascript=False) as desk,
        phone(browser, javascript=False) as page,
    ):
        clerk, customer = Office(desk, live), Customer(page, live)
        clerk.signs_in(job.member.email)
        clerk_sends_invite(clerk, job)
        customer.starts(link_in_mail(live, job.contact.email))
        before = len(live.mails_to(job.contact.email))
        customer.tap("E-mail me a sign-in link")
        customer.sees("Check your e-mail")
        page.get_by_role("textbox").fill(code_in_mail(live, job.contact.email, after=before))
        customer.tap("Continue")
        customer.sees("Your details")
        customer.saves_profile()
        asks_on_a_page_of_its_own(customer)
        chooses_an_option(customer)
        rejects_and_thinks_again(customer)
        customer.approves()
        page.goto(f"{live.url}/portal/next")
        customer.opens_the_contract()
        customer.press(page.get_by_role("checkbox"))
        customer.tap("Agree and go on")
        page.get_by_role("textbox").fill("Dana Whitfield")
        customer.tap("Sign contract")
        customer.sees("Add a card")
        customer.adds_card()
        customer.sees("Checking your card")
        customer.tap("Continue")
        customer.sees("That’s everything, Dana")
        desk.goto(f"{live.url}/crm/pipeline")
        done = desk.locator("#column-onboarding-complete-cards")
        expect(done).to_contain_text(DANA)
        both_hold_the_sealed_copy(live, job)


def asks_on_a_page_of_its_own(customer: Customer) -> None:
    page = customer.page
    page.get_by_role("link", name="Ask about this").first.click()
    page.get_by_label("Your question").fill("Is the dumpster included?")
    page.get_by_role("button", name="Send question").click()
    customer.sees("Roof replacement")
    customer.reads("Is the dumpster included?")


def chooses_an_option(customer: Customer) -> None:
    """$1,120 of gutter guards and 8 % of tax on it: the server says so after a press."""
    page = customer.page
    before = page.locator("#approve").inner_text()
    page.locator("[name=options]").first.check(force=True)
    customer.tap("Update total")
    expect(page.locator("#approve")).not_to_have_text(before)
    expect(page.locator("[name=options]").first).to_be_checked()


def rejects_and_thinks_again(customer: Customer) -> None:
    customer.tap("Reject")
    customer.reads("You rejected")
    customer.page.get_by_role("textbox").first.fill("A little over what we planned.")
    customer.page.get_by_role("button", name="Send", exact=False).first.click()
