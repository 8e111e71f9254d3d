"""SMTP, Twilio or Stripe does not answer: the step says so or goes on, and nothing is lost."""

from pathlib import Path

from playwright.sync_api import Browser, expect
from sqlalchemy import update

from onboarding import clock, jobs
from onboarding.database import Everyone, transaction
from onboarding.notifications.actions import TASK
from onboarding.notifications.models import Delivery, DeliveryState
from onboarding.sandbox.stripe_faults import Fault
from tests import twilio_server
from tests.browser.chromium import complaints, phone
from tests.browser.job import enters, roof_job, standing
from tests.browser.live import Live, running
from tests.browser.people import Customer, link_in_mail
from tests.deal import deal

LATER = "451 4.3.0 try again later"


def try_again_now() -> None:
    """What waits for its next try is due: an hour in a moment."""
    with transaction(Everyone("a test lets time pass")) as db:
        waiting = update(Delivery).where(Delivery.state == DeliveryState.QUEUED)
        db.execute(waiting.values(next_attempt_at=clock.now()))
    jobs.wake(TASK)


def test_with_the_mail_server_down_the_page_says_so_and_the_link_comes_later(
    live: Live, browser: Browser
) -> None:
    job = roof_job(live)
    live.post.at_rcpt = LATER
    job.send()
    live.post.at_rcpt = ""
    try_again_now()
    with phone(browser) as page:
        customer = Customer(page, live)
        customer.starts(link_in_mail(live, job.contact.email))
        live.post.at_rcpt = LATER
        customer.tap("E-mail me a sign-in link")
        customer.reads("The e-mail has not gone out yet")
        customer.tap("Choose another way", "link")
        customer.creates_account_by_the_link()


def test_with_twilio_down_the_page_says_so_and_there_is_another_way(
    tmp_path: Path, blank_database: Path, browser: Browser
) -> None:
    exchange = twilio_server.Exchange(moods=["503"] * 9)
    with twilio_server.served(exchange) as url:
        account = {
            "twilio_account_sid": twilio_server.ACCOUNT,
            "twilio_auth_token": twilio_server.TOKEN,
            "twilio_from": twilio_server.NUMBER,
            "twilio_base_url": url,
        }
        with running(tmp_path, blank_database, **account) as live, phone(browser) as page:
            job = roof_job(live)
            job.send()
            customer = Customer(page, live)
            customer.starts(link_in_mail(live, job.contact.email))
            customer.tap("Text me a code")
            customer.sees("Check your phone")
            customer.reads("The text has not gone out yet")
            exchange.moods.clear()
            try_again_now()
            expect(page.locator("#waiting .notice")).to_have_count(0)
            assert [text["to"] for text in exchange.texts] == [job.contact.mobile]


def test_with_stripe_down_the_card_is_added_a_minute_later(live: Live, browser: Browser) -> None:
    job = deal(live.house)
    job.signed()
    faults = live.house.app.extensions["card_sandbox"].faults
    with phone(browser) as page:
        customer = Customer(page, live)
        enters(page, live, job)
        page.goto(f"{live.url}/portal/next")
        page.get_by_label("Auto-pay").first.check(force=True)
        faults.plan(Fault.FAIL, path="checkout/sessions")
        customer.tap("Add card")
        customer.reads("The card page does not answer right now")
        expect(page.get_by_label("Auto-pay").first).to_be_checked()
        complaints(page).clear()  # answered with 503, which Chromium notes
        live.post.at_rcpt = LATER
        customer.adds_card()
        customer.sees("That’s everything, Dana")
        assert standing(job) == ("Onboarding Complete",)
        live.post.at_rcpt = ""
        try_again_now()
        live.mail_to(job.contact.email, "All set with Ridgeline Roofing")
