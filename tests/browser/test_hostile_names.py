"""What people type is only ever text: on every screen of the customer's, at 360 pixels."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Dialog, Page

from onboarding.estimates.drafts import DraftLine, EstimateDraft
from tests.browser.chromium import page_in
from tests.browser.job import GUARDS, TEAROFF, Job, job_for
from tests.browser.live import Live
from tests.browser.people import Customer, link_in_mail

NARROW = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True}
SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'>&amp; =cmd|' /C calc'!A0"
ENDLESS = "D" * 200
_SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def hostile_job(live: Live, name: str) -> Job:
    """The contact, the job and every line of it bear the name."""
    company, member = live.house.company()
    contact = live.house.contact(company, name, email="dana@example.com")
    lines = (
        DraftLine(TEAROFF, name, f"{name}\n{name}", 28_000, name[:20], 14_929),
        DraftLine(GUARDS, name, name, 140_000, "ft", 800, is_optional=True),
    )
    draft = EstimateDraft(scope=f"{name}\n\n# {name}\n- {name}", lines=lines, tax_rate=8_000)
    return job_for(live, company, member, contact, name, draft)


@pytest.mark.parametrize("name", [SCRIPT, ENDLESS], ids=["script", "endless"])
def test_no_screen_runs_it_or_is_pushed_sideways(live: Live, browser: Browser, name: str) -> None:
    job = hostile_job(live, name)
    job.send()
    with page_in(browser, **NARROW) as page:
        opened: list[str] = []

        def note(dialog: Dialog) -> None:
            opened.append(dialog.message)
            dialog.dismiss()

        page.on("dialog", note)
        for screen in walked(Customer(page, live), link_in_mail(live, "dana@example.com"), name):
            assert page.evaluate(_SIDEWAYS) == 0, screen
            assert page.locator("main script, main img[src=x]").count() == 0, screen
        assert opened == []


def walked(customer: Customer, link: str, name: str) -> Iterator[str]:
    """Each screen of the flow in turn; the name is said, asked and signed with on the way."""
    page = customer.page
    customer.opens(link)
    yield "landing"
    customer.tap("Get started")
    customer.sees("Set up your account")
    yield "account"
    customer.creates_account_by_the_link()
    yield "profile"
    customer.saves_profile()
    asks(page, name)
    yield "estimate"
    page.goto(f"{customer.live.url}/portal/messages")
    yield "messages"
    page.goto(f"{customer.live.url}/portal/next")
    customer.approves()
    yield "consent"
    customer.consents()
    customer.tap("Type it instead")
    page.get_by_label("Type your").fill(name)
    yield "sign"
    customer.tap("Sign contract")
    customer.sees("Add a card")
    yield "card"
    customer.adds_card()
    customer.sees("That’s everything")
    yield "done"
    page.goto(f"{customer.live.url}/portal")
    yield "portal"
    customer.tap("Signed contract", "link")
    customer.reads("Download the signed PDF")
    yield "contract"


def asks(page: Page, name: str) -> None:
    page.get_by_role("link", name="Ask a question").click()
    page.get_by_label("Your question").fill(name)
    page.get_by_role("button", name="Send question").click()
    page.locator(".said").first.wait_for()
