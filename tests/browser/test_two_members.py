"""Two members on one pipeline: what the one does stands on the other's board, and what the other
had begun there stays."""

from datetime import timedelta

from playwright.sync_api import Browser, Page, expect

from onboarding import clock
from onboarding.contractors.models import Member
from onboarding.database import transaction
from onboarding.invites.models import Invite
from onboarding.notifications.models import Channel
from onboarding.passwords import hash_password
from tests.browser.chromium import desktop
from tests.browser.job import Job, roof_job
from tests.browser.live import Live
from tests.browser.people import SHOWN_WITHIN_MS, Office
from tests.house import PASSWORD


def colleague(job: Job) -> Member:
    with transaction(job.company.id) as db:
        member = Member(
            contractor_id=job.company.id,
            name="Theo Nakamura",
            email="theo@example.test",
            password_hash=hash_password(PASSWORD),
            role="staff",
        )
        db.add(member)
    return member


def days_ago(job: Job) -> None:
    """The invite went out so long ago that another may."""
    with transaction(job.company.id) as db:
        for invite in db.query(Invite):
            invite.created_at = clock.now() - timedelta(days=2)


def card(page: Page) -> str:
    return str(page.locator(".pcard").first.get_attribute("data-mark"))


def test_two_members_see_the_same_and_remind_a_customer_once(
    browser: Browser, second_browser: Browser, live: Live
):
    job = roof_job(live)
    job.send(Channel.EMAIL)
    days_ago(job)
    theo = colleague(job)
    with desktop(browser) as marias, desktop(second_browser) as theos:
        Office(marias, live).signs_in(job.member.email)
        Office(theos, live).signs_in(theo.email)
        before = card(theos)
        # Theo has ticked the card and stands on it when Maria is quicker.
        theos.keyboard.press("j")
        theos.keyboard.press("x")
        expect(theos.get_by_text("1 chosen")).to_be_visible()

        marias.keyboard.press("j")
        marias.keyboard.press("x")
        marias.get_by_role("button", name="Resend").click()
        expect(marias.get_by_role("heading", name="1 customer gets it")).to_be_visible()
        marias.get_by_role("button", name="Send 1 message").click()
        expect(marias.get_by_text("1 reminder sent.")).to_be_visible()

        expect(theos.locator(".pcard").first).not_to_have_attribute(
            "data-mark", before, timeout=SHOWN_WITHIN_MS
        )
        expect(marias.locator(".pcard").first).to_have_attribute("data-mark", card(theos))
        expect(theos.get_by_role("checkbox", name="Choose Dana Whitfield")).to_be_checked()
        expect(theos.get_by_role("link", name="Dana Whitfield")).to_be_focused()

        theos.locator("#bulk").get_by_role("button", name="Resend").click()
        expect(theos.get_by_role("heading", name="Nobody gets it")).to_be_visible()
        expect(theos.get_by_text("Was written to less than a day ago")).to_be_visible()
