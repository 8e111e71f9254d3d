"""What the server refuses inside a request of htmx reaches the person, in its own words."""

from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from onboarding.accounts.models import Account
from onboarding.estimates import actions as estimates
from onboarding.estimates import actions_answers, pricing
from onboarding.estimates.drafts import EstimateDraft
from onboarding.estimates.models import Estimate
from onboarding.journey.models import Onboarding
from tests.browser.chromium import complaints, phone
from tests.browser.job import ROOF, Job, roof_job
from tests.browser.live import Live
from tests.browser.people import Customer, link_in_mail
from tests.deal import now
from tests.house import as_customer, as_member

# Forms of these pages are posted plainly; htmx takes them over as it does others.
THROUGH_HTMX = "form => form.setAttribute('data-hx-post', form.action)"


def test_a_stale_approval_shows_what_is_so_now_and_why(live: Live, browser: Browser) -> None:
    job = roof_job(live)
    with phone(browser) as page:
        customer = at_the_estimate(job, page)
        page.locator("#answer").evaluate(THROUGH_HTMX)
        second_version(job)
        customer.tap("Approve")
        customer.reads("A new version arrived while you were reading. Nothing was approved.")
        customer.sees("Roof replacement")
        expect(page.get_by_text("Version 2").first).to_be_visible()
        assert page.locator("h1").count() == page.locator("main").count() == 1
        assert page.locator("#live").count() == 1
        expect(page.locator("#standing .notice").first).to_be_focused()
        complaints(page).clear()  # Chromium notes the 409
        assert now(job.company.id).get_one(Onboarding, job.onboarding_id).approved_version == 0
        customer.approves()


def test_a_refusal_is_said_and_what_was_typed_stays(live: Live, browser: Browser) -> None:
    job = roof_job(live)
    with phone(browser) as page:
        customer = at_the_estimate(job, page)
        page.locator("#about-all").get_by_role("link", name="Ask a question").click()
        page.get_by_label("Your question").fill("Is the flashing copper?")
        rejection = page.locator("form[action$='/rejection']")
        rejection.evaluate(THROUGH_HTMX)
        rejection.evaluate("form => htmx.process(form)")
        approve_on_the_laptop(job)
        customer.tap("Reject")
        expect(page.locator("#live")).to_contain_text("You approved this estimate")
        expect(page.locator("#live")).not_to_contain_text("did not go through")
        assert page.get_by_label("Your question").input_value() == "Is the flashing copper?"
        complaints(page).clear()


def at_the_estimate(job: Job, page: Page) -> Customer:
    job.send()
    customer = Customer(page, job.live)
    customer.starts(link_in_mail(job.live, job.contact.email))
    customer.creates_account_by_the_link()
    customer.saves_profile()
    customer.sees("Roof replacement")
    page.wait_for_load_state("networkidle")
    return customer


def second_version(job: Job) -> None:
    by = as_member(job.member)
    revised = estimates.revise(job.onboarding_id, by)
    draft = EstimateDraft(scope=ROOF.scope, lines=ROOF.lines[:2], tax_rate=8_000)
    estimates.save_draft(revised.id, draft, revised.draft_revision, by)
    job.send()


def approve_on_the_laptop(job: Job) -> None:
    db = now(job.company.id)
    account = db.scalars(select(Account)).one()
    estimate = db.get_one(Estimate, job.estimate_id)
    total = pricing.totals(estimate, ()).total
    actions_answers.approve_estimate(estimate.id, (), total, as_customer(account))
