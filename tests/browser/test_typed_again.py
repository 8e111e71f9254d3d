"""A session ends while a member types: after signing in, what they had typed is there again."""

from playwright.sync_api import Browser, Page, expect
from sqlalchemy import delete

from onboarding.contractors.actions import add_member
from onboarding.database import Everyone, transaction
from onboarding.web.models import WebSession
from tests.browser.chromium import complaints, desktop
from tests.browser.live import Live
from tests.browser.people import Office
from tests.house import PASSWORD

BODY = "The price is {total}.\n\nPaid when the roof is on."


def sessions_end() -> None:
    with transaction(Everyone("the night passes")) as db:
        db.execute(delete(WebSession))


def signs_in_again(page: Page, live: Live, email: str) -> None:
    page.goto(f"{live.url}/crm/sign-in")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Pipeline")


def test_what_was_typed_when_the_session_ended_comes_back_to_its_author_alone(
    browser: Browser, live: Live
):
    company, owner = live.house.company()
    theo = add_member(company.id, "Theo Nakamura", "theo@example.test", PASSWORD)
    with desktop(browser) as page:
        Office(page, live).signs_in(owner.email)
        page.goto(f"{live.url}/crm/templates/new?sample=none")
        editor = page.url
        page.get_by_label("Name", exact=True).fill("Ours")
        page.get_by_label("Text", exact=True).fill(BODY)
        sessions_end()
        page.get_by_role("button", name="Save template").click()
        expect(page.get_by_role("button", name="Save template")).to_have_count(0)
        complaints(page).clear()

        signs_in_again(page, live, owner.email)
        page.goto(editor)
        expect(page.get_by_text("What you had typed is here again.")).to_be_visible()
        expect(page.get_by_label("Text", exact=True)).to_have_value(BODY)
        sessions_end()
        signs_in_again(page, live, theo.email)
        page.goto(editor)
        expect(page.get_by_label("Text", exact=True)).to_have_value("")
        complaints(page).clear()


def test_what_was_saved_or_left_does_not_come_back(browser: Browser, live: Live):
    _, owner = live.house.company()
    with desktop(browser) as page:
        Office(page, live).signs_in(owner.email)
        page.goto(f"{live.url}/crm/settings")
        page.get_by_label("License number").fill("CCB 99")
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_text("Saved.")).to_be_visible()
        page.get_by_label("License number").fill("never sent")
        page.goto(f"{live.url}/crm/pipeline")
        sessions_end()
        signs_in_again(page, live, owner.email)
        page.goto(f"{live.url}/crm/settings")
        expect(page.get_by_label("License number")).to_have_value("CCB 99")
        expect(page.get_by_text("What you had typed is here again.")).to_have_count(0)
        complaints(page).clear()
