"""A link that no longer works says why, and its one button leads on."""

from datetime import timedelta

from playwright.sync_api import Browser, expect
from sqlalchemy import update

from onboarding import clock
from onboarding.database import transaction
from onboarding.invites.models import Invite
from tests.browser.chromium import complaints, desktop, phone
from tests.browser.job import Job, roof_job
from tests.browser.live import Live
from tests.browser.people import Customer, Office, link_in_mail


def runs_out(job: Job) -> None:
    """72 hours go by."""
    with transaction(job.company.id) as db:
        db.execute(update(Invite).values(expires_at=clock.now() - timedelta(minutes=1)))


def test_an_expired_link_sends_a_new_one_and_then_says_it_was_replaced(
    live: Live, browser: Browser
) -> None:
    job = roof_job(live)
    job.send()
    old = link_in_mail(live, job.contact.email)
    with phone(browser) as page:
        customer = Customer(page, live)
        customer.opens(old)
        runs_out(job)
        customer.tap("Get started")  # the page was open while the link ran out
        customer.sees("This link has run out")
        sent = len(live.mails_to(job.contact.email))
        customer.tap("Ask for a new link")
        customer.sees("A new link is on its way")
        new = link_in_mail(live, job.contact.email, after=sent)
        page.goto(page.url)  # a phone that opens its tab again
        customer.tap("Go on", "link")
        customer.sees("This link was replaced")
        customer.reads("It was replaced on ")
        complaints(page).clear()  # dead links are answered with 410, which Chromium notes
        customer.starts(new)
        customer.sees("Set up your account")


def test_a_revoked_link_lets_the_company_know(live: Live, browser: Browser) -> None:
    job = roof_job(live)
    job.send()
    link = link_in_mail(live, job.contact.email)
    with phone(browser) as page:
        customer = Customer(page, live)
        job.revoke()
        customer.opens(link)
        customer.sees("This link was switched off")
        customer.tap("Ask for a new link")
        customer.sees("The company has been told")
        customer.opens(f"{live.url}/i/{'x' * 43}")
        customer.sees("This link does not open anything")
        customer.tap("Ask for a new link")
        customer.sees("Please look for your message")
        complaints(page).clear()


def test_the_company_itself_cannot_start_with_the_link(live: Live, browser: Browser) -> None:
    job = roof_job(live)
    job.send()
    with desktop(browser) as page:
        Office(page, live).signs_in(job.member.email)
        page.goto(link_in_mail(live, job.contact.email))
        expect(page.get_by_text("You are signed in as this company.")).to_be_visible()
        expect(page.get_by_role("button", name="Get started")).to_have_count(0)
